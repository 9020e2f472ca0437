/** The columns that every row about usage has. */
import type { Measures } from '../../usage/usage-cube.ts';

export interface UsageColumns {
  /** Uncached input. */
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_5m_tokens: number;
  cache_write_1h_tokens: number;
  /** USD at list prices, of everything that has a price. */
  cost: number;
  /** Tokens whose price is not known; they are in the other columns too. */
  unpriced_tokens: number;
  requests: number;
  /** Requests whose final usage the client never wrote: their output, and so their cost, may be too low. */
  output_incomplete_requests: number;
}

/** The columns of a sum. */
export const usageColumns = (sum: Measures): UsageColumns => ({
  input_tokens: sum.input,
  output_tokens: sum.output,
  cache_read_tokens: sum.cache_read,
  cache_write_5m_tokens: sum.cache_write_5m,
  cache_write_1h_tokens: sum.cache_write_1h,
  cost: usd(sum.cost),
  unpriced_tokens: sum.unpriced,
  requests: sum.requests,
  output_incomplete_requests: sum.incomplete,
});

/** Nano-dollars as dollars. One division of whole numbers: the shortest decimal (0.032778) is what comes out. */
export const usd = (nano: number): number => nano / 1e9;

/** All tokens of a sum. */
export const tokensOf = (sum: Measures): number =>
  sum.input + sum.output + sum.cache_read + sum.cache_write_5m + sum.cache_write_1h;
