/**
 * What a day, week or month will have cost at its end, with an error band. The days that are left are drawn at random
 * from past days of the same sort, 1,000 times, each time from a history that was itself drawn anew, so that little
 * history gives a wide band. The draws are the same for the same numbers: there is no other chance in it.
 */
import type { CalendarUnit } from './calendar.ts';
import { type PastDay, type PastDaysQuery, pastDays, weekdayOf } from './past-days.ts';

export interface Forecast {
  /** Half of the draws are below it. All three are nano-dollars, and none is below what is spent already. */
  readonly expected: number;
  /** The band: in about eight of ten cases the period ends in it. */
  readonly low: number;
  readonly high: number;
  /** `weekdays`: two weeks of history or more, quiet weekdays and busy ones apart. `recent`: all past days alike. */
  readonly basis: 'weekdays' | 'recent';
  /** Past days that it was worked out from. */
  readonly days: number;
}

const MIN_DAYS = 3;
const WEEKDAYS_FROM_DAYS = 14;
/** Share of the average day below which a weekday is a quiet one. */
const QUIET = 1 / 3;
const DRAWS = 1000;
/** Wider than eight draws of ten: so wide that eight of ten periods end in it, as they were held back and tried. */
const LOW = 0.08;
const HIGH = 0.94;
const SEED = 0x5eed;
const DAY_MILLIS = 86_400_000;

export interface ForecastInput {
  /** Nano-dollars of the period up to now. */
  spent: number;
  past: readonly PastDay[];
  /** Today, of which a part is left; null if the day is over. 0 is Monday. */
  today: number | null;
  /** The days after today up to the end of the period. */
  ahead: readonly number[];
}

/** Null if there are fewer than three past days to learn from. */
export function forecastCost({ spent, past, today, ahead }: ForecastInput): Forecast | null {
  if (past.length < MIN_DAYS) return null;
  const basis = past.length >= WEEKDAYS_FROM_DAYS ? 'weekdays' : 'recent';
  const isQuiet = basis === 'weekdays' ? quietWeekdays(past) : () => false;
  const random = randomNumbers(SEED);
  const sorts = [false, true].map(quiet => ({
    past: past.filter(day => isQuiet(day.weekday) === quiet),
    ahead: ahead.filter(weekday => isQuiet(weekday) === quiet).length,
    today: today !== null && isQuiet(today) === quiet,
  }));
  const ends: number[] = [];
  for (let draw = 0; draw < DRAWS; draw++) {
    let end = spent;
    for (const sort of sorts) {
      if (sort.past.length === 0 || (sort.ahead === 0 && !sort.today)) continue;
      const pool = sort.past.map(() => pick(sort.past, random));
      if (sort.today) end += pick(pool, random)?.rest ?? 0;
      for (let day = 0; day < sort.ahead; day++) end += pick(pool, random)?.cost ?? 0;
    }
    ends.push(end);
  }
  ends.sort((a, b) => a - b);
  return {
    expected: quantile(ends, 0.5),
    low: quantile(ends, LOW),
    high: quantile(ends, HIGH),
    basis,
    days: past.length,
  };
}

/** The forecast for the period that it is now. */
export function forecastPeriod(unit: CalendarUnit, spent: number, query: PastDaysQuery): Forecast | null {
  const { calendar, now } = query;
  const end = calendar.shift(unit, now, 1);
  const today = weekdayOf(calendar, now);
  // Days are counted from noon to noon: there the changes of the clock do not matter.
  const noon = calendar.startOf('day', now) + DAY_MILLIS / 2;
  const left = Math.round((end - noon) / DAY_MILLIS - 0.5);
  const ahead = Array.from({ length: Math.max(0, left) }, (_, index) => (today + 1 + index) % 7);
  return forecastCost({ spent, past: pastDays(query), today, ahead });
}

function quietWeekdays(past: readonly PastDay[]): (weekday: number) => boolean {
  const average = (days: readonly PastDay[]): number =>
    days.reduce((sum, day) => sum + day.cost, 0) / Math.max(1, days.length);
  const limit = QUIET * average(past);
  const quiet = [0, 1, 2, 3, 4, 5, 6].map(weekday => average(past.filter(day => day.weekday === weekday)) < limit);
  return weekday => quiet[weekday] ?? false;
}

const pick = <T>(from: readonly T[], random: () => number): T | undefined => from[Math.floor(random() * from.length)];

/** Of a sorted list. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;

/** Numbers from 0 up to 1: a xorshift of 32 bits, good enough for drawing days. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}
