/** What the month has cost so far, and what it will have cost at its end. */
import type { Calendar } from '../../usage/calendar.ts';
import { forecastPeriod } from '../../usage/forecast.ts';
import { slotUsage } from '../../usage/slot-usage.ts';
import type { UsageView } from '../../usage/usage-view.ts';
import { usd } from './usage-columns.ts';

/** USD. */
export interface MonthForecast {
  period_start: string;
  period_end: string;
  used: number;
  /** Eight of ten cases lie between `low` and `high`. Null: fewer than three whole days to learn from. */
  forecast: { expected: number; low: number; high: number; basis: 'weekdays' | 'recent'; days: number } | null;
}

/** Of all usage, whatever the filter of the report. `now`: milliseconds since 1970. */
export function monthForecast(
  { cube }: UsageView,
  { calendar, now }: { calendar: Calendar; now: number },
): MonthForecast {
  const start = calendar.startOf('month', now);
  const used = slotUsage(cube, { from: start, until: now + 1 }).reduce((sum, slot) => sum + slot.cost, 0);
  const forecast = forecastPeriod('month', used, { cube, calendar, now });
  return {
    period_start: new Date(start).toISOString(),
    period_end: new Date(calendar.shift('month', now, 1)).toISOString(),
    used: usd(used),
    forecast: forecast && {
      ...forecast,
      expected: usd(Math.round(forecast.expected)),
      low: usd(Math.round(forecast.low)),
      high: usd(Math.round(forecast.high)),
    },
  };
}
