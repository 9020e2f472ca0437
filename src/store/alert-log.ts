/** The log of alerts, `usage/alerts.jsonl`: each crossing once, however many processes noticed it and how often. */
import { ALERT_LEVELS, type Alert } from '../usage/alert.ts';
import { type AlertLine, appendAlertLines, readAlertLines } from './alert-lines.ts';

interface LoggedAlert extends AlertLine {
  readonly alert: Omit<Alert, 'noted_at'>;
}

export interface AlertRange {
  /** Milliseconds since 1970: what was noticed before is left out. Default: all that is kept, 400 days. */
  since?: number;
}

/**
 * The alerts in the order in which they were noticed. Of several with one key, the first.
 *
 * @throws a system error if there is a log and it cannot be read.
 */
export function readAlerts(stateDir: string, { since = Number.NEGATIVE_INFINITY }: AlertRange = {}): Alert[] {
  const alerts = new Map<string, Alert>();
  for (const line of readAlertLines(stateDir, since)) {
    const { noted_at, alert } = line as Partial<LoggedAlert>;
    if (!noted_at || !isTime(noted_at) || !isAlert(alert) || alerts.has(alert.key)) continue;
    alerts.set(alert.key, { ...alert, noted_at });
  }
  return [...alerts.values()];
}

/**
 * Appends alerts that the caller did not find in the log. If another process appends the same at the same time, the
 * first counts.
 *
 * @throws a system error (`ENOSPC`, `EACCES`, …) if one was not written whole.
 */
export function appendAlerts(stateDir: string, alerts: readonly Alert[]): void {
  const lines = alerts.map(({ noted_at, ...alert }): LoggedAlert => ({ noted_at, alert }));
  appendAlertLines(stateDir, lines);
}

const isTime = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value));

/** What was written by us is taken as it is; a line that somebody edited must at least not break its readers. */
function isAlert(value: unknown): value is Alert {
  if (typeof value !== 'object' || value === null) return false;
  const {
    key,
    kind,
    level,
    at,
    period_start,
    period,
    subject,
    value: amount,
    limit,
    message,
  } = value as Partial<Alert>;
  return (
    [key, kind, period, message].every(text => typeof text === 'string') &&
    ALERT_LEVELS.some(known => known === level) &&
    [at, period_start].every(isTime) &&
    (subject === null || typeof subject === 'string') &&
    typeof amount === 'number' &&
    typeof limit === 'number'
  );
}
