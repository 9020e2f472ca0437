/** Many requests in few objects: what a thread hands to another is copied, object by object. */
import type { BilledRequest } from './billed-request.ts';
import type { Place } from './ledger-place.ts';

/** All but the texts of each request: its time, numbers of its model, place and geo, tokens, what it is, web searches. */
const NUMBERS = 11;
const FINAL = 1;
const FAST = 2;

export interface RequestTable {
  ids: readonly string[];
  models: readonly string[];
  geos: readonly (string | undefined)[];
  places: readonly Place[];
  numbers: Float64Array;
}

export class RequestTableBuilder {
  readonly #ids: string[] = [];
  readonly #models: string[] = [];
  readonly #geos: (string | undefined)[] = [];
  readonly #places: Place[] = [];
  readonly #numbers: number[] = [];

  add(request: BilledRequest): void {
    const { at, tokens, webSearches } = request;
    this.#ids.push(request.id);
    this.#numbers.push(
      at,
      numberOf(this.#models, request.model),
      this.#placeOf(request),
      numberOf(this.#geos, request.geo),
      tokens.input,
      tokens.cache_read,
      tokens.cache_write_5m,
      tokens.cache_write_1h,
      tokens.output,
      (request.isFinal ? FINAL : 0) | (request.isFast ? FAST : 0),
      webSearches,
    );
  }

  build(): RequestTable {
    const [ids, models, geos, places] = [this.#ids, this.#models, this.#geos, this.#places];
    return { ids, models, geos, places, numbers: Float64Array.from(this.#numbers) };
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

/** The request at an index of a table. */
export function requestAt({ ids, models, geos, places, numbers }: RequestTable, index: number): BilledRequest {
  const at = NUMBERS * index;
  const number = (column: number): number => numbers[at + column] ?? 0;
  const { source, owner, span, methods } = places[number(2)] as Place;
  const flags = number(9);
  return {
    id: ids[index] ?? '',
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

/** What the request at an index belongs to. */
export const placeAt = ({ places, numbers }: RequestTable, index: number): Place =>
  places[numbers[NUMBERS * index + 2] ?? 0] as Place;
