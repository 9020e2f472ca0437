/** Old archives and segments go; the document, its totals and what may still come do not notice. */
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSegment, listSegments, segmentPath } from '../../src/journal/segments.ts';
import { archivePath, listArchives } from '../../src/store/archive.ts';
import { archivedEventIds } from '../../src/store/archived-event-ids.ts';
import { DocumentKeeper } from '../../src/store/document-keeper.ts';
import { KnownFacts } from '../../src/store/known-facts.ts';
import { type PruneArchivesOptions, pruneArchives } from '../../src/store/prune-archives.ts';
import { readHistory, readState } from '../../src/store/read-document.ts';
import { isDocumentBehind, refreshDocument } from '../../src/store/refresh-document.ts';
import { NOON } from '../helpers/client-facts.ts';
import { appendFacts as append, fourDays, LARGE } from '../helpers/old-state.ts';
import { makeEnd, makeNote, makeStart, span } from '../helpers/script-facts.ts';
import { readDocument } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const DAY = 86_400_000;
const say = (): void => {};
const prune = (stateDir: string, day: number, more: Partial<PruneArchivesOptions> = {}) =>
  pruneArchives({
    stateDir,
    before: NOON + day * DAY + DAY / 2,
    isDryRun: false,
    isTaken: () => true,
    say,
    ...more,
  });
const left = (stateDir: string) => ({ archives: listArchives(stateDir), segments: listSegments(stateDir) });

