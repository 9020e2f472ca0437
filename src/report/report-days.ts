/** The days that a report counts. */
import { usagePeriods } from '../query/usage/usage-periods.ts';
import type { Calendar } from '../usage/calendar.ts';
import type { UsageView } from '../usage/usage-view.ts';

/** Ten years: nobody reads more rows. */
const MAX_DAYS = 3660;

/** Days that a time touches; at least one. Times are milliseconds since 1970, `last` included. */
export function countDays(calendar: Calendar, first: number, last: number): number {
  const from = calendar.startOf('day', first);
  let count = 1;
  let day = calendar.startOf('day', last);
  while (day > from && count < MAX_DAYS) {
    day = calendar.shift('day', day, -1);
    count++;
  }
  return count;
}

interface MonthDays {
  month_days: { label: string; cost: number }[];
  month_days_ahead: string[];
}

/** What each day of the month has cost up to now, and the days that are left of it. */
export function daysOfMonth(view: UsageView, { calendar, now }: { calendar: Calendar; now: number }): MonthDays {
  const count = countDays(calendar, calendar.startOf('month', now), now);
  const end = calendar.shift('month', now, 1);
  const ahead: string[] = [];
  for (let day = calendar.shift('day', now, 1); day < end; day = calendar.shift('day', day, 1)) {
    ahead.push(calendar.label('day', day));
  }
  const within = { until: now + 1 };
  const { rows } = usagePeriods(view, { unit: 'day', count, calendar, now, within });
  return { month_days: rows.map(({ label, cost }) => ({ label, cost })), month_days_ahead: ahead };
}
