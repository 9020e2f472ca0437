/**
 * The ledger: one line for each telling of a billed request, appended and never changed. It is the truth about usage;
 * lines that tell of the same request count once, so any number of processes may write what they read.
 */
import { closeSync, fstatSync, fsyncSync, openSync, readSync } from 'node:fs';
import { writeWhole } from '../journal/append-fact.ts';
import { createFile, listNumbers, numberedPath, openForAppend } from '../journal/numbered-files.ts';
import { fileSize, forEachBlock } from '../journal/read-blocks.ts';

const PREFIX = 'requests-';
/** Only what is older than the newest file can be pruned. */
const SEGMENT_BYTES = 1 << 25;
/** One write each: larger ones might be torn by a kill. */
const WRITE_BYTES = 1 << 20;
const LINE_BYTES = 1024;

/** A number for a place in the ledger: the segment, and the offset in it. */
const OFFSETS = 2 ** 32;

/** How far each segment was read, in bytes. */
export type LedgerCursor = Map<number, number>;

export const usageDir = (stateDir: string): string => `${stateDir}/usage`;
export const ledgerPath = (stateDir: string, segment: number): string =>
  numberedPath(usageDir(stateDir), PREFIX, segment);
export const listLedger = (stateDir: string): number[] => listNumbers(usageDir(stateDir), PREFIX);

/**
 * Appends lines, each with its line end. When it returns, they survive any kill.
 *
 * @throws a system error (`ENOSPC`, `EACCES`, …) if not all was written; what was written counts all the same.
 */
export function appendLedger(stateDir: string, lines: string, fsync = false): void {
  for (const part of partsOf(lines)) appendPart(stateDir, part, fsync);
}

function appendPart(stateDir: string, lines: string, fsync: boolean): void {
  const segment = listLedger(stateDir).at(-1) ?? 1;
  const fd = openForAppend(ledgerPath(stateDir, segment));
  try {
    // A line end first: whoever wrote before us may have died in the middle. Readers pass blank lines by.
    writeWhole(fd, `\n${lines}`);
    if (fsync) fsyncSync(fd);
    if (fstatSync(fd).size >= SEGMENT_BYTES) createFile(ledgerPath(stateDir, segment + 1));
  } finally {
    closeSync(fd);
  }
}

function* partsOf(lines: string): Generator<string> {
  for (let from = 0; from < lines.length; ) {
    const cut = from + WRITE_BYTES < lines.length ? lines.lastIndexOf('\n', from + WRITE_BYTES) + 1 : lines.length;
    // A single line that is longer goes as a whole.
    const end = cut > from ? cut : lines.indexOf('\n', from) + 1 || lines.length;
    yield lines.slice(from, end);
    from = end;
  }
}

/** True if the ledger holds more than was read. */
export const isLedgerChanged = (stateDir: string, through: LedgerCursor): boolean =>
  listLedger(stateDir).some(segment => fileSize(ledgerPath(stateDir, segment)) !== (through.get(segment) ?? 0));

/** True if less is there than was read: it was pruned, or another one took its place. */
export const isLedgerShrunk = (stateDir: string, through: LedgerCursor): boolean =>
  [...through].some(([segment, offset]) => fileSize(ledgerPath(stateDir, segment)) < offset);

/** Calls `onLine` with every whole line that was not read, and its place, and moves the cursor behind it. */
export function readLedger(
  stateDir: string,
  through: LedgerCursor,
  onLine: (line: string, place: number) => void,
): void {
  for (const segment of listLedger(stateDir)) {
    let offset = through.get(segment) ?? 0;
    forEachBlock(ledgerPath(stateDir, segment), offset, (text, bytes) => {
      const end = offset + bytes;
      const isAscii = text.length === bytes;
      for (const line of text.split('\n')) {
        if (line !== '') onLine(line, segment * OFFSETS + offset);
        offset += (isAscii ? line.length : Buffer.byteLength(line)) + 1;
      }
      offset = end;
      through.set(segment, end);
      return true;
    });
  }
}

/** The line at a place. */
export function readLedgerLine(stateDir: string, place: number): string {
  const fd = openSync(ledgerPath(stateDir, Math.floor(place / OFFSETS)), 'r');
  try {
    let line = Buffer.alloc(0);
    for (let at = place % OFFSETS; ; ) {
      const part = Buffer.allocUnsafe(LINE_BYTES);
      const read = readSync(fd, part, 0, LINE_BYTES, at);
      const end = part.subarray(0, read).indexOf(0x0a);
      line = Buffer.concat([line, part.subarray(0, end < 0 ? read : end)]);
      if (end >= 0 || read === 0) return line.toString('utf8');
      at += read;
    }
  } finally {
    closeSync(fd);
  }
}
