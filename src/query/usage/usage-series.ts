/** Usage hour by hour or day by day, split by what it belongs to: the data of stacked charts. */

import { sumGroups } from '../../usage/sum-rows.ts';
import { type Dimension, MEASURES, type Measures, SLOT_MILLIS } from '../../usage/usage-cube.ts';
import type { UsageView } from '../../usage/usage-view.ts';
import { periodBounds, periodOf, withinBounds } from './period-bounds.ts';
import { selectRows } from './select-rows.ts';
import { tokensOf, usd } from './usage-columns.ts';
import type { PeriodQuery } from './usage-periods.ts';

/** One number for each period, from the oldest on. */
export interface SeriesValues {
  /** USD. */
  cost: number[];
  /** Of all kinds. */
  tokens: number[];
  requests: number[];
}

export interface UsageSeriesRow extends SeriesValues {
  /** Null: not known whose it is. */
  key: string | null;
  /** Of series by model. */
  model_name?: string;
}

export interface UsageSeries {
  by: Dimension;
  unit: 'hour' | 'day';
  /** RFC 3339. */
  starts: string[];
  /** As the clocks of the zone show the starts. */
  labels: string[];
  /** By cost, then tokens; what is not known comes last, whatever it cost. */
  series: UsageSeriesRow[];
  /** The sum of those that are not named; null if all are. */
  others: (SeriesValues & { count: number }) | null;
}

export interface UsageSeriesQuery extends PeriodQuery {
  by: Dimension;
  /** Names that get a series of their own. Default: 8. */
  limit?: number | undefined;
}

const DEFAULT_LIMIT = 8;

/** Every period of all series and of the others sums to that of `usagePeriods`. */
export function usageSeries({ cube, modelName }: UsageView, query: UsageSeriesQuery): UsageSeries {
  const { by, unit, calendar, only, within, limit = DEFAULT_LIMIT } = query;
  const bounds = periodBounds(query);
  const starts = bounds.slice(0, -1);
  const rows = selectRows(cube, { ...withinBounds(bounds, within), only });
  const codes = cube.columns.dimensions[by];
  const names = sumGroups(cube, { rows, groups: codesOf(codes, rows), count: cube.names[by].length })
    .map((sum, code) => ({ code, sum, key: code === 0 ? null : (cube.names[by][code] ?? null) }))
    .filter(({ sum }) => MEASURES.some(measure => sum[measure] !== 0))
    .sort((a, b) => Number(a.key === null) - Number(b.key === null) || byCost(a, b));
  const named = names.filter(({ key }) => key !== null);
  const own = [...named.slice(0, limit), ...names.filter(({ key }) => key === null)];
  const place = new Uint32Array(cube.names[by].length).fill(own.length);
  for (const [index, { code }] of own.entries()) place[code] = index;
  const groups = rows.map(row => {
    const period = periodOf(starts, (cube.columns.slots[row] ?? 0) * SLOT_MILLIS);
    return (place[codes[row] ?? 0] ?? 0) * starts.length + period;
  });
  const sums = sumGroups(cube, { rows, groups, count: (own.length + 1) * starts.length });
  const valuesAt = (index: number): SeriesValues =>
    seriesValues(sums.slice(index * starts.length, (index + 1) * starts.length));
  return {
    by,
    unit,
    starts: starts.map(start => new Date(start).toISOString()),
    labels: starts.map(start => calendar.label(unit, start)),
    series: own.map(({ key }, index) => ({
      key,
      ...(by === 'model' && key !== null && { model_name: modelName(key) }),
      ...valuesAt(index),
    })),
    others: named.length > limit ? { count: named.length - limit, ...valuesAt(own.length) } : null,
  };
}

const codesOf = (codes: ArrayLike<number>, rows: Uint32Array): Uint32Array => rows.map(row => codes[row] ?? 0);

interface NamedSum {
  key: string | null;
  sum: Measures;
}

const byCost = (a: NamedSum, b: NamedSum): number =>
  b.sum.cost - a.sum.cost || tokensOf(b.sum) - tokensOf(a.sum) || ((a.key ?? '') < (b.key ?? '') ? -1 : 1);

const seriesValues = (sums: readonly Measures[]): SeriesValues => ({
  cost: sums.map(sum => usd(sum.cost)),
  tokens: sums.map(tokensOf),
  requests: sums.map(sum => sum.requests),
});
