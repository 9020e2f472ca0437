/** What counts of a request that was told more than once: copies of a stream, of a fork, of another source. Pure. */
import { type BilledRequest, totalTokens } from './billed-request.ts';

/** A copy that names why the response stopped goes first, then the one with more tokens, then the later one. */
export function isBetterCopy(copy: BilledRequest, kept: BilledRequest): boolean {
  if (copy.isFinal !== kept.isFinal) return copy.isFinal;
  const more = totalTokens(copy.tokens) - totalTokens(kept.tokens);
  return more === 0 ? copy.at > kept.at : more > 0;
}

/**
 * One request out of two tellings of it. The usage is that of one of them as a whole, never the larger of each number:
 * a stream may go on with another model. What it belongs to was told first, by whoever was there and knew the command.
 *
 * @returns `kept` itself if the other one adds nothing.
 */
export function mergeRequests(kept: BilledRequest, other: BilledRequest): BilledRequest {
  if (kept.source === 'otlp' && other.source !== 'otlp') return merged(other, kept, other);
  if (other.source === 'otlp' && kept.source !== 'otlp') return merged(kept, other, kept);
  if (kept.owner.command === null && other.owner.command !== null) return merged(bestOf(kept, other), kept, other);
  return isBetterCopy(other, kept) ? merged(other, kept, kept) : merged(kept, other, kept);
}

const bestOf = (kept: BilledRequest, other: BilledRequest): BilledRequest => (isBetterCopy(other, kept) ? other : kept);

/** `usage`: whose tokens count, unless they are not final and the other's are. `first`: who knows what it belongs to. */
function merged(usage: BilledRequest, second: BilledRequest, first: BilledRequest): BilledRequest {
  const counts = !usage.isFinal && second.isFinal ? withSplit(second, usage) : usage;
  if (counts === first) return first;
  const { id, source, owner, span, methods } = first;
  const { at, model, tokens, isFinal, isFast, geo, webSearches } = counts;
  return { id, source, at, model, tokens, isFinal, isFast, geo, webSearches, owner, span, methods };
}

/** OTLP does not say for how long the cache was written; the transcript does, from the first copy on. */
function withSplit(told: BilledRequest, copy: BilledRequest): BilledRequest {
  const { cache_write_5m, cache_write_1h } = copy.tokens;
  const written = told.tokens.cache_write_5m + told.tokens.cache_write_1h;
  if (told.source !== 'otlp' || written !== cache_write_5m + cache_write_1h) return told;
  const { geo, webSearches } = copy;
  return { ...told, geo, webSearches, tokens: { ...told.tokens, cache_write_5m, cache_write_1h } };
}
