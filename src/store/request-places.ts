/**
 * Where the ledger tells of each request. There may be a million of them, and ids as texts would be most of the memory:
 * of an id 96 bits of its hash are kept, in a table without objects.
 */
import { isOtlpId } from '../usage/request-id.ts';

const FIRST_SLOTS = 1 << 10;
/** What stands for the part before the request's id, where there is none. */
const OTLP = 0;
const WHOLE = 1;

/** A place of the ledger is positive: 0 is an empty slot, and a negative number an index of `#many`. */
export class RequestPlaces {
  /** Two words of the client's id of the request, or of the whole id; and one of what stands before that. */
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
    if (hashed.before !== OTLP || !this.#isUsed(slot)) return false;
    return this.#before[slot] !== OTLP || this.#adopted.has(requestOf(hashed));
  }

  add(id: string, place: number): void {
    const slot = this.#find(id);
    if (!this.#isUsed(slot)) return this.#put(slot, place);
    if (this.#before[slot] === OTLP && hashed.before !== OTLP) this.#adopted.add(requestOf(hashed));
    this.#addTo(slot, place);
  }

  /** Adds a place of a request of which none is known. Returns false if there is one. */
  addNew(id: string, place: number): boolean {
    const slot = this.#find(id);
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
    this.#first[slot] = hashed.first;
    this.#second[slot] = hashed.second;
    this.#before[slot] = hashed.before;
    this.#places[slot] = place;
    if (this.#byRequest && hashed.before !== WHOLE) this.#byRequest.set(requestOf(hashed), hashed.before);
    if (++this.#used > this.#places.length / 2) this.#grow();
  }

  #addTo(slot: number, place: number): void {
    const known = this.#places[slot] ?? 0;
    if (known < 0) this.#many[-1 - known]?.push(place);
    else this.#places[slot] = -this.#many.push([known, place]);
  }

  /** The slot of an id, or the empty one for it. Leaves its words in `hashed`. */
  #find(id: string): number {
    hashId(id);
    const { before } = hashed;
    if (before === OTLP) this.#byRequest ??= this.#requests();
    const slot = this.#slotOf(hashed, before);
    if (!this.#byRequest || before === WHOLE || this.#isUsed(slot)) return slot;
    const known = this.#byRequest.get(requestOf(hashed));
    const isOther = known !== undefined && (before === OTLP || known === OTLP);
    return isOther ? this.#slotOf(hashed, known) : slot;
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

interface Words {
  first: number;
  second: number;
}

/** The words of the id of a request as one number, as far as it has room for them. */
const requestOf = ({ first, second }: Words): number => (first & 0x1f_ffff) * 2 ** 32 + second;

/** Where an id is looked for first: many may have the one part or the other in common. */
const startOf = (first: number, before: number): number => first ^ Math.imul(before, 0x9e3779b1);

/** The words of the id that was asked for last. */
const hashed = { first: 0, second: 0, before: 0 };

/** `msg_…:req_…` in its two parts; an id of another kind as a whole. */
function hashId(id: string): void {
  const cut = id.includes('#') ? -1 : id.indexOf(':');
  const isWhole = cut < 0 || cut === id.length - 1;
  const from = isWhole ? 0 : cut + 1;
  let first = isWhole ? 0x2545f491 : 0x9e3779b9;
  let second = 0x7feb352d;
  for (let at = from; at < id.length; at++) {
    const code = id.charCodeAt(at);
    first = Math.imul(turned(first) ^ code, 0x85ebca6b);
    second = Math.imul(turned(second) ^ code, 0xc2b2ae35);
  }
  hashed.first = mixed(first ^ (id.length - from));
  hashed.second = mixed(second ^ hashed.first);
  if (isWhole) hashed.before = WHOLE;
  else if (isOtlpId(id)) hashed.before = OTLP;
  else {
    let before = 0x165667b1;
    for (let at = 0; at < cut; at++) before = Math.imul(turned(before) ^ id.charCodeAt(at), 0x27d4eb2f);
    hashed.before = Math.max(mixed(before), WHOLE + 1);
  }
}

const turned = (word: number): number => (word << 5) | (word >>> 27);

/** Each bit of a word changes about half of the bits of what this gives. The numbers are Chris Wellons's, lowbias32. */
function mixed(word: number): number {
  let x = Math.imul(word ^ (word >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
