/** Usage hour by hour or day by day, as the clocks of a time zone have them. */

import type { NumberColumn } from '../../usage/row-table.ts';
import { addUp, sumGroups } from '../../usage/sum-rows.ts';
import { SLOT_MILLIS } from '../../usage/usage-cube.ts';
import type { UsageView } from '../../usage/usage-view.ts';
import { type PeriodBoundsQuery, periodBounds, periodOf, withinBounds } from './period-bounds.ts';
import { selectRows, type UsageFilter } from './select-rows.ts';
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

export interface PeriodQuery extends PeriodBoundsQuery {
  only?: UsageFilter['only'];
  /** Only this part of the periods counts. Default: all of them. */
  within?: Pick<UsageFilter, 'since' | 'until'> | undefined;
}

export function usagePeriods({ cube }: UsageView, query: PeriodQuery): UsagePeriods {
  const { unit, calendar, only, within } = query;
  const bounds = periodBounds(query);
  const starts = bounds.slice(0, -1);
  const rows = selectRows(cube, { ...withinBounds(bounds, within), only });
  const groups = periodsOf(starts, cube.columns.slots, rows);
  const sums = sumGroups(cube, { rows, groups, count: starts.length });
  return {
    rows: sums.map((sum, index) => ({
      start: new Date(starts[index] ?? 0).toISOString(),
      end: new Date(bounds[index + 1] ?? 0).toISOString(),
      label: calendar.label(unit, starts[index] ?? 0),
      ...usageColumns(sum),
    })),
    total: usageColumns(addUp(sums)),
  };
}

/** The number of the period of each row. Rows of the same quarter of an hour mostly come together. */
function periodsOf(starts: readonly number[], slots: NumberColumn, rows: Uint32Array): Uint32Array {
  const periods = new Uint32Array(rows.length);
  let slot = -1;
  let period = 0;
  for (let index = 0; index < rows.length; index++) {
    const of = slots[rows[index] ?? 0] ?? 0;
    if (of !== slot) {
      slot = of;
      period = periodOf(starts, slot * SLOT_MILLIS);
    }
    periods[index] = period;
  }
  return periods;
}
