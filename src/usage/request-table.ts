/** Many requests in few objects: what a thread hands to another is copied, object by object. */
import type { BilledRequest } from './billed-request.ts';
import type { Place } from './ledger-place.ts';

/** All but the texts of each request: its time, numbers of its model, place and geo, tokens, what it is, web searches. */
const NUMBERS = 11;
/** Requests that there is room for at first. */
const ROOM = 64;
const FINAL = 1;
const FAST = 2;

/** Requests without their ids. */
export interface RequestRows {
  models: readonly string[];
  geos: readonly (string | undefined)[];
  places: readonly Place[];
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
  #numbers = new Float64Array(NUMBERS * ROOM);

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
    if (column === this.#numbers.length) this.#makeRoom();
    const numbers = this.#numbers;
    numbers[column++] = at;
    numbers[column++] = numberOf(this.#models, request.model);
    numbers[column++] = this.#placeOf(request);
    numbers[column++] = numberOf(this.#geos, request.geo);
    numbers[column++] = tokens.input;
    numbers[column++] = tokens.cache_read;
    numbers[column++] = tokens.cache_write_5m;
    numbers[column++] = tokens.cache_write_1h;
    numbers[column++] = tokens.output;
    numbers[column++] = (request.isFinal ? FINAL : 0) | (request.isFast ? FAST : 0);
    numbers[column] = webSearches;
  }

  /** The request in a row. */
  at(row: number): BilledRequest {
    return requestAt(this.#columns, row, this.#ids[row] ?? '');
  }

  build(): RequestTable {
    return { ids: this.#ids, ...this.#columns, numbers: this.#numbers.slice(0, NUMBERS * this.#ids.length) };
  }

  #makeRoom(): void {
    const numbers = new Float64Array(2 * this.#numbers.length);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }

  get #columns(): RequestRows {
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
export function requestAt({ models, geos, places, numbers }: RequestRows, index: number, id: string): BilledRequest {
  // Written out: this is done for every request of a history.
  const at = NUMBERS * index;
  const { source, owner, span, methods } = places[numbers[at + 2] ?? 0] as Place;
  const flags = numbers[at + 9] ?? 0;
  return {
    id,
    source,
    at: numbers[at] ?? 0,
    model: models[numbers[at + 1] ?? 0] ?? '',
    tokens: {
      input: numbers[at + 4] ?? 0,
      cache_read: numbers[at + 5] ?? 0,
      cache_write_5m: numbers[at + 6] ?? 0,
      cache_write_1h: numbers[at + 7] ?? 0,
      output: numbers[at + 8] ?? 0,
    },
    isFinal: (flags & FINAL) !== 0,
    isFast: (flags & FAST) !== 0,
    geo: geos[numbers[at + 3] ?? 0],
    webSearches: numbers[at + 10] ?? 0,
    owner,
    span,
    methods,
  };
}
