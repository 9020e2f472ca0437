/** Where the hours or days of an answer begin and end. */
import type { Calendar } from '../../usage/calendar.ts';

export interface PeriodBoundsQuery {
  unit: 'hour' | 'day';
  /** The last so many, with the current one. */
  count: number;
  calendar: Calendar;
  /** Milliseconds since 1970. */
  now: number;
}

/** The starts of the periods from the oldest on, and the end of the last. */
export function periodBounds({ unit, count, calendar, now }: PeriodBoundsQuery): number[] {
  const bounds = [calendar.shift(unit, now, 1)];
  for (let left = count; left > 0; left--) bounds.push(calendar.shift(unit, bounds.at(-1) ?? now, -1));
  return bounds.reverse();
}

/** The number of the last period that has begun by then. */
export function periodOf(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The time that rows are taken from: the periods, or the part of them that was asked for. */
export const withinBounds = (
  bounds: readonly number[],
  within: { since?: number | undefined; until?: number | undefined } = {},
): { since: number; until: number } => ({
  since: Math.max(bounds[0] ?? 0, within.since ?? 0),
  until: Math.min(bounds.at(-1) ?? 0, within.until ?? Number.POSITIVE_INFINITY),
});
