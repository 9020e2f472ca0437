/** Where the ledger tells of each request. There may be a million of them: a place is a number, and most have one. */
import { isOtlpId, otlpIdOf, requestIdOf } from '../usage/request-id.ts';

export class RequestPlaces {
  /** By key: one place, or all of them. */
  readonly #places = new Map<string, number | number[]>();
  /** Ids in transcripts by the client's id of the request, and what OTLP alone told of; only once it told of any. */
  #byRequest: Map<string, string> | null = null;

  /** What OTLP told of stands under the id of the transcript, if there is one. */
  keyOf(id: string): string {
    if (isOtlpId(id)) {
      this.#byRequest ??= new Map([...this.#places.keys()].map(known => [requestIdOf(known), known]));
      return this.#byRequest.get(requestIdOf(id)) ?? id;
    }
    if (!this.#byRequest) return id;
    const request = requestIdOf(id);
    const told = this.#places.get(otlpIdOf(request));
    if (told !== undefined && request !== '') {
      this.#places.delete(otlpIdOf(request));
      this.#places.set(id, told);
    }
    if (request !== '') this.#byRequest.set(request, id);
    return id;
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  /** In the order in which they were told. */
  of(key: string): readonly number[] {
    const places = this.#places.get(key) ?? [];
    return typeof places === 'number' ? [places] : places;
  }

  add(key: string, place: number): void {
    const known = this.#places.get(key);
    if (known === undefined) this.#places.set(key, place);
    else if (typeof known === 'number') this.#places.set(key, [known, place]);
    else known.push(place);
  }

  *entries(): Generator<readonly [key: string, places: readonly number[]]> {
    for (const key of this.#places.keys()) yield [key, this.of(key)];
  }
}
