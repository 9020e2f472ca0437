/** All usage in one sum. */
import { type Measures, SLOT_MILLIS } from '../../usage/usage-cube.ts';
import type { SkippedLines, UsageView } from '../../usage/usage-view.ts';
import { groupRows } from './group-rows.ts';
import { type EffectiveRange, effectiveRange, selectRows, type UsageFilter } from './select-rows.ts';
import { sumRows } from './sum-rows.ts';
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
  const rows = selectRows(view.cube, filter);
  const sum = sumRows(view.cube, rows);
  return {
    ...effectiveRange(filter),
    ...timesOf(view, rows),
    totals: totalsOf(sum, sessionsOf(view, rows)),
    unpriced_models: unpricedModels(view, rows, sum),
    skipped: { ...view.head.skipped },
  };
}

const totalsOf = (sum: Measures, sessions: number): TotalsSum => ({
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

function sessionsOf({ cube }: UsageView, rows: Uint32Array): number {
  const { dimensions, measures } = cube.columns;
  const requests = new Float64Array(cube.names.session.length);
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const session = dimensions.session[row] ?? 0;
    requests[session] = (requests[session] ?? 0) + (measures.requests[row] ?? 0);
  }
  // Number 0 is no session.
  return requests.subarray(1).filter(count => count > 0).length;
}

function unpricedModels({ cube }: UsageView, rows: Uint32Array, { unpriced }: Measures): UnpricedModel[] {
  if (unpriced === 0) return [];
  return groupRows(cube, { rows, by: ['model'] })
    .map(({ names, sum }) => ({ model: names[0] ?? null, tokens: sum.unpriced }))
    .filter(({ tokens }) => tokens > 0)
    .sort((a, b) => b.tokens - a.tokens || ((a.model ?? '') < (b.model ?? '') ? -1 : 1));
}

function timesOf({ cube }: UsageView, rows: Uint32Array): Pick<UsageTotals, 'first_at' | 'last_at'> {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  const { slots, measures } = cube.columns;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    if (measures.requests[row] === 0) continue;
    const slot = slots[row] ?? 0;
    if (slot < first) first = slot;
    if (slot > last) last = slot;
  }
  if (first > last) return { first_at: null, last_at: null };
  return {
    first_at: new Date(first * SLOT_MILLIS).toISOString(),
    last_at: new Date((last + 1) * SLOT_MILLIS).toISOString(),
  };
}
