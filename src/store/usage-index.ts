/**
 * `usage/index.bin`: the cube, how far ledger and transcripts were read, and where each session stands. A cache in one
 * file, so that its parts always agree: without it everything is read again, and nothing counts twice.
 */
import type { NumberColumn } from '../usage/row-table.ts';
import { byDimension, byMeasure, DIMENSIONS, type Dimension, MEASURES, UsageCube } from '../usage/usage-cube.ts';
import { readIndexFile, writeIndexFile } from './index-file.ts';
import type { LedgerCursor } from './ledger.ts';
import { usageDir } from './ledger.ts';
import { ColumnReader, narrowed, type Width, widthOf } from './number-columns.ts';

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
  /** How the segments of the ledger begin that were read: one that begins otherwise is another one. */
  heads: Map<number, string>;
  /** How far the segments of the journal were searched for requests of programs. */
  journal: LedgerCursor;
  files: Map<string, TranscriptCursor>;
  /** Where each session stands, as text that only its reader knows; once `unpackSessions` was called. */
  sessions: Map<string, string>;
  packedSessions(): string | null;
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
  heads: new Map(),
  journal: new Map(),
  files: new Map(),
  sessions: new Map(),
  packedSessions: () => '',
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
  /** Indexes of before have none. */
  heads?: [number, string][];
  journal: [number, number][];
  files: [string, number, string, number, number, number, number][];
  fingerprint: string;
  startedAt: number | null;
  updatedAt: number | null;
  settledAt: number;
  tellAt: number | null;
  unreadable: number;
  rows: number;
  /** Of each column, in the order in which they lie in the file. */
  widths: Width[];
}

const indexPath = (stateDir: string): string => `${usageDir(stateDir)}/index.bin`;

/** The index without the sessions, which only a reader of transcripts needs; null if there is none, or it is damaged. */
export function readUsageIndex(stateDir: string): UsageIndex | null {
  const file = readIndexFile(indexPath(stateDir));
  if (!file) return null;
  const header = JSON.parse(file.header) as Header;
  const columns = new ColumnReader(file, header);
  const cube = {
    slots: columns.next(),
    dimensions: byDimension(() => columns.next()),
    methods: columns.next(),
    measures: byMeasure(() => columns.next()),
  };
  return {
    cube: new UsageCube(header.names, cube, header.rows),
    through: new Map(header.through),
    heads: new Map(header.heads),
    journal: new Map(header.journal),
    files: new Map(
      header.files.map(([path, offset, tail, size, mtimeMs, ino, damaged]) => [
        path,
        { offset, tail, size, mtimeMs, ino, damaged },
      ]),
    ),
    sessions: new Map<string, string>(),
    packedSessions: file.text,
    fingerprint: header.fingerprint,
    startedAt: header.startedAt,
    updatedAt: header.updatedAt,
    settledAt: header.settledAt,
    tellAt: header.tellAt,
    unreadable: header.unreadable,
  };
}

/**
 * Makes it known where each session stands, as it was when the index was read.
 *
 * @returns false if that is damaged: then the transcripts are to be read from their beginnings.
 */
export function unpackSessions(index: UsageIndex): boolean {
  const text = index.packedSessions();
  if (text === null) return false;
  for (const line of text.split('\n')) {
    const cut = line.indexOf('\t');
    if (cut > 0) index.sessions.set(JSON.parse(line.slice(0, cut)) as string, line.slice(cut + 1));
  }
  return true;
}

/** @throws a system error if the file cannot be written. */
export function writeUsageIndex(stateDir: string, index: UsageIndex): void {
  const { cube } = index;
  const rows = sortedRows(cube);
  const { slots, dimensions, methods, measures } = cube.columns;
  const all = [slots, ...DIMENSIONS.map(name => dimensions[name]), methods, ...MEASURES.map(name => measures[name])];
  const columns = all.map((column: NumberColumn) => narrowed(column, rows));
  const text = [...index.sessions].map(([key, session]) => `${JSON.stringify(key)}\t${session}\n`).join('');
  const header: Header = {
    names: cube.names,
    through: [...index.through],
    heads: [...index.heads],
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
    widths: columns.map(widthOf),
  };
  writeIndexFile(indexPath(stateDir), { header: JSON.stringify(header), columns, text });
}

/** Rows in the order of time, without those that were taken away. */
function sortedRows(cube: UsageCube): Uint32Array {
  const { slots, measures } = cube.columns;
  const rows: number[] = [];
  for (let row = 0; row < cube.size; row++) if ((measures.requests[row] ?? 0) !== 0) rows.push(row);
  return Uint32Array.from(rows).sort((a, b) => (slots[a] ?? 0) - (slots[b] ?? 0));
}
