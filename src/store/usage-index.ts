/**
 * `usage/index.bin`: the cube, how far ledger and transcripts were read, and where each session stands. A cache in one
 * file, so that its parts always agree: without it everything is read again, and nothing counts twice.
 */
import { type CubeSum, sumCube } from '../usage/cube-sum.ts';
import type { NumberColumn } from '../usage/row-table.ts';
import { byDimension, byMeasure, DIMENSIONS, type Dimension, MEASURES, UsageCube } from '../usage/usage-cube.ts';
import { IndexFile, writeIndexFile } from './index-file.ts';
import type { LedgerCursor } from './ledger.ts';
import { usageDir } from './ledger.ts';
import { ColumnReader, narrowed, packColumns, type Width, widthOf } from './number-columns.ts';

/** How far a transcript was read. */
export interface TranscriptCursor {
  offset: number;
  tail: string;
  size: number;
  mtimeMs: number;
  ino: number;
  damaged: number;
}

/** The folders of a client as they were looked through, in a form that only whoever looks knows. */
export type KnownFolders = unknown;

/** What must be known to say whether there is anything new, and the sum of everything. */
export interface IndexHead {
  through: LedgerCursor;
  /** How the segments of the ledger begin that were read: one that begins otherwise is another one. */
  heads: Map<number, string>;
  /** How far the segments of the journal were searched for requests of programs. */
  journal: LedgerCursor;
  /** Of prices, rules and the meaning of the ledger: if it is another, all is counted anew. */
  fingerprint: string;
  startedAt: number | null;
  updatedAt: number | null;
  /** Usage of activities that ended before is told in the journal, in milliseconds since 1970. */
  settledAt: number;
  /** When there is more to tell without anything new; null if there is not. */
  tellAt: number | null;
  unreadable: number;
  /** Lines of the transcripts that are there which say nothing. */
  damaged: number;
  /** The sum of the cube as it was written; null if it has changed. */
  whole: CubeSum | null;
}

export interface UsageIndex extends IndexHead {
  cube: UsageCube;
  files: Map<string, TranscriptCursor>;
  /** Where each session stands, as text that only its reader knows. */
  sessions: Map<string, string>;
  /** By the folder of the client. */
  folders: Map<string, KnownFolders>;
}

export const emptyIndex = (fingerprint: string): UsageIndex => ({
  cube: new UsageCube(),
  through: new Map(),
  heads: new Map(),
  journal: new Map(),
  files: new Map(),
  sessions: new Map(),
  folders: new Map(),
  fingerprint,
  startedAt: null,
  updatedAt: null,
  settledAt: 0,
  tellAt: null,
  unreadable: 0,
  damaged: 0,
  whole: null,
});

interface WrittenHead extends Omit<IndexHead, 'through' | 'heads' | 'journal'> {
  through: [number, number][];
  heads: [number, string][];
  journal: [number, number][];
  rows: number;
  /** Of each column, in the order in which they lie in the file. */
  widths: Width[];
}

type WrittenFile = [path: string, offset: number, tail: string, size: number, mtime: number, ino: number, bad: number];

/** The parts of the file, in their order: what is looked at first comes first. */
const PARTS = { head: 0, folders: 1, files: 2, names: 3, columns: 4, sessions: 5 } as const;
type Part = keyof typeof PARTS;

const indexPath = (stateDir: string): string => `${usageDir(stateDir)}/index.bin`;

/** The index as it was written last. Its parts are read when they are asked for; `null` for one that is damaged. */
export class KeptIndex {
  readonly head: IndexHead;
  readonly #file: IndexFile;
  readonly #shape: Pick<WrittenHead, 'rows' | 'widths'>;

  private constructor(file: IndexFile, { through, heads, journal, rows, widths, ...rest }: WrittenHead) {
    this.#file = file;
    this.#shape = { rows, widths };
    this.head = { ...rest, through: new Map(through), heads: new Map(heads), journal: new Map(journal) };
  }

