/** The document is a function of the journal: rotated, deleted, late or damaged, it comes out the same. */
import { appendFileSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { appendFact } from '../../src/journal/append-fact.ts';
import { createSegment, segmentPath } from '../../src/journal/segments.ts';
import type { Fact } from '../../src/model/fact.ts';
import { publishArchive } from '../../src/store/archive.ts';
import { DocumentKeeper, versionOf } from '../../src/store/document-keeper.ts';
import { isDocumentBehind, refreshDocument } from '../../src/store/refresh-document.ts';
import { makeEnd, makeNote, makeStart } from '../helpers/script-facts.ts';
import { allEvents, archiveNames, readDocument } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const LARGE = 1e9;
const append = (stateDir: string, ...facts: Fact[]): void => {
  for (const fact of facts) appendFact(stateDir, fact, { maxBytes: LARGE, fsync: false });
};
/** Two segments: a command that stays open, an ended agent, and three notes; then one more of each. */
function rotatedState(): string {
  const stateDir = tempDir();
  append(stateDir, makeStart(1), makeStart(2, { level: 'agent' }), makeEnd(2), makeNote(0x10), makeNote(0x11));
  refreshDocument(stateDir, LARGE);
  createSegment(stateDir, 2);
  append(stateDir, makeStart(3, { level: 'agent', name: 'late' }), makeNote(0x12));
  refreshDocument(stateDir, LARGE);
  return stateDir;
}

describe('refreshDocument', () => {
  it('writes what the journal holds, exactly', () => {
    const stateDir = tempDir();
    append(stateDir, makeStart(1));
    expect(isDocumentBehind(stateDir)).toBe(true);
    refreshDocument(stateDir, LARGE);
    expect(isDocumentBehind(stateDir)).toBe(false);
    const size = statSync(segmentPath(stateDir, 1)).size;
    expect(readDocument(stateDir)).toMatchObject({ through: [{ segment: 1, offset: size }], events: [{}] });
  });

  it('archives a full document, runs totals on and carries what is open', () => {
    const stateDir = rotatedState();
    expect(archiveNames(stateDir)).toEqual(['pipeline_progress-00000001.json']);
    const document = readDocument(stateDir);
    expect(document.events.length).toBe(2);
    expect(document.statistics).toMatchObject({ total_events: 7, total_commands: 1, total_agents_spawned: 2 });
    expect(document.active_activities.map(activity => activity.name)).toEqual(['/c1', 'late']);
    expect(document.events[0]?.hierarchy).toEqual({ depth: 1, path: ['/c1'] });
    expect(allEvents(stateDir).length).toBe(7);
  });

  it('says after a rotation how the last command ended', () => {
    const stateDir = tempDir();
    append(stateDir, makeStart(1), makeEnd(1, { status: 'cancelled' }));
    createSegment(stateDir, 2);
    refreshDocument(stateDir, LARGE);
    expect(readDocument(stateDir)).toMatchObject({ pipeline_status: 'cancelled', events: [] });
  });

  it('begins a segment where the document is full though the journal is not', () => {
    const stateDir = tempDir();
    append(stateDir, makeStart(1), makeStart(2));
    refreshDocument(stateDir, 600);
    append(stateDir, makeNote(3));
    refreshDocument(stateDir, LARGE);
    expect(archiveNames(stateDir).length).toBe(1);
    expect(allEvents(stateDir).length).toBe(3);
  });

  it.each([
    ['the document', (stateDir: string) => rmSync(`${stateDir}/pipeline_progress.json`)],
    ['the archives', (stateDir: string) => rmSync(`${stateDir}/archive`, { recursive: true })],
    [
      'document and archives',
      (stateDir: string) => {
        rmSync(`${stateDir}/pipeline_progress.json`);
        rmSync(`${stateDir}/archive`, { recursive: true });
      },
    ],
  ])('makes %s again from the journal', (_what, lose) => {
    const stateDir = rotatedState();
    const events = allEvents(stateDir);
    const document = readDocument(stateDir);
    lose(stateDir);
    refreshDocument(stateDir, LARGE);
    expect(readDocument(stateDir)).toEqual(document);
    expect(allEvents(stateDir)).toEqual(events);
  });

  it.each([
    ['half a document', '{"schema_version":"1.0.0",'],
    ['another JSON', '{"events":[]}'],
    ['nothing', ''],
  ])('puts a whole document in the place of %s', (_what, text) => {
    const stateDir = rotatedState();
    const document = readDocument(stateDir);
    writeFileSync(`${stateDir}/pipeline_progress.json`, text);
    expect(isDocumentBehind(stateDir)).toBe(true);
    refreshDocument(stateDir, LARGE);
    expect(readDocument(stateDir)).toEqual(document);
  });

  it('takes late lines of an older segment into the current document', () => {
    const stateDir = rotatedState();
    appendFileSync(segmentPath(stateDir, 1), `${JSON.stringify(makeEnd(1))}\n${JSON.stringify(makeNote(0x13))}\n`);
    expect(isDocumentBehind(stateDir)).toBe(true);
    refreshDocument(stateDir, LARGE);
    expect(
      readDocument(stateDir)
        .events.map(event => event.event_type)
        .sort(),
    ).toEqual(['agent_spawn_start', 'command_end', 'info', 'info']);
    expect(readDocument(stateDir).pipeline_status).toBe('completed');
  });

  it('knows a fact that comes again after a rotation', () => {
    const stateDir = rotatedState();
    append(stateDir, makeStart(2, { level: 'agent' }), makeEnd(2), makeNote(0x10), makeStart(1));
    refreshDocument(stateDir, LARGE);
    expect(readDocument(stateDir).statistics.total_events).toBe(7);
  });

  it('counts damaged lines and lines of a newer version', () => {
    const stateDir = rotatedState();
    appendFileSync(segmentPath(stateDir, 2), 'garbage\n{"v":2,"kind":"start"}\n');
    refreshDocument(stateDir, LARGE);
    expect(readDocument(stateDir).skipped).toMatchObject({ damaged: 1, unknown: 1 });
  });

  it('removes what killed writers left, once it is old', () => {
    const stateDir = rotatedState();
    const [old, fresh] = ['.pipeline_progress.json.1-a.tmp', '.pipeline_progress.json.2-b.tmp'].map(
      n => `${stateDir}/${n}`,
    );
    for (const path of [old, fresh]) writeFileSync(path ?? '', '');
    utimesSync(old ?? '', 0, 0);
    append(stateDir, makeNote(0x20));
    refreshDocument(stateDir, LARGE);
    expect([old, fresh].map(path => statSync(path ?? '', { throwIfNoEntry: false }) !== undefined)).toEqual([
      false,
      true,
    ]);
  });
});

describe('DocumentKeeper', () => {
  it('drops its document where another writer was quicker', () => {
    const stateDir = tempDir();
    append(stateDir, makeStart(1));
    const slow = new DocumentKeeper(stateDir, LARGE);
    slow.catchUp();
    const version = versionOf(`${stateDir}/pipeline_progress.json`);
    append(stateDir, makeStart(2));
    refreshDocument(stateDir, LARGE);
    expect(slow.write(version)).toBe(false);
    expect(readDocument(stateDir).events.length).toBe(2);
  });

  it('goes on from the archive that another writer published', () => {
    const stateDir = tempDir();
    append(stateDir, makeStart(1));
    const slow = new DocumentKeeper(stateDir, LARGE);
    slow.catchUp();
    append(stateDir, makeNote(0x10));
    createSegment(stateDir, 2);
    append(stateDir, makeNote(0x11));
    refreshDocument(stateDir, LARGE);
    const archived = readFileSync(`${stateDir}/archive/pipeline_progress-00000001.json`, 'utf8');
    slow.catchUp();
    expect(slow.state.statistics.total_events).toBe(3);
    expect(publishArchive(stateDir, 1, [Buffer.from('{}')])).toBe(false);
    expect(readFileSync(`${stateDir}/archive/pipeline_progress-00000001.json`, 'utf8')).toBe(archived);
  });
});
