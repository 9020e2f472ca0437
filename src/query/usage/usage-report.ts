/** Everything about usage in one answer. */
import type { Alert } from '../../usage/alert.ts';
import type { BudgetRow } from '../../usage/budget-row.ts';
import type { Calendar } from '../../usage/calendar.ts';
import type { Recommendation } from '../../usage/recommend.ts';
import type { Dimension } from '../../usage/usage-cube.ts';
import type { UsageView } from '../../usage/usage-view.ts';
import { type CostTrend, costTrend } from './cost-trend.ts';
import { type MonthForecast, monthForecast } from './month-forecast.ts';
import type { UsageFilter } from './select-rows.ts';
import { type BreakdownRow, usageBreakdown } from './usage-breakdown.ts';
import type { UsageColumns } from './usage-columns.ts';
import { type PeriodRow, usagePeriods } from './usage-periods.ts';
import { type UsageTotals, usageTotals } from './usage-totals.ts';

/** The dimensions of the report, in its order. */
export const REPORT_DIMENSIONS = ['model', 'stage', 'command', 'agent', 'skill', 'project'] as const;

const DAYS = 7;

/** What others have worked out, and belongs into the report. */
export interface ReportExtras {
  /** In the order in which they were noticed. */
  alerts: readonly Alert[];
  /** In the order of the file. */
  budgets: readonly BudgetRow[];
  recommendations: readonly Recommendation[];
}

export interface UsageReport extends UsageTotals, ReportExtras {
  /** RFC 3339. */
  generated_at: string;
  total: UsageColumns;
  by_model: BreakdownRow[];
  by_stage: BreakdownRow[];
  by_command: BreakdownRow[];
  by_agent: BreakdownRow[];
  by_skill: BreakdownRow[];
  by_project: BreakdownRow[];
  /** The last seven days, whatever the time that the rest is about. */
  daily: PeriodRow[];
  trend: CostTrend;
  month: MonthForecast;
}

export interface ReportQuery extends ReportExtras {
  calendar: Calendar;
  /** Milliseconds since 1970. */
  now: number;
  filter?: UsageFilter | undefined;
}

export function usageReport(view: UsageView, query: ReportQuery): UsageReport {
  const { calendar, now, alerts, budgets, recommendations, filter = {} } = query;
  const rowsBy = (dimension: Dimension): BreakdownRow[] => usageBreakdown(view, [dimension], filter).rows;
  const { rows: by_model, total } = usageBreakdown(view, ['model'], filter);
  const days = { count: DAYS, calendar, now, only: filter.only };
  return {
    generated_at: new Date(now).toISOString(),
    ...usageTotals(view, filter),
    total,
    by_model,
    by_stage: rowsBy('stage'),
    by_command: rowsBy('command'),
    by_agent: rowsBy('agent'),
    by_skill: rowsBy('skill'),
    by_project: rowsBy('project'),
    daily: usagePeriods(view, { ...days, unit: 'day' }).rows,
    trend: costTrend(view, days),
    month: monthForecast(view, { calendar, now }),
    alerts,
    budgets,
    recommendations,
  };
}
