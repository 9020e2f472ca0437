/** Many requests in few objects: what a thread hands to another is copied, object by object. */
import type { BilledRequest } from './billed-request.ts';
import type { Place } from './ledger-place.ts';

/** All but the texts of each request: its time, numbers of its model, place and geo, tokens, what it is, web searches. */
const NUMBERS = 11;
const FINAL = 1;
const FAST = 2;

interface Columns {
  models: readonly string[];
  geos: readonly (string | undefined)[];
  places: readonly Place[];
  numbers: ArrayLike<number>;
}

/** Requests without their ids. */
export interface RequestRows extends Columns {
  numbers: Float64Array;
}

export interface RequestTable extends RequestRows {
  ids: readonly string[];
}

/** Rows instead of objects here too: what lives for as long as a file is read is moved by the engine again and again. */
export class RequestTableBuilder {
  readonly #ids: string[] = [];
  readonly #models: string[] = [];
  readonly #geos: (string | undefined)[] = [];
  readonly #places: Place[] = [];
  readonly #numbers: number[] = [];

  /** Returns the row of the request. */
  add(request: BilledRequest): number {
    const row = this.#ids.length;
    this.set(row, request);
    return row;
  }

  /** Puts a request into a row, in place of what it held. */
  set(row: number, request: BilledRequest): void {
    const { at, tokens, webSearches } = request;
    this.#ids[row] = request.id;
    let column = NUMBERS * row;
    this.#numbers[column++] = at;
    this.#numbers[column++] = numberOf(this.#models, request.model);
    this.#numbers[column++] = this.#placeOf(request);
    this.#numbers[column++] = numberOf(this.#geos, request.geo);
    this.#numbers[column++] = tokens.input;
    this.#numbers[column++] = tokens.cache_read;
    this.#numbers[column++] = tokens.cache_write_5m;
    this.#numbers[column++] = tokens.cache_write_1h;
    this.#numbers[column++] = tokens.output;
    this.#numbers[column++] = (request.isFinal ? FINAL : 0) | (request.isFast ? FAST : 0);
    this.#numbers[column] = webSearches;
  }

  /** The request in a row. */
  at(row: number): BilledRequest {
    return requestAt(this.#columns, row, this.#ids[row] ?? '');
  }

  build(): RequestTable {
    return { ids: this.#ids, ...this.#columns, numbers: new Float64Array(this.#numbers) };
  }

  get #columns(): Columns {
    return {
      models: this.#models,
      geos: this.#geos,
      places: this.#places,
      numbers: this.#numbers,
    };
  }

  /** The requests of a turn come one after the other, and share these. */
  #placeOf({ source, owner, span, methods }: BilledRequest): number {
    const last = this.#places.at(-1);
    const isLast = last?.owner === owner && last.span === span && last.methods === methods && last.source === source;
    return isLast ? this.#places.length - 1 : this.#places.push({ source, owner, span, methods }) - 1;
  }
}

/** The place of a text in a short list, at the end of which it is put if it is not in it. */
function numberOf<T>(list: T[], value: T): number {
  const found = list.lastIndexOf(value);
  return found >= 0 ? found : list.push(value) - 1;
}

/** The request at an index of a table. `id`: its id, which stands apart. */
export function requestAt({ models, geos, places, numbers }: Columns, index: number, id: string): BilledRequest {
  const at = NUMBERS * index;
  const number = (column: number): number => numbers[at + column] ?? 0;
  const { source, owner, span, methods } = places[number(2)] as Place;
  const flags = number(9);
  return {
    id,
    source,
    at: number(0),
    model: models[number(1)] ?? '',
    tokens: {
      input: number(4),
      cache_read: number(5),
      cache_write_5m: number(6),
      cache_write_1h: number(7),
      output: number(8),
    },
    isFinal: (flags & FINAL) !== 0,
    isFast: (flags & FAST) !== 0,
    geo: geos[number(3)],
    webSearches: number(10),
    owner,
    span,
    methods,
  };
}
