/** Lines of the ledger → the cube: every request once, with the usage that counts of all that was told of it. */
import type { BilledRequest } from '../usage/billed-request.ts';
import { type LedgerRules, pointOf, pointOfSum } from '../usage/cube-point.ts';
import { GoneIds, goneBlocks } from '../usage/gone-ids.ts';
import { fromLedgerLine, idOfLine, type LedgerEntry, spanOfLine } from '../usage/ledger-line.ts';
import { startOf } from '../usage/ledger-text.ts';
import { isSameRequest, requestOfTellings } from '../usage/merge-requests.ts';
import { fromSumLine, type RequestSum } from '../usage/request-sum.ts';
import { requestAt } from '../usage/request-table.ts';
import type { ScannedRequests } from '../usage/scanned-requests.ts';
import type { UsageCube } from '../usage/usage-cube.ts';
import { bySpan } from './by-span.ts';
import type { AppendedAt, LedgerCursor } from './ledger.ts';
import { appendedPlace, type LedgerFiles, segmentOf } from './ledger-files.ts';
import { RequestPlaces } from './request-places.ts';

export interface LedgerFoldState {
  files: LedgerFiles;
  cube: UsageCube;
  through: LedgerCursor;
  rules: LedgerRules;
}

/** A request as it counts, and where the ledger tells of it. */
export interface CountedRequest {
  request: BilledRequest;
  places: readonly number[];
  /** What it says there. */
  entries: readonly LedgerEntry[];
  /** Its command may still be found by its prompt. */
  isUnplaced: boolean;
}

/** A line without its line end, and what it says; null if that must be read in it. */
export interface AppendedLine {
  line: string;
  request: BilledRequest | null;
}

export class LedgerFold {
  readonly #state: LedgerFoldState;
  readonly #places = new RequestPlaces();
  /** Places of lines that name a prompt. */
  readonly #prompted = new Set<number>();
  /** Requests of which only sums are left. */
  readonly #gone = new GoneIds();
  #hasSums = false;
  /** Segments with lines of those all the same, which are passed by. */
  readonly leftIn = new Set<number>();
  damaged = 0;
  /** Something was counted. */
  isChanged = false;

  constructor(state: LedgerFoldState) {
    this.#state = state;
    this.#recall();
  }

  /** Remembers the ids of what was counted before. */
  #recall(): void {
    const { files, through } = this.#state;
    if (through.size === 0) return;
    const before: LedgerCursor = new Map();
    files.read(before, (line, place) => {
      if (place % 2 ** 32 >= (through.get(segmentOf(place)) ?? 0) || this.#takeRemains(line)) return;
      const id = idOfLine(line) ?? fromLedgerLine(line)?.request.id;
      if (id === undefined || this.isGone(id)) return;
      this.#places.add(id, place);
      if (line.includes(PROMPT_KEY)) this.#prompted.add(place);
    });
  }

