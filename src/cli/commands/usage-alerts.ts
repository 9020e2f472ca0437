/** `usage alerts`: limits and budgets that were crossed. */
import { listAlerts } from '../../list-alerts.ts';
import type { CsvTable } from '../../query/csv-text.ts';
import type { Alert } from '../../usage/alert.ts';
import { askUsage } from '../ask-usage.ts';
import type { RunCommand } from '../command-spec.ts';
import { renderAlerts } from '../render-alerts.ts';

const ALERT_COLUMNS = [
  'at',
  'level',
  'kind',
  'period',
  'period_start',
  'subject',
  'value',
  'limit',
  'message',
] as const;

const alertsCsv = (alerts: readonly Alert[]): CsvTable => ({
  header: ALERT_COLUMNS,
  rows: alerts.map(alert => ALERT_COLUMNS.map(name => alert[name])),
});

export const run: RunCommand = call =>
  askUsage(call, question => {
    const { filter, view, pricing, calendar, now } = question;
    const known = listAlerts({ stateDir: call.stateDir, view, pricing: pricing.pricing, calendar, now });
    const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = filter;
    const alerts = known.filter(({ at }) => Date.parse(at) >= since && Date.parse(at) < until);
    return {
      json: { alerts },
      csv: () => alertsCsv(alerts),
      lines: () =>
        alerts.length > 0
          ? renderAlerts(call.style, alerts, calendar)
          : ['No limit and no budget was crossed.', 'They are set in usage_pricing.json: alert_thresholds, budgets.'],
      speaksOfNothing: true,
    };
  });
