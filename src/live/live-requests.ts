/** Requests of the ledger as a live view needs them: what is spent right now, and what an open activity has used. */
import { ledgerRules } from '../ledger-rules.ts';
import type { UsageRow } from '../model/document-schema.ts';
import { addRows } from '../query/usage-below.ts';
import { readPricing } from '../store/read-pricing.ts';
import { RequestsBySpan } from '../store/requests-by-span.ts';
import { type BilledRequest, totalTokens } from '../usage/billed-request.ts';
import type { LedgerRules } from '../usage/cube-point.ts';
import { fromLedgerLine } from '../usage/ledger-line.ts';

/** What an activity has used is worked out anew this often at least: prices are edited. */
const FORGET_MILLIS = 60_000;
/** Requests that are younger are kept as they are. */
const RECENT_MILLIS = 900_000;

export interface LiveRequestsOptions {
  stateDir: string;
  /** `usage_pricing.json` of the package. */
  pricingPath: string;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** What was used in a minute, on average. */
export interface Burn {
  /** How many minutes it is the average of. */
  minutes: number;
  tokens_per_minute: number;
  output_tokens_per_minute: number;
  /** USD. */
  cost_per_minute: number;
  requests: number;
}

export class LiveRequests {
  readonly #options: LiveRequestsOptions;
  readonly #requests: RequestsBySpan;
  readonly #recent = new Map<string, BilledRequest>();
  /** Spans that asked each model. */
  readonly #spansOf = new Map<string, Set<string>>();
  /** What activities have used: their requests lie on the disk, and a screen asks every second. */
  readonly #usage = new Map<string, UsageRow | null>();
  #forgottenAt = 0;
  #rules: LedgerRules | null = null;
  /** Lines that were read. */
  #lines = 0;

  constructor(options: LiveRequestsOptions) {
    this.#options = options;
    this.#requests = new RequestsBySpan(options.stateDir, (line, span) => this.#take(line, span));
  }

  /** Takes in what the ledger has new. Returns true if there was anything. */
  refresh(): boolean {
    const { stateDir, pricingPath, now } = this.#options;
    const before = this.#lines;
    this.#requests.refresh();
    // Prices are read when there is something to price: reading them takes longer than the look.
    const hasNews = this.#lines !== before;
    if (hasNews || !this.#rules) this.#rules = ledgerRules(readPricing(stateDir, pricingPath).table, []);
    if (now() - this.#forgottenAt > FORGET_MILLIS) {
      this.#usage.clear();
      this.#forgottenAt = now();
    }
    for (const [id, { at }] of this.#recent) if (at < now() - RECENT_MILLIS) this.#recent.delete(id);
    return hasNews;
  }

  /** Ids of models that were asked. */
  get models(): string[] {
    return [...this.#spansOf.keys()].sort();
  }

  /** Span ids of the activities that asked a model with this in its id. */
  spansOfModel(text: string): Set<string> {
    const wanted = text.toLowerCase();
    const spans = new Set<string>();
    for (const [model, of] of this.#spansOf) {
      if (model.toLowerCase().includes(wanted)) for (const span of of) spans.add(span);
    }
    return spans;
  }

  /** Of the last minutes. */
  burn(minutes: number): Burn {
    const since = this.#options.now() - minutes * 60_000;
    const sum = { tokens: 0, output: 0, cost: 0, requests: 0 };
    for (const request of this.#recent.values()) {
      if (request.at < since) continue;
      sum.requests++;
      sum.tokens += totalTokens(request.tokens);
      sum.output += request.tokens.output;
      sum.cost += this.#costOf(request) ?? 0;
    }
    return {
      minutes,
      tokens_per_minute: sum.tokens / minutes,
      output_tokens_per_minute: sum.output / minutes,
      cost_per_minute: sum.cost / 1e9 / minutes,
      requests: sum.requests,
    };
  }

  /** What an activity has used itself so far; null if nothing is known of it. */
  usageOf(span: string): UsageRow | null {
    const known = this.#usage.get(span);
    if (known !== undefined) return known;
    let sum: UsageRow | undefined;
    for (const request of this.#requests.of(span)) sum = addRows(sum, this.#rowOf(request));
    this.#usage.set(span, sum ?? null);
    return sum ?? null;
  }

  close(): void {
    this.#requests.close();
  }

  #rowOf(request: BilledRequest): UsageRow {
    const { tokens } = request;
    const cost = this.#costOf(request);
    return {
      input_tokens: tokens.input,
      output_tokens: tokens.output,
      cache_read_tokens: tokens.cache_read,
      cache_write_5m_tokens: tokens.cache_write_5m,
      cache_write_1h_tokens: tokens.cache_write_1h,
      requests: 1,
      cost: cost === null ? undefined : cost / 1e9,
      unpriced_tokens: cost === null ? totalTokens(tokens) : undefined,
    };
  }

  #costOf(request: BilledRequest): number | null {
    return this.#rules?.costOf(request) ?? null;
  }

  #take(line: string, span: string): void {
    this.#lines++;
    this.#usage.delete(span);
    const model = /"model":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
    if (model !== undefined && span !== '') {
      const spans = this.#spansOf.get(model);
      if (spans) spans.add(span);
      else this.#spansOf.set(model, new Set([span]));
    }
    const at = Number(/"at":(\d+)/.exec(line)?.[1]);
    if (!(at >= this.#options.now() - RECENT_MILLIS)) return;
    const request = fromLedgerLine(line)?.request;
    if (request) this.#recent.set(request.id, request);
  }
}