describe('pruneArchives', () => {
  it('removes what ended before, with its segments, and says how much that was', () => {
    const stateDir = fourDays();
    const size = readFileSync(archivePath(stateDir, 1)).length;
    const { archives, segments } = prune(stateDir, 2);
    expect(archives.map(({ path }) => path)).toEqual([archivePath(stateDir, 1), archivePath(stateDir, 2)]);
    expect(archives[0]?.bytes).toBe(size);
    expect(segments.map(({ path }) => path)).toEqual([segmentPath(stateDir, 1), segmentPath(stateDir, 2)]);
    expect(left(stateDir)).toEqual({ archives: [3], segments: [3, 4] });
  });

  it('keeps the newest archive and the document, whatever their age, and not the segment of that archive', () => {
    const stateDir = fourDays();
    prune(stateDir, 100);
    expect(left(stateDir)).toEqual({ archives: [3], segments: [4] });
  });

  it('removes nothing where nothing is archived, or only one document is', () => {
    const stateDir = tempDir();
    append(stateDir, makeStart(1));
    refreshDocument(stateDir, LARGE);
    expect(prune(stateDir, 100)).toEqual({ archives: [], segments: [] });
    createSegment(stateDir, 2);
    refreshDocument(stateDir, LARGE);
    prune(stateDir, -1);
    expect(left(stateDir)).toEqual({ archives: [1], segments: [1, 2] });
  });

  it('keeps the segment that has just begun, though nothing is in it', () => {
    const stateDir = fourDays();
    createSegment(stateDir, 5);
    refreshDocument(stateDir, LARGE);
    utimesSync(segmentPath(stateDir, 5), new Date(NOON), new Date(NOON));
    prune(stateDir, 100);
    expect(left(stateDir)).toEqual({ archives: [4], segments: [5] });
  });

  it('says in a dry run what would go, and leaves it', () => {
    const stateDir = fourDays();
    const said = prune(stateDir, 2, { isDryRun: true });
    expect(left(stateDir)).toEqual({ archives: [1, 2, 3], segments: [1, 2, 3, 4] });
    expect(prune(stateDir, 2)).toEqual(said);
  });

  it('leaves the document as it is: totals, what is open, and how far it has read', () => {
    const stateDir = fourDays();
    const before = readDocument(stateDir);
    prune(stateDir, 100);
    expect(isDocumentBehind(stateDir)).toBe(false);
    rmSync(`${stateDir}/pipeline_progress.json`);
    refreshDocument(stateDir, LARGE);
    expect(readDocument(stateDir)).toEqual(before);
    append(stateDir, makeEnd(0xff, { at: NOON + 5 * DAY }));
    refreshDocument(stateDir, LARGE);
    const after = readDocument(stateDir);
    expect(after.statistics.total_events).toBe(before.statistics.total_events + 1);
    expect(after.active_activities).toEqual([]);
    expect(after.events.at(-1)).toMatchObject({ activity: { name: '/long' }, duration_ms: 5 * DAY });
  });

  it('is no news to a process that keeps the document, and to one that was at an older segment', () => {
    const stateDir = tempDir();
    append(stateDir, makeStart(1));
    const slow = new DocumentKeeper(stateDir, LARGE);
    slow.catchUp();
    append(stateDir, makeNote(0x10));
    for (const segment of [2, 3, 4]) {
      createSegment(stateDir, segment);
      append(stateDir, makeNote(segment));
      refreshDocument(stateDir, LARGE);
    }
    const live = new DocumentKeeper(stateDir, LARGE);
    live.catchUp();
    prune(stateDir, 100);
    expect(listSegments(stateDir)).toEqual([4]);
    for (const keeper of [slow, live]) {
      keeper.catchUp();
      expect([keeper.state.statistics.total_events, keeper.isBehind()]).toEqual([5, false]);
    }
  });

  it('keeps a segment that somebody wrote to after its document was archived', () => {
    const stateDir = fourDays();
    const late = `${JSON.stringify(makeNote(0x99, { at: NOON + DAY }))}\n`;
    writeFileSync(segmentPath(stateDir, 1), late, { flag: 'a' });
    refreshDocument(stateDir, LARGE);
    prune(stateDir, 100);
    expect(listSegments(stateDir)).toEqual([1, 4]);
    rmSync(`${stateDir}/pipeline_progress.json`);
    refreshDocument(stateDir, LARGE);
    expect(readDocument(stateDir).events.map(event => event.event_id)).toContain(`evt-${span(0x99)}`);
  });

  it('keeps a segment whose requests are not in the ledger yet', () => {
    const stateDir = fourDays();
    prune(stateDir, 100, { isTaken: segment => segment !== 2 });
    expect(left(stateDir)).toEqual({ archives: [3], segments: [2, 4] });
  });

  it('goes by its last write where the archive of a segment is gone', () => {
    const stateDir = fourDays();
    rmSync(archivePath(stateDir, 1));
    rmSync(archivePath(stateDir, 2));
    utimesSync(segmentPath(stateDir, 1), new Date(NOON), new Date(NOON));
    prune(stateDir, 1);
    expect(listSegments(stateDir)).toEqual([2, 3, 4]);
  });

  it('keeps a damaged archive and says so', () => {
    const stateDir = fourDays();
    writeFileSync(archivePath(stateDir, 1), 'nonsense');
    const said: string[] = [];
    prune(stateDir, 100, { say: message => said.push(message) });
    expect(listArchives(stateDir)).toEqual([1, 3]);
    expect(said[0]).toBe(
      `${archivePath(stateDir, 1)}: expected a document of spanbook, got text that is no JSON. It stays`,
    );
  });

  it('leaves everything alone where the newest archive cannot be gone on from', () => {
    const stateDir = fourDays();
    const { carry: _, ...document } = JSON.parse(readFileSync(archivePath(stateDir, 3), 'utf8'));
    writeFileSync(archivePath(stateDir, 3), JSON.stringify(document));
    prune(stateDir, 100);
    expect(left(stateDir)).toEqual({ archives: [1, 2, 3], segments: [1, 2, 3, 4] });
  });

  it('remembers the ids of what is gone, so that no import brings it back', () => {
    const stateDir = fourDays();
    prune(stateDir, 1);
    prune(stateDir, 2);
    expect(listArchives(stateDir)).toEqual([3]);
    const isArchived = archivedEventIds(stateDir);
    expect([1, 2, 3, 0x10, 0x21, 0x30].map(id => isArchived(span(id)))).toEqual(Array(6).fill(true));
    expect(isArchived(span(0x77))).toBe(false);
    const known = new KnownFacts(stateDir, readState(stateDir, say), new Map());
    expect([known.has(span(0x10)), known.has(span(0x77))]).toEqual([true, false]);
  });

  it('leaves a history without what is gone, and without gaps', () => {
    const stateDir = fourDays();
    prune(stateDir, 2);
    const { events, statistics } = readHistory(stateDir, say);
    expect(events.map(event => event.event_id)).toContain(`evt-${span(3)}`);
    expect(events.map(event => event.event_id)).not.toContain(`evt-${span(2)}`);
    expect([events.length, statistics.total_events]).toEqual([8, 17]);
  });

  it.each([1, 2, 3, 4, 5])('may be killed after %i steps: nothing is missing, and the next call does the rest', n => {
    const stateDir = fourDays();
    const before = readDocument(stateDir);
    let steps = n;
    const onStep = (): void => {
      if (--steps === 0) throw new Error('killed');
    };
    expect(() => prune(stateDir, 2, { onStep })).toThrow('killed');
    expect(isDocumentBehind(stateDir)).toBe(false);
    expect(archivedEventIds(stateDir)(span(1))).toBe(true);
    prune(stateDir, 2);
    expect(left(stateDir)).toEqual({ archives: [3], segments: [3, 4] });
    rmSync(`${stateDir}/pipeline_progress.json`);
    refreshDocument(stateDir, LARGE);
    expect(readDocument(stateDir)).toEqual(before);
    expect(existsSync(archivePath(stateDir, 1))).toBe(false);
  });
});
