/** A calendar from two answers of a time zone: how far its clocks are ahead, and when its days begin. */
import type { Calendar, CalendarUnit } from './calendar.ts';

/** Days are counted from 1970-01-01, as the clocks on the wall have them. Times are milliseconds since 1970. */
export interface WallClock {
  readonly zone: string;
  /** How far the clocks are ahead of UTC at a time, in milliseconds. */
  offsetAt(at: number): number;
  /** The first moment of a day; not always midnight, because clocks may be put forward over it. */
  dayStart(day: number): number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The Monday before 1970 is day -3. */
const FIRST_MONDAY = -3;

/**
 * Hours begin when the minutes are zero, and wherever the clocks are changed: no hour spans a change, and the hour that
 * comes twice is two hours. The other units are days, joined.
 */
export function calendarOf(clock: WallClock): Calendar {
  return {
    get zone() {
      return clock.zone;
    },
    startOf: (unit, at) => (unit === 'hour' ? hourStart(clock, at) : unitStart(clock, { unit, at, count: 0 })),
    shift(unit, at, count) {
      if (unit !== 'hour') return unitStart(clock, { unit, at, count });
      let start = hourStart(clock, at);
      for (let left = count; left > 0; left--) start = nextHour(clock, start);
      for (let left = count; left < 0; left++) start = hourStart(clock, start - 1);
      return start;
    },
    label(unit, start) {
      const offset = clock.offsetAt(start);
      const wall = new Date(start + offset).toISOString();
      const date = wall.slice(0, 10);
      return unit === 'hour' ? `${date} ${wall.slice(11, 16)} ${offsetText(offset)}` : date;
    },
  };
}

interface Place {
  unit: Exclude<CalendarUnit, 'hour'>;
  at: number;
  count: number;
}

function unitStart(clock: WallClock, { unit, at, count }: Place): number {
  const day = dayOf(clock, at);
  if (unit === 'day') return clock.dayStart(day + count);
  if (unit === 'week') return clock.dayStart(day - modulo(day - FIRST_MONDAY, 7) + 7 * count);
  const date = new Date(day * DAY);
  return clock.dayStart(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1) / DAY);
}

function dayOf(clock: WallClock, at: number): number {
  const day = Math.floor((at + clock.offsetAt(at)) / DAY);
  // Clocks that are put back over midnight show the day before once more; the new day has begun all the same.
  return clock.dayStart(day + 1) <= at ? day + 1 : day;
}

function hourStart(clock: WallClock, at: number): number {
  const offset = clock.offsetAt(at);
  const start = at - modulo(at + offset, HOUR);
  return clock.offsetAt(start) === offset ? start : changeBetween(clock, start, at);
}

function nextHour(clock: WallClock, start: number): number {
  const offset = clock.offsetAt(start);
  const next = start - modulo(start + offset, HOUR) + HOUR;
  return clock.offsetAt(next) === offset ? next : changeBetween(clock, start, next);
}

/** The first moment of the new offset; there must be one change after `before` and not after `until`. */
function changeBetween(clock: WallClock, before: number, until: number): number {
  const old = clock.offsetAt(before);
  let low = before;
  let high = until;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (clock.offsetAt(middle) === old) low = middle;
    else high = middle;
  }
  return high;
}

const modulo = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;

/** `+01:00` */
function offsetText(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / MINUTE);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
