/**
 * A file of parts, replaced as a whole, so that its parts always agree. A sum over each part stands at its beginning: a
 * reader gets what was written, or nothing. Only what is asked for is read.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { checksum } from './checksum.ts';
import { publish, writeTemporary } from './write-file.ts';

/** Another format is another name: an older program then finds none, and reads everything again. */
const MAGIC = 'SPANBOOK USAGE 7';
const MAX_PARTS = 8;
const SUM_AT = MAGIC.length;
/** What the sum is over: the length and the sum of each part. */
const PARTS_AT = SUM_AT + 4;
const PREFIX_BYTES = PARTS_AT + 8 * MAX_PARTS;
/** Larger ones are none of ours: the ledger is read instead. */
const MAX_BYTES = 1 << 30;

/** Parts, and the columns in one, are as long as whole numbers of these. */
export const padded = (bytes: number): number => (bytes + 7) & ~7;

/** @throws a system error if the file cannot be written. */
export function writeIndexFile(path: string, parts: readonly Uint8Array[]): void {
  const size = parts.reduce((sum, { length }) => sum + padded(length), PREFIX_BYTES);
  const bytes = Buffer.from(new ArrayBuffer(size));
  bytes.write(MAGIC, 'latin1');
  let at = PREFIX_BYTES;
  for (const [index, part] of parts.entries()) {
    const end = at + padded(part.length);
    bytes.set(part, at);
    bytes.writeUInt32LE(part.length, PARTS_AT + 8 * index);
    bytes.writeUInt32LE(sumOf(bytes, at, end), PARTS_AT + 8 * index + 4);
    at = end;
  }
  bytes.writeUInt32LE(sumOf(bytes, PARTS_AT, PREFIX_BYTES), SUM_AT);
  publish(writeTemporary(path, [bytes]), path);
}

/** An open file: its parts stay those of one writing, though another one may take its name. */
export class IndexFile {
  /** Null once it is closed. */
  #fd: number | null;
  readonly #prefix: Buffer;

  private constructor(fd: number, prefix: Buffer) {
    this.#fd = fd;
    this.#prefix = prefix;
  }

  /** Null if there is none, or it is damaged at its beginning. */
  static open(path: string): IndexFile | null {
    let fd: number;
    try {
      fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemErrorCode(error) ?? '')) return null;
      throw error;
    }
    try {
      const prefix = prefixOf(fd);
      if (prefix) return new IndexFile(fd, prefix);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    closeSync(fd);
    return null;
  }

  /** A part as it was written; null if it is damaged. */
  part(index: number): Buffer<ArrayBuffer> | null {
    const bytes = this.unchecked(index);
    if (!bytes) return null;
    const told = this.#prefix.readUInt32LE(PARTS_AT + 8 * index + 4);
    return sumOf(bytes, 0, bytes.buffer.byteLength) === told ? bytes : null;
  }

  /** A part, in a buffer of its own, whether or not it is damaged: its sum takes longer than reading it. */
  unchecked(index: number): Buffer<ArrayBuffer> | null {
    if (this.#fd === null) throw new Error('index: expected an open file');
    const length = lengthOf(this.#prefix, index);
    return readAt(this.#fd, startOf(this.#prefix, index), padded(length))?.subarray(0, length) ?? null;
  }

  /** May be called again. */
  close(): void {
    const fd = this.#fd;
    this.#fd = null;
    try {
      if (fd !== null) closeSync(fd);
    } catch {
      // Nothing was written to it.
    }
  }
}

/** The beginning of a file that is one of ours and as long as it says; else null. */
function prefixOf(fd: number): Buffer | null {
  const stats = fstatSync(fd);
  if (!stats.isFile() || stats.size > MAX_BYTES) return null;
  const prefix = readAt(fd, 0, PREFIX_BYTES);
  if (!prefix || prefix.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
  if (sumOf(prefix, PARTS_AT, PREFIX_BYTES) !== prefix.readUInt32LE(SUM_AT)) return null;
  return startOf(prefix, MAX_PARTS) === stats.size ? prefix : null;
}

const lengthOf = (prefix: Buffer, part: number): number => prefix.readUInt32LE(PARTS_AT + 8 * part);

function startOf(prefix: Buffer, part: number): number {
  let at = PREFIX_BYTES;
  for (let before = 0; before < part; before++) at += padded(lengthOf(prefix, before));
  return at;
}

/** `from` and `to` are whole words. */
const sumOf = (bytes: Buffer<ArrayBuffer>, from: number, to: number): number =>
  checksum(new Uint32Array(bytes.buffer, from, (to - from) / 4));

/** So many bytes; null if there are fewer. */
function readAt(fd: number, from: number, length: number): Buffer<ArrayBuffer> | null {
  const bytes = Buffer.from(new ArrayBuffer(length));
  let at = 0;
  while (at < length) {
    const read = readSync(fd, bytes, at, length - at, from + at);
    if (read === 0) return null;
    at += read;
  }
  return bytes;
}
