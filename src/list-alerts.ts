/** Alerts for those who ask: what is in the log, and what crosses a limit now and is not in it yet. */
import type { Pricing } from './model/pricing-schema.ts';
import { readAlerts } from './store/alert-log.ts';
import type { Alert } from './usage/alert.ts';
import type { Calendar } from './usage/calendar.ts';
import { currentAlerts } from './usage/current-alerts.ts';
import type { UsageView } from './usage/usage-view.ts';

export interface AlertListQuery {
  stateDir: string;
  view: UsageView;
  pricing: Pricing;
  calendar: Calendar;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * In the order in which they were noticed. Nothing is logged by asking: without a monitor, what crosses a limit now is
 * noticed anew each time.
 *
 * @throws a system error if there is a log and it cannot be read.
 */
export function listAlerts({ stateDir, view, pricing, calendar, now }: AlertListQuery): Alert[] {
  const logged = readAlerts(stateDir);
  const keys = new Set(logged.map(({ key }) => key));
  const current = currentAlerts({ cube: view.cube, calendar, now }, pricing);
  return [...logged, ...current.filter(({ key }) => !keys.has(key))];
}
