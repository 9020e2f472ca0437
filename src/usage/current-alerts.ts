/** Everything that is over a limit or a budget now, whether somebody was told of it or not. */
import type { Pricing } from '../model/pricing-schema.ts';
import type { Alert } from './alert.ts';
import { type AlertQuery, thresholdAlerts } from './alert-rules.ts';
import { budgetAlerts } from './budget-alerts.ts';
import { budgetStates } from './budgets.ts';
import { trackingAlerts } from './tracking-alert.ts';

/** In the order in which the limits were reached; each key once. */
export function currentAlerts(query: AlertQuery, pricing: Pricing): Alert[] {
  const found = [
    ...thresholdAlerts(query, pricing.alert_thresholds ?? {}),
    ...budgetAlerts(query, budgetStates(query, pricing.budgets ?? [])),
    ...trackingAlerts(query),
  ];
  const byTime = found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return [...new Map(byTime.map(alert => [alert.key, alert])).values()];
}
