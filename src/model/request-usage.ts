/** One billed request → what it used, as a sum of one. */
import type { RequestFact, UsageSum } from './fact.ts';

/** For the fold, and for the sums on spans: without a price, all its tokens are unpriced. */
export function usageOfRequest({ tokens, cost_nanousd }: RequestFact): UsageSum {
  if (cost_nanousd !== undefined) return { tokens, requests: 1, cost_nanousd };
  const unpriced_tokens =
    tokens.input + tokens.cache_read + tokens.cache_write_5m + tokens.cache_write_1h + tokens.output;
  return { tokens, requests: 1, unpriced_tokens };
}

/** A number of tokens or of anything else, as programs give it: whole, not negative, and 0 for what is none. */
export function countOf(value: unknown): number {
  if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'bigint') return 0;
  const count = Math.round(Number(value));
  return count > 0 ? Math.min(count, Number.MAX_SAFE_INTEGER) : 0;
}
