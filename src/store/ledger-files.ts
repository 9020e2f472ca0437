/** The segments of the ledger as one reader sees them: each is opened once, so that none is replaced under its hands. */

import { closeSync, constants, fstatSync, readSync, statSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { openPlain } from '../journal/plain-file.ts';
import { forEachBlockIn } from '../journal/read-blocks.ts';
import { type AppendedAt, type LedgerCursor, ledgerPath, listLedger } from './ledger.ts';

/** Read at once around a line that is asked for. */
const NEAR_BYTES = 1 << 16;
/** Segments that were pruned begin with a line of their own, and others with an id: no two begin alike. */
const HEAD_CHARACTERS = 64;
const HEAD_BYTES = 256;

/** A number for a place in the ledger: the segment, and the offset in it. */
const OFFSETS = 2 ** 32;

export const placeIn = (segment: number, offset: number): number => segment * OFFSETS + offset;
export const segmentOf = (place: number): number => Math.floor(place / OFFSETS);

/**
 * Where the first of some lines stands that were appended together, and all of them count as read; null if that is not
 * known. `length`: of the lines with their line ends, in characters.
 */
export function appendedPlace(through: LedgerCursor, appended: AppendedAt | null, length: number): number | null {
  // How a segment begins is noted when it is read.
  if (appended === null || appended.from === 0 || (through.get(appended.segment) ?? 0) !== appended.from) return null;
  // Others wrote meanwhile, or the lines are longer in bytes than in characters.
  if (appended.until - appended.from !== length + 1) return null;
  through.set(appended.segment, appended.until);
  return placeIn(appended.segment, appended.from + 1);
}

export class LedgerFiles {
  readonly #stateDir: string;
  /** How each segment begins that was read. */
  readonly #heads: Map<number, string>;
  readonly #fds = new Map<number, number>();
  /** What was read last for the sake of a line. */
  #near: { segment: number; from: number; bytes: Buffer } | null = null;

  /** `heads`: how they began when they were read before; what is read from now on is added. */
  constructor(stateDir: string, heads = new Map<number, string>()) {
    this.#stateDir = stateDir;
    this.#heads = heads;
  }

  /** False if less is there than was read, or another segment took the place of one that was read. */
  holds(through: LedgerCursor): boolean {
    try {
      return this.#isAll(through);
    } catch (error) {
      // Whoever asks is not open yet, and cannot be closed.
      this.close();
      throw error;
    }
  }

  #isAll(through: LedgerCursor): boolean {
    for (const [segment, offset] of through) {
      if (offset === 0) continue;
      const fd = this.#open(segment);
      const head = this.#heads.get(segment);
      if (fd === null || head === undefined || fstatSync(fd).size < offset) return false;
      const bytes = Buffer.alloc(HEAD_BYTES);
      if (!bytes.toString('utf8', 0, readSync(fd, bytes, 0, HEAD_BYTES, 0)).startsWith(head)) return false;
    }
    return true;
  }

  /** The segments that hold more than was read, if only half a line. */
  unread(through: LedgerCursor): number[] {
    return listLedger(this.#stateDir).filter(segment => {
      const fd = this.#open(segment);
      return fd !== null && fstatSync(fd).size !== (through.get(segment) ?? 0);
    });
  }

  /** Calls `onLine` with every whole line that was not read, and its place, and moves the cursor behind it. */
  read(through: LedgerCursor, onLine: (line: string, place: number) => void): void {
    for (const segment of listLedger(this.#stateDir)) {
      through.set(segment, this.readSegment(segment, through.get(segment) ?? 0, onLine));
    }
  }

  /** The same with one segment, from an offset on; returns the offset behind the last line. */
  readSegment(segment: number, from: number, onLine: (line: string, place: number) => void): number {
    const fd = this.#open(segment);
    let offset = from;
    if (fd === null) return offset;
    forEachBlockIn(fd, offset, (text, bytes, buffer) => {
      if (offset === 0) this.#heads.set(segment, text.slice(0, HEAD_CHARACTERS));
      const end = offset + bytes;
      // Half a character, which a killed writer may leave, is longer as text than in the file: only bytes tell places.
      const raw = text.length === bytes ? null : buffer.toString('latin1', 0, bytes).split('\n');
      for (const [index, line] of text.split('\n').entries()) {
        if (line !== '') onLine(line, placeIn(segment, offset));
        offset += (raw?.[index] ?? line).length + 1;
      }
      offset = end;
      return true;
    });
    return offset;
  }

  /** The line at a place that was read. */
  line(place: number): string {
    const segment = segmentOf(place);
    const fd = this.#open(segment);
    if (fd === null) return '';
    const at = place % OFFSETS;
    // What a fork repeats stands together.
    const near = this.#near;
    if (near?.segment === segment && at >= near.from) {
      const end = near.bytes.indexOf(0x0a, at - near.from);
      if (end >= 0) return near.bytes.toString('utf8', at - near.from, end);
    }
    for (let room = NEAR_BYTES; ; room *= 2) {
      const bytes = Buffer.allocUnsafe(room);
      const read = readSync(fd, bytes, 0, room, at);
      const end = bytes.subarray(0, read).indexOf(0x0a);
      if (end < 0 && read === room) continue;
      if (end >= 0) this.#near = { segment, from: at, bytes: bytes.subarray(0, read) };
      return bytes.toString('utf8', 0, end < 0 ? read : end);
    }
  }

  /** True if this is still the file at the path of the segment. */
  isCurrent(segment: number): boolean {
    const fd = this.#fds.get(segment);
    const there = statSync(ledgerPath(this.#stateDir, segment), { throwIfNoEntry: false });
    return fd !== undefined && there?.ino === fstatSync(fd).ino;
  }

  close(): void {
    for (const fd of this.#fds.values()) {
      try {
        closeSync(fd);
      } catch {
        // Nothing was written to it, and the others are to be closed too.
      }
    }
    this.#fds.clear();
  }

  #open(segment: number): number | null {
    const open = this.#fds.get(segment);
    if (open !== undefined) return open;
    try {
      const fd = openPlain(ledgerPath(this.#stateDir, segment), constants.O_RDONLY | constants.O_NOFOLLOW);
      this.#fds.set(segment, fd);
      return fd;
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return null;
      this.close();
      throw error;
    }
  }
}
