/** Tokens and cost as they are compared between sources: the client tells cache writes of both kinds as one. */
import type { TokenCounts } from '../../model/fact.ts';
import { usd } from './usage-columns.ts';

/** Cost in integer nano-dollars. */
export interface Amounts {
  input: number;
  output: number;
  cache_read: number;
  cache_write: number;
  cost: number;
}

/** The same as it is told. Cost in USD. */
export interface AmountColumns {
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  cost: number;
}

export const NO_AMOUNTS: Amounts = { input: 0, output: 0, cache_read: 0, cache_write: 0, cost: 0 };

/** What has no price costs nothing here; it is said elsewhere. */
export const amountsOf = (tokens: TokenCounts, cost: number | null): Amounts => ({
  input: tokens.input,
  output: tokens.output,
  cache_read: tokens.cache_read,
  cache_write: tokens.cache_write_5m + tokens.cache_write_1h,
  cost: cost ?? 0,
});

/** `a` and `sign` times `b`. */
export const plus = (a: Amounts, b: Amounts, sign: 1 | -1 = 1): Amounts => ({
  input: a.input + sign * b.input,
  output: a.output + sign * b.output,
  cache_read: a.cache_read + sign * b.cache_read,
  cache_write: a.cache_write + sign * b.cache_write,
  cost: a.cost + sign * b.cost,
});

export const amountColumns = ({ input, output, cache_read, cache_write, cost }: Amounts): AmountColumns => ({
  input_tokens: input,
  output_tokens: output,
  cache_read_tokens: cache_read,
  cache_write_tokens: cache_write,
  cost: usd(cost),
});
