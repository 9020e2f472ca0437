/** Alerts: that something crossed a limit, once for each crossing. The shape is that of the log and of `--json`. */

export const ALERT_LEVELS = ['info', 'warning', 'critical'] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

export type AlertKind =
  | 'hourly_cost'
  | 'daily_cost'
  | 'hourly_tokens'
  | 'budget'
  | 'budget_forecast'
  | 'tracking_incomplete'
  | 'test';

export type AlertPeriod = 'hour' | 'day' | 'week' | 'month';

/** Times are RFC 3339 in UTC. `value` and `limit` are USD for costs, else tokens. */
export interface Alert {
  /** What crossed what, and when: the same crossing has the same key, whoever notices it and how often. */
  readonly key: string;
  readonly kind: AlertKind;
  readonly level: AlertLevel;
  /** End of the quarter of an hour in which the limit was reached, as far as it is over. */
  readonly at: string;
  /** When it was noticed. */
  readonly noted_at: string;
  readonly period_start: string;
  readonly period: AlertPeriod;
  /** What it is about, as `command /simple`; null: all usage. */
  readonly subject: string | null;
  readonly value: number;
  readonly limit: number;
  /** For people, in one or two sentences. Names in it may hold anything. */
  readonly message: string;
}

export interface AlertFacts extends Omit<Alert, 'key' | 'at' | 'noted_at' | 'period_start'> {
  /** Milliseconds since 1970, as `now` and `periodStart`. */
  at: number;
  now: number;
  periodStart: number;
  /** What else tells crossings of one period apart. */
  detail?: string;
}

/** An alert with its key, as `hourly_cost_warning 2026-11-26T13:00Z`. */
export function makeAlert(facts: AlertFacts): Alert {
  const { kind, level, periodStart, period, subject, value, limit, message, detail } = facts;
  const start = new Date(periodStart).toISOString();
  return {
    key: [`${kind}_${level} ${start.slice(0, 16)}Z`, detail].filter(Boolean).join(' '),
    kind,
    level,
    // A clock that was set back must not date an alert into the future.
    at: new Date(Math.min(facts.at, facts.now)).toISOString(),
    noted_at: new Date(facts.now).toISOString(),
    period_start: start,
    period,
    subject,
    value,
    limit,
    message,
  };
}

/** What the levels of one crossing have in common: the key without its level. */
export const seriesOf = ({ key, kind, level }: Alert): string => kind + key.slice(kind.length + level.length + 1);
