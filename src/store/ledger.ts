/**
 * The ledger: one line for each telling of a billed request, appended and never changed. It is the truth about usage;
 * lines that tell of the same request count once, so any number of processes may write what they read. Only a pruning
 * replaces segments, and never the newest.
 */
import { closeSync, fstatSync } from 'node:fs';
import { syncAppended, writeWhole } from '../journal/append-fact.ts';
import { createFile, listNumbers, numberedPath, openForAppend } from '../journal/numbered-files.ts';
import { fileSize, forEachBlock } from '../journal/read-blocks.ts';
import { goneBlocks } from '../usage/gone-ids.ts';

const PREFIX = 'requests-';
const SEGMENT_BYTES = 1 << 25;
/** One write each: larger ones might be torn by a kill. */
const WRITE_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/** How far each segment was read, in bytes. */
export type LedgerCursor = Map<number, number>;

export const usageDir = (stateDir: string): string => `${stateDir}/usage`;
export const ledgerPath = (stateDir: string, segment: number): string =>
  numberedPath(usageDir(stateDir), PREFIX, segment);
export const listLedger = (stateDir: string): number[] => listNumbers(usageDir(stateDir), PREFIX);

const newestSegment = (stateDir: string): number => listLedger(stateDir).at(-1) ?? 1;

/** Ends the newest segment: what is appended from now on goes to the next one. */
export const beginSegment = (stateDir: string): void => createFile(ledgerPath(stateDir, newestSegment(stateDir) + 1));

/** True if lines are lost that were read, as in a power cut. What was pruned is not lost. */
export function isLedgerCut(stateDir: string, through: LedgerCursor): boolean {
  const newest = Math.max(0, ...through.keys());
  const path = ledgerPath(stateDir, newest);
  return fileSize(path) < (through.get(newest) ?? 0) && !isPruned(path);
}

function isPruned(path: string): boolean {
  let isBegun = false;
  forEachBlock(path, 0, text => {
    isBegun = goneBlocks(text.slice(0, text.indexOf('\n'))) !== null;
    return false;
  });
  return isBegun;
}

/**
 * Ends the half of a line that a killed writer left, so that readers get past it. After a writer that lives, it is a blank
 * line.
 */
export function endLine(stateDir: string, segment: number): void {
  const fd = openForAppend(ledgerPath(stateDir, segment));
  try {
    writeWhole(fd, '\n');
  } finally {
    closeSync(fd);
  }
}

/** Where lines stand that were appended: from one offset to another of a segment. */
export interface AppendedAt {
  segment: number;
  from: number;
  until: number;
}

/**
 * Appends lines, each with its line end; as bytes, there is one before the first too. When it returns, they survive any
 * kill.
 *
 * @returns where they stand behind what was there when this was called; null if others appended meanwhile, or they stand
 * in many places.
 * @throws a system error (`ENOSPC`, `EACCES`, …) if not all was written; what was written counts all the same.
 */
export function appendLedger(stateDir: string, lines: string | Uint8Array, fsync = false): AppendedAt | null {
  let places = 0;
  let appended: AppendedAt | null = null;
  for (const part of partsOf(typeof lines === 'string' ? Buffer.from(`\n${lines}`) : lines)) {
    // What comes to a segment after the next one has begun may be missed by a pruning, so it is told once more.
    let isLast = false;
    while (!isLast) {
      ({ appended, isLast } = appendPart(stateDir, part, fsync));
      places++;
    }
  }
  return places === 1 ? appended : null;
}

/** `isLast` is false if the segment was no longer the newest when the lines were in it. */
function appendPart(
  stateDir: string,
  lines: Uint8Array,
  fsync: boolean,
): { appended: AppendedAt | null; isLast: boolean } {
  const segment = newestSegment(stateDir);
  const fd = openForAppend(ledgerPath(stateDir, segment));
  try {
    const before = fstatSync(fd).size;
    const written = writeWhole(fd, lines);
    if (fsync) syncAppended(fd, ledgerPath(stateDir, segment), before);
    if (newestSegment(stateDir) !== segment) return { appended: null, isLast: false };
    const until = fstatSync(fd).size;
    if (until >= SEGMENT_BYTES) createFile(ledgerPath(stateDir, segment + 1));
    return { appended: until === before + written ? { segment, from: before, until } : null, isLast: true };
  } finally {
    closeSync(fd);
  }
}

/** Each begins with a line end: whoever wrote before us may have died in the middle. Readers pass blank lines by. */
function* partsOf(lines: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from + 1 < lines.length; ) {
    const limit = from + WRITE_BYTES;
    const cut = limit < lines.length ? lines.lastIndexOf(NEWLINE, limit) : lines.length - 1;
    // A single line that is longer goes as a whole.
    const last = cut > from ? cut : lines.indexOf(NEWLINE, from + 1);
    yield lines.subarray(from, last + 1);
    from = last;
  }
}
