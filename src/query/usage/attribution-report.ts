/** Usage by everything that it is attributed to, and how sure that is. */
import { ATTRIBUTED, METHODS, type Method } from '../../usage/billed-request.ts';
import type { UsageView } from '../../usage/usage-view.ts';
import type { EffectiveRange, UsageFilter } from './select-rows.ts';
import { type BreakdownRow, usageBreakdown } from './usage-breakdown.ts';
import type { UsageColumns } from './usage-columns.ts';

/** The dimensions of the report, in its order. */
export const ATTRIBUTIONS = ['model', ...ATTRIBUTED] as const;

/** Of one dimension: requests by how it is known what they belong to, and those of which it is not. */
export interface Sureness extends Record<Method, number> {
  dimension: (typeof ATTRIBUTED)[number];
  unattributed: number;
}

export interface AttributionReport extends EffectiveRange {
  total: UsageColumns;
  by_model: BreakdownRow[];
  by_stage: BreakdownRow[];
  by_command: BreakdownRow[];
  by_agent: BreakdownRow[];
  by_skill: BreakdownRow[];
  methods: Sureness[];
}

export function attributionReport(view: UsageView, filter: UsageFilter = {}): AttributionReport {
  const { total, since, until, rows: by_model } = usageBreakdown(view, ['model'], filter);
  const rows = {
    by_stage: usageBreakdown(view, ['stage'], filter).rows,
    by_command: usageBreakdown(view, ['command'], filter).rows,
    by_agent: usageBreakdown(view, ['agent'], filter).rows,
    by_skill: usageBreakdown(view, ['skill'], filter).rows,
  };
  const methods = ATTRIBUTED.map(dimension => ({ dimension, ...sureness(rows[`by_${dimension}`]) }));
  return { since, until, total, by_model, ...rows, methods };
}

function sureness(rows: readonly BreakdownRow[]): Omit<Sureness, 'dimension'> {
  const known = rows.filter(({ key }) => key !== null);
  const requests = (method: Method): number => known.reduce((sum, row) => sum + row.methods[method], 0);
  const counts = METHODS.map((method): [Method, number] => [method, requests(method)]);
  const unattributed = rows.reduce((sum, row) => sum + (row.key === null ? row.requests : 0), 0);
  return { ...(Object.fromEntries(counts) as Record<Method, number>), unattributed };
}
