/** Whether the cost of a day goes up or down. */
import { SLOT_MILLIS } from '../../usage/usage-cube.ts';
import type { UsageView } from '../../usage/usage-view.ts';
import { usd } from './usage-columns.ts';
import { type PeriodQuery, usagePeriods } from './usage-periods.ts';

export type TrendDirection = 'rising' | 'falling' | 'flat';

export interface TrendPoint {
  start: string;
  label: string;
  cost: number;
  unpriced_tokens: number;
  requests: number;
  /** The slope is that of these days: whole ones (today is not over yet), from the first that anything is recorded of. */
  in_trend: boolean;
}

export interface CostTrend {
  /** From the oldest day on; today is the last. */
  points: TrendPoint[];
  /** USD by which a day costs more than the one before it, by least squares. */
  slope_per_day: number;
  /** `flat` if the line changes by less than a fifth of the average day from its first day to its last. */
  direction: TrendDirection;
  /** USD of the average day of the trend. */
  average_per_day: number;
}

const FLAT = 1 / 5;

export type TrendQuery = Omit<PeriodQuery, 'unit'>;

export function costTrend(view: UsageView, query: TrendQuery): CostTrend {
  const { rows } = usagePeriods(view, { ...query, unit: 'day' });
  // Before it nothing was recorded, which is not the same as nothing spent.
  const first = recordedFrom(view);
  const points = rows.map(({ start, end, label, cost, unpriced_tokens, requests }, index) => {
    const in_trend = index < rows.length - 1 && Date.parse(end) > first;
    return { start, label, cost, unpriced_tokens, requests, in_trend };
  });
  const costs = points.filter(({ in_trend }) => in_trend).map(({ cost }) => cost);
  const line = fitLine(costs);
  return {
    points,
    slope_per_day: nearest(line.slope),
    direction: directionOf(line, costs.length),
    average_per_day: nearest(line.mean),
  };
}

/** When the first request of all was, in milliseconds since 1970. */
function recordedFrom({ cube }: UsageView): number {
  const { slots, measures } = cube.columns;
  let first = Number.POSITIVE_INFINITY;
  for (let row = 0; row < cube.size; row++) {
    if ((measures.requests[row] ?? 0) > 0) first = Math.min(first, (slots[row] ?? 0) * SLOT_MILLIS);
  }
  return first;
}

interface Line {
  slope: number;
  mean: number;
}

/** Least squares over days 0, 1, 2, …; a single day has no slope. */
function fitLine(values: readonly number[]): Line {
  const count = values.length;
  if (count === 0) return { slope: 0, mean: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const middle = (count - 1) / 2;
  let above = 0;
  let below = 0;
  for (const [day, value] of values.entries()) {
    above += (day - middle) * (value - mean);
    below += (day - middle) ** 2;
  }
  return { slope: below === 0 ? 0 : above / below, mean };
}

function directionOf({ slope, mean }: Line, days: number): TrendDirection {
  const change = slope * (days - 1);
  if (Math.abs(change) <= FLAT * mean) return 'flat';
  return change > 0 ? 'rising' : 'falling';
}

/** To the nano-dollar: what lies below is the noise of the division. */
const nearest = (dollars: number): number => usd(Math.round(dollars * 1e9));
