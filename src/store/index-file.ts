/**
 * A file with a header, columns of numbers and a text at its end, replaced as a whole. Sums over header and columns, and
 * over the text, stand at its beginning: a reader gets what was written, or nothing.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import type { NumberColumn } from '../usage/row-table.ts';
import { checksum } from './checksum.ts';
import { publish, writeTemporary } from './write-file.ts';

/** Another format is another name: an older program then finds none, and reads everything again. */
const MAGIC = 'SPANBOOK USAGE 5';
/** The name, the lengths of header and text, and their sums. */
const PREFIX_BYTES = 32;
const LENGTHS_AT = 16;
const SUM_AT = 24;
const TEXT_SUM_AT = 28;

export interface IndexParts {
  header: string;
  columns: readonly NumberColumn[];
  text: string;
}

export interface IndexFile {
  header: string;
  /** Gives the columns in the order in which they were written; they lie in the bytes of the file. */
  buffer: ArrayBuffer;
  columnsAt: number;
  /** Looked at when it is asked for; null if it is damaged. */
  text(): string | null;
}

/** Larger ones are none of ours: the ledger is read instead. */
const MAX_BYTES = 1 << 30;

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
  const { length } = bytes;
  bytes.writeUInt32LE(sumOf(bytes, at, length), TEXT_SUM_AT);
  bytes.writeUInt32LE(sumOf(bytes, 0, at), SUM_AT);
  publish(writeTemporary(path, [bytes]), path);
}

/** Null if there is none, or it is damaged. */
export function readIndexFile(path: string): IndexFile | null {
  const bytes = readBytes(path);
  if (!bytes || bytes.length < PREFIX_BYTES || bytes.length % 8 !== 0) return null;
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
  const told = takeSum(bytes, SUM_AT);
  const headerLength = bytes.readUInt32LE(LENGTHS_AT);
  const textLength = bytes.readUInt32LE(LENGTHS_AT + 4);
  const textAt = bytes.length - padded(textLength);
  // A damaged length may even be negative.
  if (textAt < PREFIX_BYTES || textAt > bytes.length || sumOf(bytes, 0, textAt) !== told) return null;
  const toldOfText = takeSum(bytes, TEXT_SUM_AT);
  return {
    header: bytes.toString('utf8', PREFIX_BYTES, PREFIX_BYTES + headerLength),
    buffer: bytes.buffer,
    columnsAt: PREFIX_BYTES + padded(headerLength),
    text: () =>
      sumOf(bytes, textAt, bytes.length) === toldOfText ? bytes.toString('utf8', textAt, textAt + textLength) : null,
  };
}

/** The sum that stands at a place, which is made empty: it was so when it was taken. */
function takeSum(bytes: Buffer, at: number): number {
  const sum = bytes.readUInt32LE(at);
  bytes.fill(0, at, at + 4);
  return sum;
}

/** `from` and `to` are whole words. */
const sumOf = (bytes: Buffer<ArrayBuffer>, from: number, to: number): number =>
  checksum(new Uint32Array(bytes.buffer, from, (to - from) / 4));

function readBytes(path: string): Buffer<ArrayBuffer> | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemErrorCode(error) ?? '')) return null;
    throw error;
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile() || stats.size > MAX_BYTES) return null;
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
