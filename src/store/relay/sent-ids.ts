/**
 * The ids of the spans that arrived at an endpoint: eight bytes each, appended after each proved answer. There may be
 * millions of them, so in memory they are a table of numbers.
 */
import { closeSync, fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs';
import { systemErrorCode } from '../../errors.ts';
import { openForAppend } from '../../journal/numbered-files.ts';

const ID_BYTES = 8;
const HALF_DIGITS = 8;
const FIRST_SLOTS = 1024;
const READ_BYTES = 1 << 20;

/** Ids of 16 hex digits that are not all zeros. */
export class IdSet {
  /** Two numbers an id; both zero: the slot is free. */
  #slots = new Uint32Array(2 * FIRST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(id: string): boolean {
    const high = numberAt(id, 0);
    const low = numberAt(id, HALF_DIGITS);
    const slots = this.#slots;
    const at = slotOf(slots, high, low);
    return slots[at] === high && slots[at + 1] === low;
  }

  /** False if it was there. */
  add(id: string): boolean {
    return this.addNumbers(numberAt(id, 0), numberAt(id, HALF_DIGITS));
  }

  addNumbers(high: number, low: number): boolean {
    const at = slotOf(this.#slots, high, low);
    if (this.#slots[at] === high && this.#slots[at + 1] === low) return false;
    this.#slots[at] = high;
    this.#slots[at + 1] = low;
    if (++this.#size * 4 > this.#slots.length) this.#grow();
    return true;
  }

  #grow(): void {
    const before = this.#slots;
    const after = new Uint32Array(before.length * 2);
    for (let at = 0; at < before.length; at += 2) {
      const high = before[at] ?? 0;
      const low = before[at + 1] ?? 0;
      if (high === 0 && low === 0) continue;
      const to = slotOf(after, high, low);
      after[to] = high;
      after[to + 1] = low;
    }
    this.#slots = after;
  }
}

/** Of eight hex digits. Cutting them out and parsing them takes five times as long, and there are very many. */
function numberAt(id: string, from: number): number {
  let value = 0;
  for (let at = from; at < from + HALF_DIGITS; at++) {
    const code = id.charCodeAt(at);
    value = (value << 4) | (code < 58 ? code - 48 : code - 87);
  }
  return value >>> 0;
}

/** Where an id is, or would be. Ids are hashes or random, so their own digits scatter them. */
function slotOf(slots: Uint32Array, high: number, low: number): number {
  const mask = slots.length / 2 - 1;
  for (let slot = (high ^ low) & mask; ; slot = (slot + 1) & mask) {
    const at = 2 * slot;
    const isFree = slots[at] === 0 && slots[at + 1] === 0;
    if (isFree || (slots[at] === high && slots[at + 1] === low)) return at;
  }
}

export class SentIds extends IdSet {
  readonly #path: string;
  /** How much of the file was read, in bytes. */
  #read = 0;

  /** @throws a system error if the file is there and cannot be read. */
  constructor(path: string) {
    super();
    this.#path = path;
    this.refresh();
  }

  /**
   * Remembers ids for ever. When it returns, they survive any kill.
   *
   * @throws a system error if they could not be written; then none of them counts as sent.
   */
  keep(ids: readonly string[]): void {
    const news = ids.filter(id => !this.has(id));
    if (news.length === 0) return;
    const bytes = Buffer.from(news.join(''), 'hex');
    const fd = openForAppend(this.#path);
    try {
      const { size } = fstatSync(fd);
      // A full disk may have cut an id in two.
      const from = size - (size % ID_BYTES);
      if (from !== size) ftruncateSync(fd, from);
      const written = writeSync(fd, bytes);
      if (written !== bytes.length) {
        ftruncateSync(fd, from);
        throw Object.assign(new Error(`${this.#path}: expected to write ${bytes.length} bytes, got ${written}`), {
          code: 'ENOSPC',
        });
      }
    } finally {
      closeSync(fd);
    }
    for (const id of news) this.add(id);
  }

  /** Takes in what other relays kept since. */
  refresh(): void {
    let fd: number;
    try {
      fd = openForAppend(this.#path);
    } catch (error) {
      // A folder that cannot be written remembers nothing, and whoever sends will find that out.
      if (['EACCES', 'EROFS', 'EPERM'].includes(systemErrorCode(error) ?? '')) return;
      throw error;
    }
    try {
      const buffer = Buffer.alloc(Math.min(READ_BYTES, Math.max(0, fstatSync(fd).size - this.#read)));
      while (buffer.length > 0) {
        const read = readSync(fd, buffer, 0, buffer.length, this.#read);
        const whole = read - (read % ID_BYTES);
        for (let i = 0; i < whole; i += ID_BYTES) this.addNumbers(buffer.readUInt32BE(i), buffer.readUInt32BE(i + 4));
        if (whole === 0) return;
        this.#read += whole;
      }
    } finally {
      closeSync(fd);
    }
  }
}
