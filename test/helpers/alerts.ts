/** Alerts for tests of the ways on which they reach people. */
import { type Alert, makeAlert } from '../../src/usage/alert.ts';

export const ALERT_TIME = Date.parse('2026-11-26T13:30Z');

/** A warning of an hourly cost at 13:00, noticed at 13:30. */
export const alertOf = (overrides: Partial<Parameters<typeof makeAlert>[0]> = {}): Alert =>
  makeAlert({
    kind: 'hourly_cost',
    level: 'warning',
    at: ALERT_TIME,
    now: ALERT_TIME,
    period: 'hour',
    periodStart: Date.parse('2026-11-26T13:00Z'),
    subject: null,
    value: 12.5,
    limit: 10,
    message: 'Hour 13:00: $12.50 at list prices, warning limit $10.00.',
    ...overrides,
  });
