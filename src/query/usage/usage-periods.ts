/** Usage hour by hour or day by day, as the clocks of a time zone have them. */
import type { Calendar } from '../../usage/calendar.ts';
import { SLOT_MILLIS } from '../../usage/usage-cube.ts';
import type { UsageView } from '../../usage/usage-view.ts';
import { selectRows, type UsageFilter } from './select-rows.ts';
import { sumGroups, sumRows } from './sum-rows.ts';
import { type UsageColumns, usageColumns } from './usage-columns.ts';

export interface PeriodRow extends UsageColumns {
  /** RFC 3339; the end is the start of the next row. */
  start: string;
  end: string;
  /** As the clocks of the zone show the start: `2026-01-31 14:00 +01:00`, or a date. */
  label: string;
}

export interface UsagePeriods {
  /** From the oldest on; those without usage are there too. */
  rows: PeriodRow[];
  total: UsageColumns;
}

export interface PeriodQuery {
  unit: 'hour' | 'day';
  /** The last so many, with the current one. */
  count: number;
  calendar: Calendar;
  /** Milliseconds since 1970. */
  now: number;
  only?: UsageFilter['only'];
}

export function usagePeriods({ cube }: UsageView, query: PeriodQuery): UsagePeriods {
  const { unit, calendar, only } = query;
  const bounds = boundsOf(query);
  const starts = bounds.slice(0, -1);
  const rows = selectRows(cube, { since: bounds[0], until: bounds.at(-1), only });
  const groups = Uint32Array.from(rows, row => periodOf(starts, (cube.columns.slots[row] ?? 0) * SLOT_MILLIS));
  const sums = sumGroups(cube, { rows, groups, count: starts.length });
  return {
    rows: sums.map((sum, index) => ({
      start: new Date(starts[index] ?? 0).toISOString(),
      end: new Date(bounds[index + 1] ?? 0).toISOString(),
      label: calendar.label(unit, starts[index] ?? 0),
      ...usageColumns(sum),
    })),
    total: usageColumns(sumRows(cube, rows)),
  };
}

/** The starts of the periods, and the end of the last. */
function boundsOf({ unit, count, calendar, now }: PeriodQuery): number[] {
  const bounds = [calendar.shift(unit, now, 1)];
  for (let left = count; left > 0; left--) bounds.push(calendar.shift(unit, bounds.at(-1) ?? now, -1));
  return bounds.reverse();
}

/** The last period that has begun by then. */
function periodOf(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
