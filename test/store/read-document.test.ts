import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { PipelineDocument } from '../../src/model/document-schema.ts';
import { EVENTS_KEY } from '../../src/model/render-document.ts';
import { documentPath } from '../../src/store/document-path.ts';
import { readDocument, readDocumentHead, readHistory } from '../../src/store/read-document.ts';
import { appendLines, cli, end, linesOf, makeFolder, makeState, spanId, start } from '../helpers/run-cli.ts';

const silent = (message: string): never => {
  throw new Error(`expected nothing to be said, got: ${message}`);
};
const typesOf = (document: PipelineDocument): string[] => document.events.map(event => event.event_type);

/** Replaces the events of a current document by something that is no JSON. */
function spoilEvents(stateDir: string): void {
  readDocument(stateDir, silent);
  const text = readFileSync(documentPath(stateDir), 'utf8');
  writeFileSync(documentPath(stateDir), `${text.slice(0, text.indexOf(EVENTS_KEY) + EVENTS_KEY.length)}\x00 no JSON`);
}

it('gives an empty idle document when there is no folder', () => {
  const document = readHistory(`${makeFolder()}/none`, silent);
  expect(document).toMatchObject({ pipeline_status: 'idle', active_activities: [], events: [] });
  expect(document.statistics.total_events).toBe(0);
});

it('brings a document up to date that is behind its journal', () => {
  const stateDir = makeState([start(1)]);
  expect(typesOf(readDocument(stateDir, silent))).toEqual(['command_start']);
  appendLines(stateDir, linesOf([end(1)]));
  expect(readDocumentHead(stateDir, silent).pipeline_status).toBe('completed');
  expect(typesOf(readDocument(stateDir, silent))).toEqual(['command_start', 'command_end']);
});

it('writes nothing when the document is current', () => {
  const stateDir = makeState([start(1)]);
  readDocument(stateDir, silent);
  const before = readFileSync(documentPath(stateDir), 'utf8');
  // What somebody put behind the events would be gone if the file were written again.
  writeFileSync(documentPath(stateDir), `${before}\n`);
  readHistory(stateDir, silent);
  expect(readFileSync(documentPath(stateDir), 'utf8')).toBe(`${before}\n`);
});

it.each([['status'], ['active'], ['stats']])('pipeline %s reads no further than the head', async verb => {
  const stateDir = makeState([start(1)]);
  spoilEvents(stateDir);
  const { code, out, err } = await cli(['pipeline', verb, '--json', '--state-dir', stateDir]);
  expect([code, err]).toEqual([0, '']);
  expect(JSON.parse(out)).toHaveProperty('schema_version');
});

it.each([
  ['"command_start"', '"constructor"'],
  ['"path":[]', '"path":[null]'],
  ['"status":"completed"', '"status":"superb"'],
  ['"segment":1', '"segment":null'],
  ['"total_events":2', '"total_events":{}'],
])('writes a document anew that has, instead of %s, %s', (sound, other) => {
  const stateDir = makeState([start(1), end(1)]);
  const before = readDocument(stateDir, silent);
  const text = readFileSync(documentPath(stateDir), 'utf8');
  expect(text).toContain(sound);
  writeFileSync(documentPath(stateDir), text.replace(sound, other));
  expect(readDocument(stateDir, () => {})).toEqual(before);
});

it('writes a damaged document anew, keeps the damaged one, and says so', () => {
  const stateDir = makeState([start(1), end(1)]);
  spoilEvents(stateDir);
  const said: string[] = [];
  expect(typesOf(readDocument(stateDir, message => said.push(message)))).toEqual(['command_start', 'command_end']);
  expect(said).toEqual([expect.stringContaining(`${documentPath(stateDir)}: expected JSON, got a damaged file`)]);
});

it('keeps a file that is no document of spanbook under another name, and writes its own', () => {
  const stateDir = makeState([start(1)]);
  writeFileSync(documentPath(stateDir), '{"mine":true}');
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  expect(readDocumentHead(stateDir, say).pipeline_status).toBe('running');
  expect(typesOf(readHistory(stateDir, say))).toEqual(['command_start']);
  expect(said).toEqual([expect.stringMatching(/got JSON without "through". It was kept as .*\.bad-.*\.json/)]);
  const aside = readdirSync(stateDir).find(name => name.includes('.bad-'));
  expect(readFileSync(`${stateDir}/${aside}`, 'utf8')).toBe('{"mine":true}');
});

it('puts the events of archives before those of the document', () => {
  const stateDir = makeState([start(1), start(2, { parent: spanId(1) })]);
  appendLines(stateDir, linesOf([end(2)]), 2);
  appendLines(stateDir, linesOf([end(1)]), 3);
  const types = ['command_start', 'command_start', 'command_end', 'command_end'];
  expect(typesOf(readHistory(stateDir, silent))).toEqual(types);
  expect(typesOf(readDocument(stateDir, silent))).toEqual(['command_end']);
});

it('counts events once that a killed writer left in both archive and document', () => {
  const stateDir = makeState([start(1)]);
  readDocument(stateDir, silent);
  const old = readFileSync(documentPath(stateDir));
  appendLines(stateDir, linesOf([start(2)]), 2);
  readDocument(stateDir, silent);
  writeFileSync(documentPath(stateDir), old);
  writeFileSync(`${stateDir}/journal/events-00000002.jsonl`, '');
  expect(typesOf(readHistory(stateDir, silent))).toEqual(['command_start']);
});

it('passes archives by that are older than what is asked for', () => {
  const stateDir = makeState([start(1), end(1)]);
  appendLines(stateDir, linesOf([start(2, { at: Date.now() })]), 2);
  expect(readHistory(stateDir, silent, Date.now() - 60_000).events).toHaveLength(1);
  expect(readHistory(stateDir, silent).events).toHaveLength(3);
});

it('goes on without an archive that is damaged, and says so', () => {
  const stateDir = makeState([start(1)]);
  appendLines(stateDir, linesOf([start(2)]), 2);
  appendLines(stateDir, linesOf([start(3)]), 3);
  readDocument(stateDir, silent);
  writeFileSync(`${stateDir}/archive/pipeline_progress-00000001.json`, 'gone');
  const said: string[] = [];
  expect(readHistory(stateDir, message => said.push(message)).events).toHaveLength(2);
  expect(said).toEqual([expect.stringContaining('Its events are missing from this answer')]);
});
