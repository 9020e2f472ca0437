/** One billed request → what it used, as a sum of one. */
import type { RequestFact, UsageSum } from './fact.ts';

/** For the fold, and for the sums on spans: without a price, all its tokens are unpriced. */
export function usageOfRequest({ tokens, cost_nanousd }: RequestFact): UsageSum {
  if (cost_nanousd !== undefined) return { tokens, requests: 1, cost_nanousd };
  const unpriced_tokens =
    tokens.input + tokens.cache_read + tokens.cache_write_5m + tokens.cache_write_1h + tokens.output;
  return { tokens, requests: 1, unpriced_tokens };
}
