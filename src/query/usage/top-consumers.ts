/** What used most. */
import type { Dimension } from '../../usage/usage-cube.ts';
import type { UsageView } from '../../usage/usage-view.ts';
import type { EffectiveRange, UsageFilter } from './select-rows.ts';
import { type BreakdownRow, usageBreakdown } from './usage-breakdown.ts';
import type { UsageColumns } from './usage-columns.ts';

export interface TopConsumers extends EffectiveRange {
  by: Dimension[];
  rows: BreakdownRow[];
  /** How many more there are, with less usage each. */
  more: number;
  total: UsageColumns;
}

export interface TopQuery {
  by: readonly Dimension[];
  limit: number;
  filter?: UsageFilter | undefined;
}

/** The first rows of the breakdown; those without any usage are left out. */
export function topConsumers(view: UsageView, { by, limit, filter }: TopQuery): TopConsumers {
  const breakdown = usageBreakdown(view, by, filter);
  const used = breakdown.rows.filter(row => row.requests > 0);
  const rows = used.slice(0, limit);
  return { ...breakdown, rows, more: used.length - rows.length };
}
