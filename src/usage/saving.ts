/** What a group of requests would have cost if its tokens had been others. */
import type { TokenCounts } from '../model/fact.ts';
import type { RuleName } from '../model/recommendation-rules.ts';
import { costOfTokens, ratesOf } from './price-request.ts';
import type { PriceTable, Rates } from './price-table.ts';
import type { SlotQuery } from './slot-usage.ts';
import type { UsageCube } from './usage-cube.ts';
import type { GroupSum, UsageGroup } from './usage-groups.ts';

/** What a rule found. `saved` is nano-dollars. */
export interface Saving {
  readonly rule: RuleName;
  /** As `agent explore`. */
  readonly subject: string;
  readonly saved: number;
  readonly message: string;
}

export interface SavingQuery {
  cube: UsageCube;
  prices: PriceTable;
  /** The time that is looked at; it ends now. */
  range: SlotQuery;
  /** Name for people of a model id. */
  modelName(id: string): string;
}

/** Tokens of the prompts: all but the output. */
export const promptOf = ({ input, cache_read, cache_write_5m, cache_write_1h }: Readonly<TokenCounts>): number =>
  input + cache_read + cache_write_5m + cache_write_1h;

/** Nano-dollars that other tokens would have saved, model by model; nothing where there is no price. */
export function savedBy(
  group: UsageGroup,
  { prices }: SavingQuery,
  change: (tokens: Readonly<TokenCounts>) => TokenCounts,
): number {
  let saved = 0;
  for (const [model, sum] of group.models) {
    const changed = { ...sum, tokens: change(sum.tokens) };
    const before = ratesAt(prices, model, sum);
    const after = ratesAt(prices, model, changed);
    if (!before || !after) continue;
    // Where only some requests reached a tier, the rates of the average say more than was paid.
    const paid = Math.min(sum.cost, costOfTokens(before, sum.tokens));
    saved += paid - costOfTokens(after, changed.tokens);
  }
  return Math.round(saved);
}

/** Rates of the average request of a sum, at the time of its last: the size of a prompt decides on the tier. */
export function ratesAt(prices: PriceTable, model: string, { tokens, requests, last }: GroupSum): Rates | null {
  const average = (count: number): number => count / Math.max(1, requests);
  return ratesOf(prices, {
    model,
    at: last - 1,
    tokens: {
      input: average(tokens.input),
      cache_read: average(tokens.cache_read),
      cache_write_5m: average(tokens.cache_write_5m),
      cache_write_1h: average(tokens.cache_write_1h),
      output: average(tokens.output),
    },
    isFast: false,
  });
}
