/**
 * A file with a header, columns of numbers and a text at its end, replaced as a whole. A sum over all of it stands at its
 * beginning: a reader gets what was written, or nothing.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { publish, writeTemporary } from './write-file.ts';

/** Another format is another name: an older program then finds none, and reads everything again. */
const MAGIC = 'SPANBOOK USAGE 3';
/** The name, the lengths of header and text, and the sum. */
const PREFIX_BYTES = 32;
const LENGTHS_AT = 16;
const SUM_AT = 24;

export type Column = Uint32Array | Uint8Array | Float64Array;

export interface IndexParts {
  header: string;
  columns: readonly Column[];
  text: string;
}

export interface IndexFile {
  header: string;
  /** Gives the columns in the order in which they were written; they lie in the bytes of the file. */
  buffer: ArrayBuffer;
  columnsAt: number;
  /** Read when it is asked for. */
  text(): string;
}

/** Every column begins at a multiple of this. */
export const padded = (bytes: number): number => (bytes + 7) & ~7;

/** @throws a system error if the file cannot be written. */
export function writeIndexFile(path: string, { header, columns, text }: IndexParts): void {
  const lengths = [Buffer.byteLength(header), Buffer.byteLength(text)] as const;
  const size = columns.reduce((sum, { byteLength }) => sum + padded(byteLength), PREFIX_BYTES + padded(lengths[0]));
  const bytes = Buffer.from(new ArrayBuffer(size + padded(lengths[1])));
  bytes.write(MAGIC, 'latin1');
  for (const [index, length] of lengths.entries()) bytes.writeUInt32LE(length, LENGTHS_AT + 4 * index);
  bytes.write(header, PREFIX_BYTES, 'utf8');
  let at = PREFIX_BYTES + padded(lengths[0]);
  for (const { buffer, byteOffset, byteLength } of columns) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += padded(byteLength);
  }
  bytes.write(text, at, 'utf8');
  for (const [index, sum] of sumsOf(bytes.buffer).entries()) bytes.writeUInt32LE(sum, SUM_AT + 4 * index);
  publish(writeTemporary(path, [bytes]), path);
}

/** Null if there is none, or it is damaged. */
export function readIndexFile(path: string): IndexFile | null {
  const bytes = readBytes(path);
  if (!bytes || bytes.length < PREFIX_BYTES || bytes.length % 8 !== 0) return null;
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
  const told = [bytes.readUInt32LE(SUM_AT), bytes.readUInt32LE(SUM_AT + 4)];
  bytes.fill(0, SUM_AT, PREFIX_BYTES);
  if (sumsOf(bytes.buffer).some((sum, index) => sum !== told[index])) return null;
  const headerLength = bytes.readUInt32LE(LENGTHS_AT);
  const textLength = bytes.readUInt32LE(LENGTHS_AT + 4);
  const textAt = bytes.length - padded(textLength);
  return {
    header: bytes.toString('utf8', PREFIX_BYTES, PREFIX_BYTES + headerLength),
    buffer: bytes.buffer,
    columnsAt: PREFIX_BYTES + padded(headerLength),
    text: () => bytes.toString('utf8', textAt, textAt + textLength),
  };
}

/** Two sums of which each changes if a single word does. */
function sumsOf(buffer: ArrayBuffer): [number, number] {
  const words = new Uint32Array(buffer);
  let one = words.length;
  let two = 0x9e3779b9;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? 0;
    one = Math.imul(one ^ word, 0x01000193);
    two = Math.imul((two << 13) | (two >>> 19), 0x85ebca6b) ^ word;
  }
  return [one >>> 0, two >>> 0];
}

function readBytes(path: string): Buffer<ArrayBuffer> | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemErrorCode(error) ?? '')) return null;
    throw error;
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) return null;
    const bytes = Buffer.from(new ArrayBuffer(stats.size));
    let at = 0;
    while (at < bytes.length) {
      const read = readSync(fd, bytes, at, bytes.length - at, at);
      if (read === 0) return null;
      at += read;
    }
    return bytes;
  } finally {
    closeSync(fd);
  }
}
