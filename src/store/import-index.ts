/**
 * Which transcripts were imported, in the state that they had then. Lies in the journal's folder, because it holds for
 * that journal only; without it everything is read again, and nothing is added twice.
 */
import { readPlain } from '../journal/plain-file.ts';
import { publish, writeTemporary } from './write-file.ts';

/** Size in bytes and time of modification, by path. */
export type ImportedFiles = Map<string, readonly [size: number, mtimeMs: number]>;

const filesPath = (stateDir: string): string => `${stateDir}/journal/imported-files.json`;
const promptsPath = (stateDir: string): string => `${stateDir}/journal/imported-prompts.json`;

export function readImportedFiles(stateDir: string): ImportedFiles {
  const entries = readJson(filesPath(stateDir));
  return new Map(pairsOf(entries) as [string, [number, number]][]);
}

/** Record ids of the prompts that were imported, each with the transcript that it stood in first. */
export function readImportedPrompts(stateDir: string): Map<string, string> {
  const entries = readJson(promptsPath(stateDir));
  return new Map(pairsOf(entries) as [string, string][]);
}

export function writeImportIndex(stateDir: string, files: ImportedFiles, prompts: ReadonlyMap<string, string>): void {
  for (const [path, entries] of [
    [promptsPath(stateDir), [...prompts]],
    [filesPath(stateDir), [...files]],
  ] as const) {
    publish(writeTemporary(path, [Buffer.from(JSON.stringify(entries))]), path);
  }
}

/** Only what has the form of an entry: somebody may have edited the file. */
const pairsOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value.filter(entry => Array.isArray(entry) && typeof entry[0] === 'string' && entry[1]) : [];

function readJson(path: string): unknown {
  try {
    return JSON.parse(readPlain(path).toString());
  } catch {
    // Not there yet, or damaged: then everything is read again.
    return null;
  }
}
