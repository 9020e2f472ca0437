/** What counts of a request that was told more than once: copies of a stream, of a fork, of another source. Pure. */
import { type BilledRequest, totalTokens } from './billed-request.ts';

/**
 * What counts of all that was told of a request. In whatever order it is told, the usage is the same; what it belongs to
 * was told first, by whoever was there.
 *
 * @returns null if nothing was told.
 */
export function requestOfTellings(tellings: readonly BilledRequest[]): BilledRequest | null {
  let copy: BilledRequest | null = null;
  let told: BilledRequest | null = null;
  for (const telling of tellings) {
    if (telling.source === 'otlp') told = told ? mergeRequests(told, telling) : telling;
    else copy = copy ? mergeRequests(copy, telling) : telling;
  }
  if (!copy || !told || copy.isFinal) return copy ?? told;
  return withUsage(copy, withSplit(told, copy));
}

/**
 * One request out of two tellings of it by the same source. The usage is that of one of them as a whole, never the larger
 * of each number: a stream may go on with another model. What it belongs to was told first, by whoever knew the command.
 *
 * @returns `kept` itself if the other one adds nothing.
 */
export function mergeRequests(kept: BilledRequest, other: BilledRequest): BilledRequest {
  const owner = kept.owner.command === null && other.owner.command !== null ? other : kept;
  return withUsage(owner, isBetterCopy(other, kept) ? other : kept);
}

/** True if they count alike. */
export const isSameRequest = (a: BilledRequest | null, b: BilledRequest | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.source === b.source &&
    a.span === b.span &&
    a.isFinal === b.isFinal &&
    a.at === b.at &&
    keyOf(a) === keyOf(b) &&
    JSON.stringify([a.owner, a.methods]) === JSON.stringify([b.owner, b.methods]));

function withUsage(owner: BilledRequest, usage: BilledRequest): BilledRequest {
  if (usage === owner) return owner;
  const { id, source, span, methods } = owner;
  const { at, model, tokens, isFinal, isFast, geo, webSearches } = usage;
  return { id, source, at, model, tokens, isFinal, isFast, geo, webSearches, owner: owner.owner, span, methods };
}

/**
 * A copy that names why the response stopped goes first, then the one with more tokens, then the later one. What else
 * they say decides last, so that it does not matter which of them is read first.
 */
function isBetterCopy(copy: BilledRequest, kept: BilledRequest): boolean {
  if (copy.isFinal !== kept.isFinal) return copy.isFinal;
  const more = totalTokens(copy.tokens) - totalTokens(kept.tokens);
  if (more !== 0) return more > 0;
  return copy.at === kept.at ? keyOf(copy) > keyOf(kept) : copy.at > kept.at;
}

/** All that has a price. */
function keyOf({ tokens, webSearches, isFast, geo, model }: BilledRequest): string {
  const { output, cache_write_1h, cache_write_5m, cache_read } = tokens;
  return JSON.stringify([
    webSearches,
    isFast ? 1 : 0,
    geo ?? '',
    output,
    cache_write_1h,
    cache_write_5m,
    cache_read,
    model,
  ]);
}

/** OTLP does not say for how long the cache was written; the transcript does, from the first copy on. */
function withSplit(told: BilledRequest, copy: BilledRequest): BilledRequest {
  const { cache_write_5m, cache_write_1h } = copy.tokens;
  const written = told.tokens.cache_write_5m + told.tokens.cache_write_1h;
  if (written !== cache_write_5m + cache_write_1h) return told;
  const { geo, webSearches } = copy;
  return { ...told, geo, webSearches, tokens: { ...told.tokens, cache_write_5m, cache_write_1h } };
}