  /** Counts what the ledger has and this cube has not. */
  catchUp(): void {
    const { files, through } = this.#state;
    files.read(through, (line, place) => this.#apply(line, place));
  }

  /**
   * The same of lines that were just appended: what they say is known, and is not read again.
   *
   * @param appended as `appendLedger` gives it.
   */
  catchUpWith(lines: readonly AppendedLine[], appended: AppendedAt | null): void {
    const length = lines.reduce((sum, { line }) => sum + line.length + 1, 0);
    let place = appendedPlace(this.#state.through, appended, length);
    if (place === null) return this.catchUp();
    for (const { line, request } of lines) {
      if (!request || !this.#takeNew(request, place)) this.#apply(line, place);
      place += line.length + 1;
    }
  }

  /** The same of all that a scan found, if all of it is new. */
  catchUpWithTable({ requests, hashes, lines }: ScannedRequests, appended: AppendedAt | null): void {
    const { bytes, ends } = lines;
    const first = appendedPlace(this.#state.through, appended, bytes.length - 1);
    if (first === null) return this.catchUp();
    for (let index = 0; index < ends.length; index++) {
      const place = first + startOf(ends, index) - 1;
      // Its id is in the line, and what is counted does not depend on it.
      if (this.#places.addNewOf(hashes, index, place)) this.#count(requestAt(requests, index, ''));
      else this.#apply(this.#state.files.line(place), place);
    }
  }

  /** True if nothing was told yet of any of these requests. `hashes`: of their ids. */
  isAllNew(hashes: Uint32Array): boolean {
    return this.#gone.size === 0 && !this.#places.hasAny(hashes);
  }

  /** True if a line would change what counts. */
  isNews(line: string): boolean {
    const id = idOfLine(line);
    if (id !== null && !this.#places.has(id)) return !this.#gone.has(id);
    const entry = fromLedgerLine(line);
    return entry !== null && this.isNewsOf(entry.request);
  }

  /** The same of a request. */
  isNewsOf(request: BilledRequest): boolean {
    const places = this.#places.of(request.id);
    if (places.length === 0) return !this.#gone.has(request.id);
    const tellings = this.#tellingsAt(places);
    return !isSameRequest(requestOfTellings(tellings), requestOfTellings([...tellings, request]));
  }

  /** True if the lines of this request were pruned, and its sum is what counts. */
  isGone(id: string): boolean {
    return !this.#places.has(id) && this.#gone.has(id);
  }

  /** Requests that only OTLP told of, whose command may be found by their prompt. `since`: older ones are left out. */
  unplaced(since: number): LedgerEntry[] {
    const found: LedgerEntry[] = [];
    for (const place of this.#prompted) {
      const entry = fromLedgerLine(this.#state.files.line(place));
      if (!entry || entry.request.at < since || this.#places.isJoined(entry.request.id)) continue;
      if (this.#requestAt(this.#places.of(entry.request.id))?.owner.command === null) found.push(entry);
    }
    return found;
  }

  /** What counts of the requests that these activities made themselves, by span. */
  requestsIn(spans: ReadonlySet<string>): Map<string, BilledRequest[]> {
    const told = new Map<number, readonly number[]>();
    this.#state.files.read(new Map(), line => {
      if (!spans.has(spanOfLine(line))) return;
      const id = idOfLine(line) ?? fromLedgerLine(line)?.request.id;
      const places = id === undefined ? [] : this.#places.of(id);
      for (const first of places.slice(0, 1)) told.set(first, places);
    });
    const requests = [...told.values()].flatMap(places => this.#requestAt(places) ?? []);
    return bySpan(requests, spans);
  }

  /** Sums of what was pruned of the requests of these activities, by span. */
  sumsIn(spans: ReadonlySet<string>): Map<string, RequestSum[]> {
    const sums: RequestSum[] = [];
    if (this.#hasSums) {
      this.#state.files.read(new Map(), line => {
        const sum = spans.has(spanOfLine(line)) ? fromSumLine(line) : null;
        if (sum) sums.push(sum);
      });
    }
    return bySpan(sums, spans);
  }

  /** All requests that the ledger has lines of. */
  *requests(): Generator<CountedRequest> {
    for (const places of this.#places.all()) {
      const entries = this.#entriesAt(places);
      const request = requestOfTellings(entries.map(entry => entry.request));
      if (!request) continue;
      const isUnplaced = request.owner.command === null && places.some(place => this.#prompted.has(place));
      yield { request, places, entries, isUnplaced };
    }
  }

  #apply(line: string, place: number): void {
    const { cube, rules } = this.#state;
    if (this.#takeRemains(line, sum => cube.add(pointOfSum(sum, rules)))) {
      this.isChanged = true;
      return;
    }
    const entry = fromLedgerLine(line);
    if (!entry) {
      this.damaged++;
      return;
    }
    const { request } = entry;
    if (this.#gone.size > 0 && this.isGone(request.id)) {
      this.leftIn.add(segmentOf(place));
      return;
    }
    if (entry.prompt !== undefined) this.#prompted.add(place);
    if (this.#takeNew(request, place)) return;
    const tellings = this.#tellingsAt(this.#places.of(request.id));
    const kept = requestOfTellings(tellings);
    const counts = requestOfTellings([...tellings, request]);
    this.#places.add(request.id, place);
    if (isSameRequest(kept, counts)) return;
    this.isChanged = true;
    if (kept) cube.add(pointOf(kept, rules), -1);
    if (counts) cube.add(pointOf(counts, rules), 1);
  }

  /** Counts a request of which nothing was told yet. Returns false if something was. */
  #takeNew(request: BilledRequest, place: number): boolean {
    if (this.#gone.has(request.id) || !this.#places.addNew(request.id, place)) return false;
    this.#count(request);
    return true;
  }

  #count(request: BilledRequest): void {
    const { cube, rules } = this.#state;
    this.isChanged = true;
    cube.add(pointOf(request, rules));
  }

  /** True if the line is what is left of pruned requests: their ids, or a sum. */
  #takeRemains(line: string, onSum?: (sum: RequestSum) => void): boolean {
    const blocks = goneBlocks(line);
    for (const block of blocks ?? []) this.#gone.add(block);
    if (blocks) return true;
    const sum = fromSumLine(line);
    if (!sum) return false;
    this.#hasSums = true;
    onSum?.(sum);
    return true;
  }

  #requestAt(places: readonly number[]): BilledRequest | null {
    return requestOfTellings(this.#tellingsAt(places));
  }

  #tellingsAt(places: readonly number[]): BilledRequest[] {
    return this.#entriesAt(places).map(({ request }) => request);
  }

  #entriesAt(places: readonly number[]): LedgerEntry[] {
    return places.flatMap(place => fromLedgerLine(this.#state.files.line(place)) ?? []);
  }
}

const PROMPT_KEY = ',"prompt":';