  /** Null if there is none, or it is damaged. To be closed. */
  static open(stateDir: string): KeptIndex | null {
    const file = IndexFile.open(indexPath(stateDir));
    if (!file) return null;
    try {
      const head = parsed<WrittenHead>(file, 'head');
      if (head) return new KeptIndex(file, head);
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
    return null;
  }

  /**
   * By the folder of the client, to be compared with what is there: damage makes it another thing, and so no sum is
   * taken. Null if it cannot be told.
   */
  foldersToCompare(): Map<string, KnownFolders> | null {
    try {
      return new Map(JSON.parse(this.#file.unchecked(PARTS.folders)?.toString() ?? '') as [string, KnownFolders][]);
    } catch {
      return null;
    }
  }

  /** All of it but the sessions, which only a reader of transcripts needs. The head is shared. */
  index(): UsageIndex | null {
    const cube = this.cube();
    const files = parsed<WrittenFile[]>(this.#file, 'files');
    const folders = parsed<[string, KnownFolders][]>(this.#file, 'folders');
    if (!cube || !files || !folders) return null;
    const cursors = files.map(([path, offset, tail, size, mtimeMs, ino, damaged]): [string, TranscriptCursor] => [
      path,
      { offset, tail, size, mtimeMs, ino, damaged },
    ]);
    return Object.assign(this.head, {
      cube,
      files: new Map(cursors),
      folders: new Map(folders),
      sessions: new Map<string, string>(),
    });
  }

  cube(): UsageCube | null {
    const names = parsed<Record<Dimension, string[]>>(this.#file, 'names');
    const columns = this.#file.part(PARTS.columns);
    if (!names || !columns) return null;
    const reader = new ColumnReader(columns.buffer, this.#shape);
    const next = (): NumberColumn => reader.next();
    const read = { slots: next(), dimensions: byDimension(next), methods: next(), measures: byMeasure(next) };
    return new UsageCube(names, read, this.#shape.rows);
  }

  /** Where each session stands. */
  sessions(): Map<string, string> | null {
    const text = this.#file.part(PARTS.sessions)?.toString();
    if (text === undefined) return null;
    const sessions = new Map<string, string>();
    for (const line of text.split('\n')) {
      const cut = line.indexOf('\t');
      if (cut > 0) sessions.set(JSON.parse(line.slice(0, cut)) as string, line.slice(cut + 1));
    }
    return sessions;
  }

  close(): void {
    this.#file.close();
  }
}

function parsed<T>(file: IndexFile, part: Part): T | null {
  const text = file.part(PARTS[part])?.toString();
  return text === undefined ? null : (JSON.parse(text) as T);
}

/** @throws a system error if the file cannot be written. */
export function writeUsageIndex(stateDir: string, index: UsageIndex): void {
  const { cube, files, sessions, folders, ...head } = index;
  const rows = sortedRows(cube);
  const { slots, dimensions, methods, measures } = cube.columns;
  const all = [slots, ...DIMENSIONS.map(name => dimensions[name]), methods, ...MEASURES.map(name => measures[name])];
  const columns = all.map((column: NumberColumn) => narrowed(column, rows));
  let damaged = 0;
  for (const file of files.values()) damaged += file.damaged;
  Object.assign(index, { damaged, whole: sumCube(cube, rows) });
  const written: WrittenHead = {
    ...head,
    damaged,
    whole: index.whole,
    through: [...head.through],
    heads: [...head.heads],
    journal: [...head.journal],
    rows: rows.length,
    widths: columns.map(widthOf),
  };
  const cursors = Array.from(
    files,
    ([path, { offset, tail, size, mtimeMs, ino, damaged: bad }]): WrittenFile => [
      path,
      offset,
      tail,
      size,
      mtimeMs,
      ino,
      bad,
    ],
  );
  const parts: Record<Part, Uint8Array> = {
    head: jsonBytes(written),
    folders: jsonBytes([...folders]),
    files: jsonBytes(cursors),
    names: jsonBytes(cube.names),
    columns: packColumns(columns),
    sessions: Buffer.from([...sessions].map(([key, session]) => `${JSON.stringify(key)}\t${session}\n`).join('')),
  };
  writeIndexFile(
    indexPath(stateDir),
    (Object.keys(PARTS) as Part[]).map(part => parts[part]),
  );
}

const jsonBytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** Rows in the order of time, without those that were taken away. */
function sortedRows(cube: UsageCube): Uint32Array {
  const { slots, measures } = cube.columns;
  const rows: number[] = [];
  for (let row = 0; row < cube.size; row++) if ((measures.requests[row] ?? 0) !== 0) rows.push(row);
  return Uint32Array.from(rows).sort((a, b) => (slots[a] ?? 0) - (slots[b] ?? 0));
}
