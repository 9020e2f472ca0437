/**
 * Sums of usage by everything that one may ask for, at a grain of a quarter of an hour (UTC): every time zone of today
 * begins its hours and days at one. Columns of numbers, because a report walks all of them.
 */
import { ATTRIBUTED, type Attributed, METHODS, type Method } from './billed-request.ts';
import { type NumberColumn, RowTable } from './row-table.ts';

export const SLOT_MILLIS = 900_000;
/** Rows that a cube has room for at first. */
const ROOM = 64;
/** The last one that a column can hold, some 120,000 years from now. */
const LAST_SLOT = 0xffff_ffff;

export const DIMENSIONS = [
  'model',
  'stage',
  'command',
  'agent',
  'instance',
  'skill',
  'session',
  'project',
  'branch',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Cost is an integer of nano-dollars. `unpriced` are tokens whose price is not known; `incomplete` are requests. */
export const MEASURES = [
  'input',
  'cache_read',
  'cache_write_5m',
  'cache_write_1h',
  'output',
  'cost',
  'unpriced',
  'requests',
  'incomplete',
  'web_searches',
] as const;
export type Measure = (typeof MEASURES)[number];
export type Measures = Record<Measure, number>;

/** One request, ready to be added. */
export interface CubePoint {
  /** Milliseconds since 1970. */
  at: number;
  keys: Readonly<Record<Dimension, string | null>>;
  methods: Readonly<Partial<Record<Attributed, Method>>>;
  measures: Readonly<Measures>;
}

/** The columns of a cube, as they are kept in a file. All have `size` entries that count, in the order of time. */
export interface CubeColumns {
  slots: NumberColumn;
  dimensions: Record<Dimension, NumberColumn>;
  /** Two bits a dimension, in the order of `ATTRIBUTED`. */
  methods: NumberColumn;
  measures: Record<Measure, NumberColumn>;
}

export class UsageCube {
  size = 0;
  columns: CubeColumns;
  /** The keys behind the numbers of each dimension; number 0 is null. */
  readonly names: Record<Dimension, string[]>;
  readonly #codes: Record<Dimension, Map<string, number>>;
  /** The columns have room for any number. */
  #isWide: boolean;
  /** Rows lie in the order of time. */
  #isOrdered = true;
  /** What tells the row of the request that is being added. */
  readonly #found: number[] = [];
  #last: { slot: number; methods: CubePoint['methods']; packed: number; keys: CubePoint['keys']; row: number } | null =
    null;
  /** Row of each combination; made when the first request is added. */
  #rows: RowTable | null = null;
  /** What tells rows apart. */
  #keyColumns: NumberColumn[] = [];

  constructor(names?: Record<Dimension, string[]>, columns?: CubeColumns, size = 0) {
    this.names = names ?? byDimension(() => ['']);
    this.#codes = byDimension(() => new Map());
    this.columns = columns ?? emptyColumns(ROOM);
    this.#isWide = columns === undefined;
    this.size = size;
  }

  /** Rows of these quarters of an hour lie from `first` to before `end`, maybe with others. `to` is not included. */
  rowsOf(from: number, to: number): { first: number; end: number } {
    if (!this.#isOrdered) return { first: 0, end: this.size };
    const first = this.#rowFrom(from);
    return { first, end: Math.max(first, this.#rowFrom(to)) };
  }

  /** The first row that is not before this quarter of an hour. */
  #rowFrom(slot: number): number {
    const { slots } = this.columns;
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((slots[middle] ?? 0) < slot) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds a request; `sign` −1 takes it away again. */
  add(point: CubePoint, sign: 1 | -1 = 1): void {
    if (!this.#isWide) this.#grow();
    const row = this.#rowOf(point);
    const { measures: columns } = this.columns;
    const { measures } = point;
    // Written out, here and in `isSame`: with names out of a list this would take a tenth of a whole reading.
    addTo(columns.input, row, sign * measures.input);
    addTo(columns.cache_read, row, sign * measures.cache_read);
    addTo(columns.cache_write_5m, row, sign * measures.cache_write_5m);
    addTo(columns.cache_write_1h, row, sign * measures.cache_write_1h);
    addTo(columns.output, row, sign * measures.output);
    addTo(columns.cost, row, sign * measures.cost);
    addTo(columns.unpriced, row, sign * measures.unpriced);
    addTo(columns.requests, row, sign * measures.requests);
    addTo(columns.incomplete, row, sign * measures.incomplete);
    addTo(columns.web_searches, row, sign * measures.web_searches);
  }

  #rowOf({ at, keys, methods }: CubePoint): number {
    // A clock may be set to anything.
    const slot = Math.min(Math.max(0, Math.floor(at / SLOT_MILLIS)), LAST_SLOT);
    // The requests of a turn come one after the other, and most of them differ in their numbers only.
    const last = this.#last;
    const packed = last?.methods === methods ? last.packed : packMethods(methods);
    if (last && last.slot === slot && last.packed === packed && isSame(last.keys, keys)) return last.row;
    const row = this.#rowAt(slot, packed, keys);
    this.#last = { slot, methods, packed, keys, row };
    return row;
  }

  #rowAt(slot: number, packed: number, keys: CubePoint['keys']): number {
    this.#rows ??= this.#index();
    const rows = this.#rows;
    const found = this.#found;
    found[0] = slot;
    found[1] = packed;
    for (const [index, dimension] of DIMENSIONS.entries()) found[index + 2] = this.#codeOf(dimension, keys[dimension]);
    const known = rows.find(found, this.#keyColumns);
    if (known >= 0) return known;
    if (this.size === this.columns.slots.length) this.#grow();
    const row = this.size++;
    if (row > 0 && slot < (this.columns.slots[row - 1] ?? 0)) this.#isOrdered = false;
    for (const [index, column] of this.#keyColumns.entries()) column[row] = found[index] ?? 0;
    rows.add(row, found, this.#keyColumns);
    return row;
  }

  #grow(): void {
    this.columns = grown(this.columns, this.size);
    this.#isWide = true;
    this.#keyColumns = keyColumns(this.columns);
  }

  #codeOf(dimension: Dimension, name: string | null): number {
    if (name === null) return 0;
    const codes = this.#codes[dimension];
    const names = this.names[dimension];
    if (codes.size === 0) for (let code = 1; code < names.length; code++) codes.set(names[code] ?? '', code);
    let code = codes.get(name);
    if (code === undefined) {
      code = names.push(name) - 1;
      codes.set(name, code);
    }
    return code;
  }

  #index(): RowTable {
    const rows = new RowTable();
    this.#keyColumns = keyColumns(this.columns);
    for (let row = 0; row < this.size; row++) {
      for (const [index, column] of this.#keyColumns.entries()) this.#found[index] = column[row] ?? 0;
      rows.add(row, this.#found, this.#keyColumns);
    }
    return rows;
  }
}

const keyColumns = ({ slots, methods, dimensions }: CubeColumns): NumberColumn[] => [
  slots,
  methods,
  ...DIMENSIONS.map(dimension => dimensions[dimension]),
];

function emptyColumns(length: number): CubeColumns {
  return {
    slots: new Uint32Array(length),
    dimensions: byDimension(() => new Uint32Array(length)),
    methods: new Uint8Array(length),
    measures: byMeasure(() => new Float64Array(length)),
  };
}

function grown(from: CubeColumns, size: number): CubeColumns {
  const to = emptyColumns(Math.max(ROOM, 2 * size));
  to.slots.set(from.slots);
  to.methods.set(from.methods);
  for (const dimension of DIMENSIONS) to.dimensions[dimension].set(from.dimensions[dimension]);
  for (const measure of MEASURES) to.measures[measure].set(from.measures[measure]);
  return to;
}

export const byMeasure = <T>(make: (measure: Measure) => T): Record<Measure, T> =>
  Object.fromEntries(MEASURES.map(measure => [measure, make(measure)])) as Record<Measure, T>;

export const byDimension = <T>(make: (dimension: Dimension) => T): Record<Dimension, T> =>
  Object.fromEntries(DIMENSIONS.map(dimension => [dimension, make(dimension)])) as Record<Dimension, T>;

function addTo(column: NumberColumn, row: number, value: number): void {
  if (value !== 0) column[row] = (column[row] ?? 0) + value;
}

const isSame = (a: CubePoint['keys'], b: CubePoint['keys']): boolean =>
  a === b ||
  (a.session === b.session &&
    a.command === b.command &&
    a.agent === b.agent &&
    a.instance === b.instance &&
    a.skill === b.skill &&
    a.model === b.model &&
    a.stage === b.stage &&
    a.project === b.project &&
    a.branch === b.branch);

function packMethods(methods: CubePoint['methods']): number {
  let packed = 0;
  for (const [index, dimension] of ATTRIBUTED.entries()) {
    packed |= METHODS.indexOf(methods[dimension] ?? 'exact') << (2 * index);
  }
  return packed;
}

/** The method of a dimension in a packed column. */
export const methodOf = (packed: number, dimension: Attributed): Method =>
  METHODS[(packed >> (2 * ATTRIBUTED.indexOf(dimension))) & 3] ?? 'exact';
