/** Analyses over the history in memory: what the commands of the same names answer, without reading it anew. */
import type { LiveView } from '../live/live-view.ts';
import { activityDurations } from '../query/analysis/activity-durations.ts';
import type { ActivityLevel } from '../query/analysis/activity-kind.ts';
import { type Comparison, comparePeriods } from '../query/analysis/compare-periods.ts';
import { type Anomalies, findAnomalies } from '../query/analysis/find-anomalies.ts';
import { getStatus } from '../query/get-status.ts';
import { listActive } from '../query/list-active.ts';
import type { Calendar } from '../usage/calendar.ts';

export interface LiveQuestion {
  view: LiveView;
  /** As the command parsed them. */
  options: Readonly<Record<string, unknown>>;
  calendar: Calendar;
  /** Milliseconds since 1970. */
  now: number;
}

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const level = (value: unknown): ActivityLevel | undefined => (value as ActivityLevel | undefined) ?? undefined;

/** By the path of the command. */
export const LIVE_ANSWERS: Readonly<Record<string, (question: LiveQuestion) => object>> = {
  '/api/pipeline/status': ({ view }) => getStatus(view.history.head),
  '/api/pipeline/active': ({ view, now }) => ({ activities: listActive(view.history.head, now) }),
  '/api/pipeline/durations': ({ view, options, calendar, now }) => ({
    rows: activityDurations(view.history.table.rows, {
      calendar,
      now,
      since: number(options.since),
      until: number(options.until),
      level: level(options.by),
    }),
  }),
  '/api/pipeline/anomalies': ({ view, options, now }): Anomalies =>
    findAnomalies(view.history.table.rows.values(), {
      now,
      since: number(options.since),
      limit: number(options.limit),
    }),
  '/api/pipeline/compare': ({ view, options, now }): Comparison =>
    comparePeriods(view.history.table.rows.values(), {
      at: number(options.at) ?? now,
      now,
      days: number(options.days),
    }),
};
