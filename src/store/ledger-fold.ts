/** Lines of the ledger → the cube: every request once, with the usage that counts of all that was told of it. */
import { type BilledRequest, type Method, totalTokens } from '../usage/billed-request.ts';
import { fromLedgerLine, idOfLine, type LedgerEntry } from '../usage/ledger-line.ts';
import { mergeRequests } from '../usage/merge-requests.ts';
import type { CubePoint, UsageCube } from '../usage/usage-cube.ts';
import { type LedgerCursor, readLedger, readLedgerLine } from './ledger.ts';

export interface LedgerRules {
  /** In nano-dollars; null if no price is known. */
  costOf(request: BilledRequest): number | null;
  /** By the rules of the settings. */
  stageOf(request: BilledRequest): { stage: string | null; method: Method };
}

export interface LedgerFoldState {
  stateDir: string;
  cube: UsageCube;
  through: LedgerCursor;
  rules: LedgerRules;
}

export class LedgerFold {
  readonly #state: LedgerFoldState;
  /** Where each request is told of: one place, or all of them. */
  readonly #places = new Map<string, number | number[]>();
  /** Ids in transcripts by the client's id of the request, and what OTLP alone told of; only once it told of any. */
  #byRequest: Map<string, string> | null = null;
  /** Places of lines that name a prompt. */
  readonly #prompted = new Set<number>();
  damaged = 0;
  /** Something was counted. */
  isChanged = false;

  constructor(state: LedgerFoldState) {
    this.#state = state;
    this.#recall();
  }

  /** Remembers the ids of what was counted before. */
  #recall(): void {
    const { stateDir, through } = this.#state;
    if (through.size === 0) return;
    const before: LedgerCursor = new Map();
    readLedger(stateDir, before, (line, place) => {
      const isCounted = place % 2 ** 32 < (through.get(Math.floor(place / 2 ** 32)) ?? 0);
      const id = isCounted ? (idOfLine(line) ?? fromLedgerLine(line)?.request.id) : undefined;
      if (id !== undefined) this.#place(this.#keyOf(id), place);
      if (line.includes(PROMPT_KEY)) this.#prompted.add(place);
    });
  }

  /** Counts what the ledger has and this cube has not. */
  catchUp(): void {
    const { stateDir, through } = this.#state;
    readLedger(stateDir, through, (line, place) => this.#apply(line, place));
  }

  /** True if a line would change what counts. */
  isNews(line: string): boolean {
    const id = idOfLine(line);
    if (id !== null && !this.#places.has(this.#keyOf(id))) return true;
    const entry = fromLedgerLine(line);
    if (!entry) return false;
    const kept = this.#requestOf(this.#keyOf(entry.request.id));
    return kept === null || mergeRequests(kept, entry.request) !== kept;
  }

  /** Requests that only OTLP told of, whose command may be found by their prompt. `since`: older ones are left out. */
  unplaced(since: number): LedgerEntry[] {
    const found: LedgerEntry[] = [];
    for (const place of this.#prompted) {
      const entry = fromLedgerLine(readLedgerLine(this.#state.stateDir, place));
      if (!entry || entry.request.at < since || this.#keyOf(entry.request.id) !== entry.request.id) continue;
      if (this.#requestOf(entry.request.id)?.owner.command === null) found.push(entry);
    }
    return found;
  }

  /** What counts of the requests that these activities made themselves, by span. */
  requestsIn(spans: ReadonlySet<string>): Map<string, BilledRequest[]> {
    const keys = new Set<string>();
    readLedger(this.#state.stateDir, new Map(), line => {
      const at = line.lastIndexOf(SPAN_KEY) + SPAN_KEY.length;
      if (at < SPAN_KEY.length || !spans.has(line.slice(at, at + SPAN_DIGITS))) return;
      const id = idOfLine(line) ?? fromLedgerLine(line)?.request.id;
      if (id !== undefined) keys.add(this.#keyOf(id));
    });
    const found = new Map<string, BilledRequest[]>();
    for (const key of keys) {
      const request = this.#requestOf(key);
      if (!request?.span || !spans.has(request.span)) continue;
      const list = found.get(request.span) ?? [];
      found.set(request.span, list);
      list.push(request);
    }
    return found;
  }

  #apply(line: string, place: number): void {
    const entry = fromLedgerLine(line);
    if (!entry) {
      this.damaged++;
      return;
    }
    const { request } = entry;
    const key = this.#keyOf(request.id);
    const kept = this.#requestOf(key);
    const counts = kept ? mergeRequests(kept, request) : request;
    this.#place(key, place);
    if (entry.prompt !== undefined) this.#prompted.add(place);
    if (kept === counts) return;
    this.isChanged = true;
    if (kept) this.#state.cube.add(this.#point(kept), -1);
    this.#state.cube.add(this.#point(counts), 1);
  }

  /** What OTLP told of stands under the id of the transcript, if there is one. */
  #keyOf(id: string): string {
    if (id.startsWith(OTLP)) {
      this.#byRequest ??= new Map([...this.#places.keys()].map(known => [requestIdOf(known), known]));
      return this.#byRequest.get(id.slice(OTLP.length)) ?? id;
    }
    if (!this.#byRequest) return id;
    const request = requestIdOf(id);
    const told = this.#places.get(OTLP + request);
    if (told !== undefined && request !== '') {
      this.#places.delete(OTLP + request);
      this.#places.set(id, told);
    }
    if (request !== '') this.#byRequest.set(request, id);
    return id;
  }

  #place(key: string, place: number): void {
    const known = this.#places.get(key);
    if (known === undefined) this.#places.set(key, place);
    else if (typeof known === 'number') this.#places.set(key, [known, place]);
    else known.push(place);
  }

  #requestOf(key: string): BilledRequest | null {
    const places = this.#places.get(key);
    if (places === undefined) return null;
    let request: BilledRequest | null = null;
    for (const place of typeof places === 'number' ? [places] : places) {
      const told = fromLedgerLine(readLedgerLine(this.#state.stateDir, place))?.request;
      if (told) request = request ? mergeRequests(request, told) : told;
    }
    return request;
  }

  #point(request: BilledRequest): CubePoint {
    const { rules } = this.#state;
    const { tokens, owner, methods } = request;
    const cost = rules.costOf(request);
    const byRules = owner.stage === null ? rules.stageOf(request) : null;
    const { session, project, branch, command, agent, instance, skill } = owner;
    const { input, cache_read, cache_write_5m, cache_write_1h, output } = tokens;
    const stage = byRules ? byRules.stage : owner.stage;
    return {
      at: request.at,
      keys: { model: request.model, stage, command, agent, instance, skill, session, project, branch },
      methods: byRules && byRules.method !== 'exact' ? { ...methods, stage: byRules.method } : methods,
      measures: {
        input,
        cache_read,
        cache_write_5m,
        cache_write_1h,
        output,
        cost: cost ?? 0,
        unpriced: cost === null ? totalTokens(tokens) : 0,
        requests: 1,
        incomplete: request.isFinal ? 0 : 1,
        web_searches: request.webSearches,
      },
    };
  }
}

const OTLP = 'otlp:';
const PROMPT_KEY = ',"prompt":';
const SPAN_KEY = '"span":"';
const SPAN_DIGITS = 16;

/** The client's id of the request in an id; empty if there is none, or it is a part of a response. */
function requestIdOf(id: string): string {
  const cut = id.indexOf(':');
  return cut < 0 || id.includes('#') ? '' : id.slice(cut + 1);
}
