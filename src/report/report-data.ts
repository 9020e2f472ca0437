/** Everything that a report tells, as plain data: the one source of all its formats. */
import { type ActivityDurations, activityDurations } from '../query/analysis/activity-durations.ts';
import { type Anomaly, findAnomalies } from '../query/analysis/find-anomalies.ts';
import type { ActivityTable } from '../query/runs/activity-table.ts';
import { type CostTrend, costTrend } from '../query/usage/cost-trend.ts';
import { type MonthForecast, monthForecast } from '../query/usage/month-forecast.ts';
import type { NameFilter } from '../query/usage/name-filter.ts';
import { selectRows, type UsageFilter } from '../query/usage/select-rows.ts';
import { type BreakdownRow, usageBreakdown } from '../query/usage/usage-breakdown.ts';
import type { UsageColumns } from '../query/usage/usage-columns.ts';
import { type PeriodRow, usagePeriods } from '../query/usage/usage-periods.ts';
import type { ReportExtras } from '../query/usage/usage-report.ts';
import { type UsageSeries, usageSeries } from '../query/usage/usage-series.ts';
import { type UsageTotals, usageTotals } from '../query/usage/usage-totals.ts';
import type { Calendar } from '../usage/calendar.ts';
import type { Dimension } from '../usage/usage-cube.ts';
import type { UsageView } from '../usage/usage-view.ts';
import { type DurationDay, durationDays } from './duration-days.ts';
import { countDays, daysOfMonth } from './report-days.ts';
import { reportNotes } from './report-notes.ts';
import { type ReportProblems, reportProblems } from './report-problems.ts';
import { type ReportRuns, reportRuns } from './report-runs.ts';

/** What usage is told by, in the order of the report. */
export const REPORT_DIMENSIONS = ['model', 'stage', 'command', 'agent', 'skill', 'project', 'session'] as const;
export type ReportDimension = (typeof REPORT_DIMENSIONS)[number];

type Breakdowns = { [D in ReportDimension as `by_${D}`]: BreakdownRow[] };

export interface ReportData extends UsageTotals, ReportExtras, Breakdowns {
  /** RFC 3339. */
  generated_at: string;
  time_zone: string;
  /** What it was narrowed to; null: all. */
  filter: { project: string | null; session: string | null; model: string | null };
  total: UsageColumns;
  /** The days of the time that it is about, from the first with usage on. */
  daily: PeriodRow[];
  daily_by_model: UsageSeries;
  daily_by_agent: UsageSeries;
  trend: CostTrend;
  /** Of all usage, whatever the filter; as the budgets and the recommendations. */
  month: MonthForecast;
  month_days: { label: string; cost: number }[];
  /** The days of the month after today. */
  month_days_ahead: string[];
  runs: ReportRuns;
  durations: ActivityDurations[];
  duration_days: DurationDay[];
  problems: ReportProblems;
  anomalies: Anomaly[];
  /** What the figures are, and what is missing from them. */
  notes: string[];
}

export interface ReportQuery extends ReportExtras {
  view: UsageView;
  activities: ActivityTable;
  calendar: Calendar;
  /** Milliseconds since 1970. */
  now: number;
  /** `since` is always given: a report is about a time. */
  filter: UsageFilter & { since: number };
  /** As they were asked for. */
  names: NameFilter;
  /** How many of the last runs it lists. */
  runLimit: number;
}

const MAX_ANOMALIES = 20;

export function reportData(query: ReportQuery): ReportData {
  const { view, activities, calendar, now, filter, names, alerts, budgets, recommendations } = query;
  const { since, until = Number.POSITIVE_INFINITY, only } = filter;
  const totals = usageTotals(view, filter);
  const last = Math.min(now, until - 1);
  const first = Math.max(since, Date.parse(totals.first_at ?? new Date(since).toISOString()));
  const days = { count: countDays(calendar, first, last), calendar, now: last, only, within: filter };
  const series = (by: Dimension): UsageSeries => usageSeries(view, { ...days, unit: 'day', by });
  const rowsBy = (dimension: Dimension): BreakdownRow[] => usageBreakdown(view, [dimension], filter).rows;
  const isOfReport = sessionCheck(view, filter);
  const isInTime = (at: number): boolean => at >= since && at < until;
  const rows = [...activities.rows].filter(([, row]) => isOfReport(row.sessionId));
  const durations = activityDurations(new Map(rows), { calendar, now, since, until });
  return {
    generated_at: new Date(now).toISOString(),
    time_zone: calendar.zone,
    filter: { project: names.project ?? null, session: names.session ?? null, model: names.model ?? null },
    ...totals,
    total: usageBreakdown(view, ['model'], filter).total,
    by_model: rowsBy('model'),
    by_stage: rowsBy('stage'),
    by_command: rowsBy('command'),
    by_agent: rowsBy('agent'),
    by_skill: rowsBy('skill'),
    by_project: rowsBy('project'),
    by_session: rowsBy('session'),
    daily: usagePeriods(view, { ...days, unit: 'day' }).rows,
    daily_by_model: series('model'),
    daily_by_agent: series('agent'),
    trend: costTrend(view, days),
    month: monthForecast(view, { calendar, now }),
    ...daysOfMonth(view, { calendar, now }),
    alerts: alerts.filter(({ at }) => isInTime(Date.parse(at))),
    budgets,
    recommendations,
    runs: reportRuns(activities, {
      filter: { since, until, among: runsOf(activities, isOfReport) },
      limit: query.runLimit,
      now,
    }),
    durations,
    duration_days: durationDays(
      rows.map(([, row]) => row),
      { calendar, now, since, until },
    ),
    problems: reportProblems(
      activities.notes,
      note => isInTime(Date.parse(note.timestamp)) && isOfReport(note.session_id ?? null),
    ),
    anomalies: findAnomalies(
      rows.map(([, row]) => row),
      { now, since, until, limit: MAX_ANOMALIES },
    ).anomalies,
    notes: reportNotes(view, totals, names),
  };
}

/** Runs know no project and no model: they are those of sessions that used what was asked for. */
function sessionCheck({ cube }: UsageView, { only }: UsageFilter): (session: string | null) => boolean {
  if (!only || Object.keys(only).length === 0) return () => true;
  const codes = new Set(Array.from(selectRows(cube, { only }), row => cube.columns.dimensions.session[row] ?? 0));
  codes.delete(0);
  const sessions = new Set([...codes].map(code => cube.names.session[code]));
  return session => session !== null && sessions.has(session);
}

const runsOf = (activities: ActivityTable, isOfReport: (session: string | null) => boolean): Set<string> =>
  new Set([...activities.roots].filter(({ sessionId }) => isOfReport(sessionId)).map(({ id }) => id));
