/** State folders with archives of several days. */
import { appendFact } from '../../src/journal/append-fact.ts';
import { createSegment } from '../../src/journal/segments.ts';
import type { Fact } from '../../src/model/fact.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { NOON } from './client-facts.ts';
import { makeEnd, makeNote, makeStart } from './script-facts.ts';
import { tempDir } from './temp-dir.ts';

const DAY = 86_400_000;
/** So that nothing is archived by itself. */
export const LARGE = 1e9;

export function appendFacts(stateDir: string, ...facts: Fact[]): void {
  for (const fact of facts) appendFact(stateDir, fact, { maxBytes: LARGE, fsync: false });
}

/** A command that stays open, and a day in each segment: a run and two notes. Segment 4 is the current one. */
export function fourDays(): string {
  const stateDir = tempDir();
  appendFacts(stateDir, makeStart(0xff, { name: '/long' }));
  for (const day of [1, 2, 3, 4]) {
    const at = NOON + day * DAY;
    appendFacts(stateDir, makeStart(day, { at }), makeEnd(day, { at: at + 1 }));
    appendFacts(stateDir, makeNote(day * 16, { at: at + 2 }), makeNote(day * 16 + 1, { at: at + 3 }));
    if (day < 4) createSegment(stateDir, day + 1);
    refreshDocument(stateDir, LARGE);
  }
  return stateDir;
}
