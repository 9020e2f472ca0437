/**
 * What is left of requests whose lines were pruned: their sum, by quarter of an hour and by everything that they belong
 * to. Costs are those of the day of the pruning; what had no price then stays open for one.
 */
import { isCount } from '../model/count-of.ts';
import type { TokenCounts } from '../model/fact.ts';
import type { BilledRequest } from './billed-request.ts';
import { PLACE_KEY, placeOf, placeText } from './ledger-place.ts';
import { SLOT_MILLIS } from './usage-cube.ts';

export interface RequestSum extends Pick<BilledRequest, 'source' | 'owner' | 'span' | 'methods' | 'model'> {
  /** The beginning of the quarter of an hour, in milliseconds since 1970. */
  at: number;
  tokens: TokenCounts;
  requests: number;
  /** Requests without a final usage. */
  incomplete: number;
  webSearches: number;
  /** In nano-dollars; null if no price was known. */
  cost: number | null;
  /** These matter where a price may still come. */
  isFast: boolean;
  geo?: string | undefined;
}

const PREFIX = '{"sum":';

/** A sum of one. `cost`: in nano-dollars; null if no price is known. */
export function sumOfRequest(request: BilledRequest, cost: number | null): RequestSum {
  const { at, model, tokens, isFinal, isFast, geo, webSearches, source, owner, span, methods } = request;
  return {
    at: Math.floor(Math.max(0, at) / SLOT_MILLIS) * SLOT_MILLIS,
    model,
    tokens,
    requests: 1,
    incomplete: isFinal ? 0 : 1,
    webSearches,
    cost,
    isFast: cost === null && isFast,
    geo: cost === null ? geo : undefined,
    source,
    owner,
    span,
    methods,
  };
}

/** Adds a sum to those that it goes with, each under a key of its own. */
export function addSum(sums: Map<string, RequestSum>, more: RequestSum): void {
  const { at, model, cost, isFast, geo } = more;
  const key = `${at}\n${model}\n${cost === null}\n${isFast}\n${geo ?? ''}\n${placeText(more)}`;
  const known = sums.get(key);
  sums.set(key, known ? added(known, more) : more);
}

const added = (a: RequestSum, b: RequestSum): RequestSum => ({
  ...a,
  tokens: {
    input: a.tokens.input + b.tokens.input,
    cache_read: a.tokens.cache_read + b.tokens.cache_read,
    cache_write_5m: a.tokens.cache_write_5m + b.tokens.cache_write_5m,
    cache_write_1h: a.tokens.cache_write_1h + b.tokens.cache_write_1h,
    output: a.tokens.output + b.tokens.output,
  },
  requests: a.requests + b.requests,
  incomplete: a.incomplete + b.incomplete,
  webSearches: a.webSearches + b.webSearches,
  cost: a.cost === null || b.cost === null ? null : a.cost + b.cost,
});

/** A line of the ledger, without a line end. */
export function toSumLine(sum: RequestSum): string {
  const { at, model, tokens, requests, incomplete, webSearches, cost, isFast, geo } = sum;
  const { input, cache_read, cache_write_5m, cache_write_1h, output } = tokens;
  let line = `${PREFIX}${requests},"at":${at},"model":${JSON.stringify(model)}`;
  line += `,"t":[${input},${cache_read},${cache_write_5m},${cache_write_1h},${output}]`;
  if (incomplete > 0) line += `,"inc":${incomplete}`;
  if (webSearches > 0) line += `,"web":${webSearches}`;
  if (cost !== null) line += `,"cost":${cost}`;
  if (isFast) line += ',"fast":1';
  if (geo !== undefined) line += `,"geo":${JSON.stringify(geo)}`;
  return `${line}${PLACE_KEY}${placeText(sum)}}`;
}

/** The sum in a line; null if it is another line, or damaged. */
export function fromSumLine(line: string): RequestSum | null {
  const place = line.startsWith(PREFIX) ? placeOf(line) : null;
  if (!place) return null;
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(`${line.slice(0, line.indexOf(PLACE_KEY))}}`) as Record<string, unknown>;
  } catch {
    return null;
  }
  const { sum: requests, at, model, t, inc = 0, web = 0, cost = null, fast, geo } = value;
  if (!Number.isSafeInteger(at) || ![requests, inc, web].every(isCount) || typeof model !== 'string') return null;
  if (!Array.isArray(t) || t.length !== 5 || !t.every(isCount)) return null;
  const [input = 0, cache_read = 0, cache_write_5m = 0, cache_write_1h = 0, output = 0] = t as number[];
  return {
    at: at as number,
    model,
    tokens: { input, cache_read, cache_write_5m, cache_write_1h, output },
    requests: requests as number,
    incomplete: inc as number,
    webSearches: web as number,
    cost: isCount(cost) ? cost : null,
    isFast: fast === 1,
    geo: typeof geo === 'string' ? geo : undefined,
    ...place,
  };
}
