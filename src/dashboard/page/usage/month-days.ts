/** The days of the month: those that were, and the names of those to come. */
import type { MonthForecast } from '../../../query/usage/month-forecast.ts';
import type { PeriodRow } from '../../../query/usage/usage-periods.ts';

/** `rows`: the last days, today at the end. */
export function monthDays(
  rows: readonly Pick<PeriodRow, 'start' | 'label' | 'cost'>[],
  { period_start }: Pick<MonthForecast, 'period_start'>,
): { days: { label: string; cost: number }[]; daysAhead: string[] } {
  const days = rows.filter(({ start }) => start >= period_start).map(({ label, cost }) => ({ label, cost }));
  const today = days.at(-1)?.label ?? '';
  const [year = 0, month = 0, day = 0] = today.split('-').map(Number);
  if (!(day > 0)) return { days, daysAhead: [] };
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const daysAhead = Array.from(
    { length: Math.max(0, last - day) },
    (_, index) => `${today.slice(0, 8)}${String(day + index + 1).padStart(2, '0')}`,
  );
  return { days, daysAhead };
}
