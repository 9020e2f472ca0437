/**
 * `usage/index.bin`: the cube, how far ledger and transcripts were read, and where each session stands. A cache in one
 * file, so that its parts always agree: without it everything is read again, and nothing counts twice.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { DIMENSIONS, type Dimension, emptyColumns, MEASURES, UsageCube } from '../usage/usage-cube.ts';
import type { LedgerCursor } from './ledger.ts';
import { usageDir } from './ledger.ts';
import { publish, writeTemporary } from './write-file.ts';

/** Another format is another name: an older program then finds none, and reads everything again. */
const MAGIC = 'SPANBOOK USAGE 2';
const PREFIX_BYTES = 32;
const MAX_BYTES = 1 << 30;

/** How far a transcript was read. */
export interface TranscriptCursor {
  offset: number;
  tail: string;
  size: number;
  mtimeMs: number;
  ino: number;
  damaged: number;
}

export interface UsageIndex {
  cube: UsageCube;
  through: LedgerCursor;
  /** How far the segments of the journal were searched for requests of programs. */
  journal: LedgerCursor;
  files: Map<string, TranscriptCursor>;
  /** Where each session stands, as text that only its reader knows. */
  sessions: Map<string, string>;
  /** Of prices, rules and the meaning of the ledger: if it is another, all is counted anew. */
  fingerprint: string;
  startedAt: number | null;
  updatedAt: number | null;
  /** Usage of activities that ended before is told in the journal, in milliseconds since 1970. */
  settledAt: number;
  /** When there is more to tell without anything new; null if there is not. */
  tellAt: number | null;
  unreadable: number;
}

export const emptyIndex = (fingerprint: string): UsageIndex => ({
  cube: new UsageCube(),
  through: new Map(),
  journal: new Map(),
  files: new Map(),
  sessions: new Map(),
  fingerprint,
  startedAt: null,
  updatedAt: null,
  settledAt: 0,
  tellAt: null,
  unreadable: 0,
});

interface Header {
  names: Record<Dimension, string[]>;
  through: [number, number][];
  journal: [number, number][];
  files: [string, number, string, number, number, number, number][];
  fingerprint: string;
  startedAt: number | null;
  updatedAt: number | null;
  settledAt: number;
  tellAt: number | null;
  unreadable: number;
  rows: number;
  /** Bytes of the part about sessions, which stands last. */
  sessions: number;
}

const indexPath = (stateDir: string): string => `${usageDir(stateDir)}/index.bin`;

/** The index without the sessions, which only a reader of transcripts needs; null if there is none, or it is damaged. */
export function readUsageIndex(stateDir: string): UsageIndex | null {
  return withIndex(stateDir, fd => {
    const { header, columnsAt } = readHeader(fd);
    const columns = emptyColumns(0);
    let at = columnsAt;
    const column = <T extends Uint32Array | Uint8Array | Float64Array>(made: T): T => {
      readWhole(fd, new Uint8Array(made.buffer), at);
      at += padded(made.byteLength);
      return made;
    };
    columns.slots = column(new Uint32Array(header.rows));
    for (const dimension of DIMENSIONS) columns.dimensions[dimension] = column(new Uint32Array(header.rows));
    columns.methods = column(new Uint8Array(header.rows));
    for (const measure of MEASURES) columns.measures[measure] = column(new Float64Array(header.rows));
    return {
      cube: new UsageCube(header.names, columns, header.rows),
      through: new Map(header.through),
      journal: new Map(header.journal),
      files: new Map(
        header.files.map(([path, offset, tail, size, mtimeMs, ino, damaged]) => [
          path,
          { offset, tail, size, mtimeMs, ino, damaged },
        ]),
      ),
      sessions: new Map<string, string>(),
      fingerprint: header.fingerprint,
      startedAt: header.startedAt,
      updatedAt: header.updatedAt,
      settledAt: header.settledAt,
      tellAt: header.tellAt,
      unreadable: header.unreadable,
    };
  });
}

