/**
 * Where the ledger tells of each request. There may be a million of them, and ids as texts would be most of the memory:
 * of an id 96 bits of its hash are kept, in a table without objects.
 */
import { HASH_WORDS, hashId, OTLP, type RequestHash, WHOLE } from '../usage/request-hash.ts';

const FIRST_SLOTS = 1 << 10;

/** A place of the ledger is positive: 0 is an empty slot, and a negative number an index of `#many`. */
export class RequestPlaces {
  /** The hashes of the ids. */
  #first = new Uint32Array(FIRST_SLOTS);
  #second = new Uint32Array(FIRST_SLOTS);
  #before = new Uint32Array(FIRST_SLOTS);
  #places = new Float64Array(FIRST_SLOTS);
  #used = 0;
  /** All places of those that have many. */
  readonly #many: number[][] = [];
  /** What stands before the client's id of a request that is known; only once OTLP told of any. */
  #byRequest: Map<number, number> | null = null;
  /** What OTLP told first, and a transcript then. */
  readonly #adopted = new Set<number>();
  /** Of the id that was asked for last. */
  readonly #hash: RequestHash = { first: 0, second: 0, before: 0 };

  /** What OTLP told and what a transcript told of a request stand together, and are found by the ids of both. */
  has(id: string): boolean {
    return this.#isUsed(this.#find(id));
  }

  /** In the order in which they were told. */
  of(id: string): readonly number[] {
    return this.#at(this.#find(id));
  }

  /** True if a transcript told of the request that OTLP tells of by this id. */
  isJoined(id: string): boolean {
    const slot = this.#find(id);
    if (this.#hash.before !== OTLP || !this.#isUsed(slot)) return false;
    return this.#before[slot] !== OTLP || this.#adopted.has(requestOf(this.#hash));
  }

  add(id: string, place: number): void {
    const slot = this.#find(id);
    if (!this.#isUsed(slot)) return this.#put(slot, place);
    if (this.#before[slot] === OTLP && this.#hash.before !== OTLP) this.#adopted.add(requestOf(this.#hash));
    this.#addTo(slot, place);
  }

  /** Adds a place of a request of which none is known. Returns false if there is one. */
  addNew(id: string, place: number): boolean {
    hashId(id, this.#hash);
    return this.#addNew(place);
  }

  /** The same of a hash out of many: the one at this index. */
  addNewOf(hashes: Uint32Array, index: number, place: number): boolean {
    this.#take(hashes, index);
    return this.#addNew(place);
  }

  /** True if any place is known of any of these. */
  hasAny(hashes: Uint32Array): boolean {
    for (let index = 0; index < hashes.length / HASH_WORDS; index++) {
      this.#take(hashes, index);
      if (this.#isUsed(this.#found())) return true;
    }
    return false;
  }

  #take(hashes: Uint32Array, index: number): void {
    const at = HASH_WORDS * index;
    this.#hash.first = hashes[at] ?? 0;
    this.#hash.second = hashes[at + 1] ?? 0;
    this.#hash.before = hashes[at + 2] ?? 0;
  }

  #addNew(place: number): boolean {
    const slot = this.#found();
    if (this.#isUsed(slot)) return false;
    this.#put(slot, place);
    return true;
  }

  /** The places of each request, in the order in which they were first told. */
  all(): (readonly number[])[] {
    const lists: (readonly number[])[] = [];
    for (let slot = 0; slot < this.#places.length; slot++) if (this.#isUsed(slot)) lists.push(this.#at(slot));
    return lists.sort(([a = 0], [b = 0]) => a - b);
  }

  #isUsed(slot: number): boolean {
    return this.#places[slot] !== 0;
  }

  #at(slot: number): readonly number[] {
    const place = this.#places[slot] ?? 0;
    if (place === 0) return [];
    return place > 0 ? [place] : (this.#many[-1 - place] ?? []);
  }

  #put(slot: number, place: number): void {
    this.#first[slot] = this.#hash.first;
    this.#second[slot] = this.#hash.second;
    this.#before[slot] = this.#hash.before;
    this.#places[slot] = place;
    if (this.#byRequest && this.#hash.before !== WHOLE) this.#byRequest.set(requestOf(this.#hash), this.#hash.before);
    if (++this.#used > this.#places.length / 2) this.#grow();
  }

  #addTo(slot: number, place: number): void {
    const known = this.#places[slot] ?? 0;
    if (known < 0) this.#many[-1 - known]?.push(place);
    else this.#places[slot] = -this.#many.push([known, place]);
  }

  #find(id: string): number {
    hashId(id, this.#hash);
    return this.#found();
  }

  /** The slot of what is asked for, or the empty one for it. */
  #found(): number {
    const { before } = this.#hash;
    if (before === OTLP) this.#byRequest ??= this.#requests();
    const slot = this.#slotOf(this.#hash, before);
    if (!this.#byRequest || before === WHOLE || this.#isUsed(slot)) return slot;
    const known = this.#byRequest.get(requestOf(this.#hash));
    const isOther = known !== undefined && (before === OTLP || known === OTLP);
    return isOther ? this.#slotOf(this.#hash, known) : slot;
  }

  #slotOf({ first, second }: Words, before: number): number {
    const mask = this.#places.length - 1;
    let slot = startOf(first, before) & mask;
    for (; this.#places[slot] !== 0; slot = (slot + 1) & mask) {
      if (this.#first[slot] === first && this.#second[slot] === second && this.#before[slot] === before) break;
    }
    return slot;
  }

  #requests(): Map<number, number> {
    const known = new Map<number, number>();
    for (const [slot, place] of this.#places.entries()) {
      const before = this.#before[slot] ?? WHOLE;
      if (place === 0 || before === WHOLE) continue;
      known.set(requestOf({ first: this.#first[slot] ?? 0, second: this.#second[slot] ?? 0 }), before);
    }
    return known;
  }

  #grow(): void {
    const [firsts, seconds, befores, places] = [this.#first, this.#second, this.#before, this.#places];
    const size = 2 * places.length;
    this.#first = new Uint32Array(size);
    this.#second = new Uint32Array(size);
    this.#before = new Uint32Array(size);
    this.#places = new Float64Array(size);
    // Written out: iterating would make an array of each slot.
    for (let from = 0; from < places.length; from++) {
      const place = places[from] ?? 0;
      if (place === 0) continue;
      const words = { first: firsts[from] ?? 0, second: seconds[from] ?? 0 };
      const before = befores[from] ?? 0;
      const slot = this.#slotOf(words, before);
      this.#first[slot] = words.first;
      this.#second[slot] = words.second;
      this.#before[slot] = before;
      this.#places[slot] = place;
    }
  }
}

type Words = Pick<RequestHash, 'first' | 'second'>;

/** The words of the id of a request as one number, as far as it has room for them. */
const requestOf = ({ first, second }: Words): number => (first & 0x1f_ffff) * 2 ** 32 + second;

/** Where an id is looked for first: many may have the one part or the other in common. */
const startOf = (first: number, before: number): number => first ^ Math.imul(before, 0x9e3779b1);
