/** All usage in one sum. */
import { type CubeSum, sumCube } from '../../usage/cube-sum.ts';
import { SLOT_MILLIS } from '../../usage/usage-cube.ts';
import type { SkippedLines, UsageView } from '../../usage/usage-view.ts';
import { type EffectiveRange, effectiveRange, selectRows, type UsageFilter } from './select-rows.ts';
import { usd } from './usage-columns.ts';

export interface TotalsSum {
  /** Uncached input. */
  total_tokens_input: number;
  total_tokens_output: number;
  total_tokens_cache_read: number;
  total_tokens_cache_write_5m: number;
  total_tokens_cache_write_1h: number;
  /** At list prices, of everything that has a price. */
  total_cost: number;
  currency: 'USD';
  sessions_tracked: number;
  requests: number;
  unpriced_tokens: number;
  output_incomplete_requests: number;
  web_searches: number;
}

export interface UsageTotals extends EffectiveRange {
  totals: TotalsSum;
  /** When the first and the last of these requests were, to the quarter of an hour; null if there are none. */
  first_at: string | null;
  last_at: string | null;
  /** Models of the unpriced tokens, the largest first. */
  unpriced_models: UnpricedModel[];
  /** Of everything that was read, whatever the filter. */
  skipped: SkippedLines;
}

export interface UnpricedModel {
  /** Null: no model was named. */
  model: string | null;
  tokens: number;
}

export function usageTotals(view: UsageView, filter: UsageFilter = {}): UsageTotals {
  const whole = isAll(filter) ? view.whole : null;
  const sum = whole ?? sumCube(view.cube, selectRows(view.cube, filter));
  return {
    ...effectiveRange(filter),
    first_at: sum.slots && new Date(sum.slots.first * SLOT_MILLIS).toISOString(),
    last_at: sum.slots && new Date((sum.slots.last + 1) * SLOT_MILLIS).toISOString(),
    totals: totalsOf(sum),
    unpriced_models: [...sum.unpriced].sort(
      (a, b) => b.tokens - a.tokens || ((a.model ?? '') < (b.model ?? '') ? -1 : 1),
    ),
    skipped: { ...view.head.skipped },
  };
}

const isAll = ({ since, until, only = {} }: UsageFilter): boolean =>
  since === undefined && until === undefined && Object.keys(only).length === 0;

const totalsOf = ({ measures: sum, sessions }: CubeSum): TotalsSum => ({
  total_tokens_input: sum.input,
  total_tokens_output: sum.output,
  total_tokens_cache_read: sum.cache_read,
  total_tokens_cache_write_5m: sum.cache_write_5m,
  total_tokens_cache_write_1h: sum.cache_write_1h,
  total_cost: usd(sum.cost),
  currency: 'USD',
  sessions_tracked: sessions,
  requests: sum.requests,
  unpriced_tokens: sum.unpriced,
  output_incomplete_requests: sum.incomplete,
  web_searches: sum.web_searches,
});
