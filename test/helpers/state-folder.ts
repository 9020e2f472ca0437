/** What lies in a state folder, read as a stranger would: no code of ours but the path. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { DocumentEvent, PipelineDocument } from './fold-facts.ts';

export const readDocument = (stateDir: string): PipelineDocument =>
  JSON.parse(readFileSync(`${stateDir}/pipeline_progress.json`, 'utf8')) as PipelineDocument;

/** Not what a writer that was killed left half written beside them. */
export const archiveNames = (stateDir: string): string[] =>
  existsSync(`${stateDir}/archive`)
    ? readdirSync(`${stateDir}/archive`)
        .filter(name => /^pipeline_progress-\d{8}\.json$/.test(name))
        .sort()
    : [];

/** Events of all archives and of the current document, in order. */
export const allEvents = (stateDir: string): DocumentEvent[] => [
  ...archiveNames(stateDir).flatMap(
    name => (JSON.parse(readFileSync(`${stateDir}/archive/${name}`, 'utf8')) as PipelineDocument).events,
  ),
  ...readDocument(stateDir).events,
];

export const journalLines = (stateDir: string): string[] =>
  readdirSync(`${stateDir}/journal`)
    .filter(name => name.endsWith('.jsonl'))
    .sort()
    .flatMap(name => readFileSync(`${stateDir}/journal/${name}`, 'utf8').split('\n'))
    .filter(line => line !== '');

/** Every file below a folder, as one text. */
export const wholeText = (folder: string): string =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => `${entry.name}\n${readFileSync(`${entry.parentPath}/${entry.name}`, 'latin1')}`)
    .join('\n');
