/** The document `usage_stats.json`: what the queries say, in one file for others to read. */
import type { UsageStats, UsageStatsRow } from '../../model/usage-stats-schema.ts';
import type { Calendar } from '../../usage/calendar.ts';
import type { Dimension } from '../../usage/usage-cube.ts';
import type { UsageView } from '../../usage/usage-view.ts';
import { addColumns } from './add-columns.ts';
import { usageBreakdown } from './usage-breakdown.ts';
import { usagePeriods } from './usage-periods.ts';
import { usageTotals } from './usage-totals.ts';

const HOURS = 48;
const DAYS = 90;
const UNATTRIBUTED = 'unattributed';

export interface UsageStatsExtras {
  /** Whose hours and days they are. */
  calendar: Calendar;
  /** Milliseconds since 1970. */
  now: number;
  pollIntervalSeconds: number;
  snapshots: UsageStats['snapshots'];
  alerts: UsageStats['alerts'];
}

export function usageStatsDocument(view: UsageView, extras: UsageStatsExtras): UsageStats {
  const { calendar, now, pollIntervalSeconds, snapshots, alerts } = extras;
  const { totals, skipped } = usageTotals(view);
  const { monitoring_started_at, last_updated_at } = view.head;
  return {
    schema_version: '1.0.0',
    monitoring_started_at: timestampOf(monitoring_started_at),
    last_updated_at: timestampOf(last_updated_at),
    poll_interval_seconds: pollIntervalSeconds,
    totals,
    skipped,
    by_model: rowsBy(view, 'model'),
    by_stage: rowsBy(view, 'stage'),
    by_command: rowsBy(view, 'command'),
    by_agent: rowsBy(view, 'agent'),
    by_skill: rowsBy(view, 'skill'),
    hourly_breakdown: usagePeriods(view, { unit: 'hour', count: HOURS, calendar, now }).rows,
    daily_breakdown: usagePeriods(view, { unit: 'day', count: DAYS, calendar, now }).rows,
    snapshots,
    alerts,
  };
}

const timestampOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** The rows by their keys. What is not known has a key of its own, where there is any. */
function rowsBy(view: UsageView, dimension: Dimension): Record<string, UsageStatsRow> {
  const byKey = new Map<string, UsageStatsRow>();
  for (const row of usageBreakdown(view, [dimension]).rows) {
    const { key = null, model_name, share: _, method: __, methods: ___, ...columns } = row;
    if (key === null && columns.requests === 0) continue;
    const name = key ?? UNATTRIBUTED;
    const sameName = byKey.get(name);
    // A stage may be called as the row for what is not known is.
    const sum = sameName ? addColumns([sameName, columns]) : columns;
    byKey.set(name, typeof model_name === 'string' ? { model_name, ...sum } : sum);
  }
  return Object.fromEntries(byKey);
}