/** Where each session stands, by its key; empty if there is no index, or it is damaged. */
export function readIndexedSessions(stateDir: string): Map<string, string> {
  const sessions = withIndex(stateDir, fd => {
    const { header } = readHeader(fd);
    const bytes = Buffer.allocUnsafe(header.sessions);
    readWhole(fd, bytes, fstatSync(fd).size - header.sessions);
    const found = new Map<string, string>();
    for (const line of bytes.toString('utf8').split('\n')) {
      const cut = line.indexOf('\t');
      if (cut > 0) found.set(JSON.parse(line.slice(0, cut)) as string, line.slice(cut + 1));
    }
    return found;
  });
  return sessions ?? new Map<string, string>();
}

/** @throws a system error if the file cannot be written. */
export function writeUsageIndex(stateDir: string, index: UsageIndex): void {
  const { cube } = index;
  const rows = sortedRows(cube);
  const sessions = Buffer.from([...index.sessions].map(([key, text]) => `${JSON.stringify(key)}\t${text}\n`).join(''));
  const header: Header = {
    names: cube.names,
    through: [...index.through],
    journal: [...index.journal],
    files: [...index.files].map(([path, { offset, tail, size, mtimeMs, ino, damaged }]) => [
      path,
      offset,
      tail,
      size,
      mtimeMs,
      ino,
      damaged,
    ]),
    fingerprint: index.fingerprint,
    startedAt: index.startedAt,
    updatedAt: index.updatedAt,
    settledAt: index.settledAt,
    tellAt: index.tellAt,
    unreadable: index.unreadable,
    rows: rows.length,
    sessions: sessions.length,
  };
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(text.length, MAGIC.length);
  const pieces = [prefix, text, gap(text.length)];
  const add = (column: Uint32Array | Uint8Array | Float64Array): void => {
    pieces.push(Buffer.from(column.buffer), gap(column.byteLength));
  };
  const { slots, dimensions, methods, measures } = cube.columns;
  add(Uint32Array.from(rows, row => slots[row] ?? 0));
  for (const dimension of DIMENSIONS) add(Uint32Array.from(rows, row => dimensions[dimension][row] ?? 0));
  add(Uint8Array.from(rows, row => methods[row] ?? 0));
  for (const measure of MEASURES) add(Float64Array.from(rows, row => measures[measure][row] ?? 0));
  const path = indexPath(stateDir);
  publish(writeTemporary(path, [...pieces, sessions]), path);
}

/** Rows in the order of time, without those that were taken away. */
function sortedRows(cube: UsageCube): Uint32Array {
  const { slots, measures } = cube.columns;
  const rows: number[] = [];
  for (let row = 0; row < cube.size; row++) if ((measures.requests[row] ?? 0) !== 0) rows.push(row);
  return Uint32Array.from(rows).sort((a, b) => (slots[a] ?? 0) - (slots[b] ?? 0));
}

const padded = (bytes: number): number => (bytes + 7) & ~7;
const gap = (bytes: number): Buffer => Buffer.alloc(padded(bytes) - bytes);

function readHeader(fd: number): { header: Header; columnsAt: number } {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  readWhole(fd, prefix, 0);
  if (prefix.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new SyntaxError('no index');
  const text = Buffer.allocUnsafe(Math.min(prefix.readUInt32LE(MAGIC.length), MAX_BYTES));
  readWhole(fd, text, PREFIX_BYTES);
  const header = JSON.parse(text.toString('utf8')) as Header;
  return { header, columnsAt: PREFIX_BYTES + padded(text.length) };
}

function readWhole(fd: number, into: Uint8Array, from: number): void {
  for (let at = 0; at < into.length; ) {
    const read = readSync(fd, into, at, into.length - at, from + at);
    if (read === 0) throw new RangeError('shorter than it says');
    at += read;
  }
}

function withIndex<T>(stateDir: string, use: (fd: number) => T): T | null {
  let fd: number;
  try {
    fd = openSync(indexPath(stateDir), constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemErrorCode(error) ?? '')) return null;
    throw error;
  }
  try {
    return use(fd);
  } catch (error) {
    // Damaged: it is written anew from the ledger.
    if (error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError) return null;
    throw error;
  } finally {
    closeSync(fd);
  }
}
