/** Forecasts against days that were held back: the band holds what it says, and nothing is below what is spent. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecastCost, forecastPeriod } from '../../src/usage/forecast.ts';
import { type PastDay, pastDays } from '../../src/usage/past-days.ts';
import { cubeOf } from '../helpers/cube-of.ts';
import { zoneCalendar } from '../helpers/zone-calendar.ts';

const DAY = 86_400_000;
const NANO = 1e9;
const day = (weekday: number, usd: number, rest = usd / 2): PastDay => ({
  weekday,
  cost: usd * NANO,
  rest: rest * NANO,
});

/** Numbers from 0 to 1 that are the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  // Neighbouring seeds begin alike.
  for (let skipped = 0; skipped < 10; skipped++) next();
  return next;
}

/** A working day of a person: around $20, with a long tail; little at the weekend. */
function workingDay(random: () => number, weekday: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return (weekday >= 5 ? 1 : 20) * Math.exp(0.6 * normal);
}

/** Share of 300 people whose true end of the period lay in the band. */
function coverage(historyDays: number, aheadDays: number): number {
  let inside = 0;
  for (let person = 1; person <= 300; person++) {
    const random = randomNumbers(7919 * person);
    const days = Array.from({ length: historyDays + aheadDays }, (_, index) =>
      day(index % 7, workingDay(random, index % 7)),
    );
    const held = days.slice(historyDays);
    const forecast = forecastCost({
      spent: 5 * NANO,
      past: days.slice(0, historyDays),
      today: null,
      ahead: held.map(({ weekday }) => weekday),
    });
    const end = held.reduce((sum, { cost }) => sum + cost, 5 * NANO);
    if (forecast && end >= forecast.low && end <= forecast.high) inside++;
  }
  return inside / 300;
}

describe('the band', () => {
  it.each([
    [14, 3],
    [14, 10],
    [28, 5],
    [42, 1],
    [42, 10],
    [42, 20],
  ])('of %d days of history holds %d days that were held back in about 8 of 10 cases', (history, ahead) => {
    const share = coverage(history, ahead);
    expect(share).toBeGreaterThan(0.72);
    expect(share).toBeLessThan(0.88);
  });

  it('is wider the less history there is', () => {
    const widthOf = (weeks: number): number => {
      const past = Array.from({ length: 7 * weeks }, (_, index) => day(index % 7, 5 + ((7 * index) % 11)));
      const { low = 0, high = 0 } = forecastCost({ spent: 0, past, today: null, ahead: Array(28).fill(0) }) ?? {};
      return high - low;
    };
    expect(widthOf(2)).toBeGreaterThan(widthOf(6));
  });

  it('never goes below what is spent, holds the expected cost, and is the same every time', () => {
    const arbitraryDay = fc.record({
      weekday: fc.integer({ min: 0, max: 6 }),
      cost: fc.integer({ min: 0, max: 1e12 }),
      rest: fc.integer({ min: 0, max: 1e11 }),
    });
    const arbitraryInput = fc.record({
      spent: fc.integer({ min: 0, max: 1e12 }),
      past: fc.array(arbitraryDay, { minLength: 3, maxLength: 42 }),
      today: fc.option(fc.integer({ min: 0, max: 6 })),
      ahead: fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 30 }),
    });
    fc.assert(
      fc.property(arbitraryInput, input => {
        const forecast = forecastCost(input);
        expect(forecast).toEqual(forecastCost(structuredClone(input)));
        const { low = -1, expected = -1, high = -1 } = forecast ?? {};
        expect(low).toBeGreaterThanOrEqual(input.spent);
        expect(expected).toBeGreaterThanOrEqual(low);
        expect(high).toBeGreaterThanOrEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the expected cost', () => {
  const weeks = (count: number): PastDay[] =>
    Array.from({ length: 7 * count }, (_, index) => day(index % 7, index % 7 >= 5 ? 0 : 10));

  it('knows the weekdays after two weeks', () => {
    const weekend = forecastCost({ spent: NANO, past: weeks(2), today: null, ahead: [5, 6] });
    expect(weekend).toEqual({ expected: NANO, low: NANO, high: NANO, basis: 'weekdays', days: 14 });
    const week = forecastCost({ spent: 0, past: weeks(2), today: null, ahead: [0, 1, 2, 3, 4, 5, 6] });
    expect(week?.expected).toBe(50 * NANO);
  });

  it('is the mean of the recent days before that', () => {
    const past = weeks(2).slice(0, 13);
    const { expected = 0, basis } = forecastCost({ spent: 0, past, today: null, ahead: Array(28).fill(0) }) ?? {};
    expect(basis).toBe('recent');
    expect(expected / NANO / 28).toBeCloseTo(100 / 13, 0);
  });

  it('counts of today only what usually comes after this time', () => {
    const past = weeks(2).map(({ weekday, cost }) => ({ weekday, cost, rest: cost / 5 }));
    expect(forecastCost({ spent: 7 * NANO, past, today: 2, ahead: [] })?.expected).toBe(9 * NANO);
    expect(forecastCost({ spent: 7 * NANO, past, today: 6, ahead: [] })?.expected).toBe(7 * NANO);
  });

  it('is not moved by one wild day as the mean would be', () => {
    const past = [
      ...weeks(5),
      ...weeks(1).map(({ weekday, cost, rest }, index) => ({ weekday, cost: index === 2 ? 1000 * NANO : cost, rest })),
    ];
    expect(forecastCost({ spent: 0, past, today: null, ahead: [0, 1, 2] })?.expected).toBe(30 * NANO);
  });
});

describe('the days to learn from', () => {
  const calendar = zoneCalendar();
  const now = Date.parse('2026-11-26T12:40Z');

  it('begin with the first day of usage, six weeks back at most, and end before today', () => {
    const usage = Array.from({ length: 60 }, (_, index) => ({ at: now - index * DAY, usd: 1 }));
    expect(pastDays({ cube: cubeOf(usage), calendar, now })).toHaveLength(42);
    const gap = [
      { at: '2026-11-20T10:00Z', usd: 3 },
      { at: '2026-11-20T12:30Z', usd: 1 },
      { at: '2026-11-20T12:29Z', usd: 0.5 },
      { at: '2026-11-24T10:00Z', usd: 2, command: '/other' },
      { at: '2026-11-26T10:00Z', usd: 9 },
    ];
    const days = pastDays({ cube: cubeOf(gap), calendar, now });
    expect(days.map(({ weekday, cost, rest }) => [weekday, cost / NANO, rest / NANO])).toEqual([
      [4, 4.5, 1],
      [5, 0, 0],
      [6, 0, 0],
      [0, 0, 0],
      [1, 2, 0],
      [2, 0, 0],
    ]);
    expect(pastDays({ cube: cubeOf(gap), calendar, now, scope: { command: key => key === '/other' } })).toHaveLength(2);
    expect(pastDays({ cube: cubeOf([]), calendar, now })).toEqual([]);
  });

  it('reach to the end of the day, week or month', () => {
    const usage = Array.from({ length: 28 }, (_, index) => ({ at: now - (index + 1) * DAY, usd: 1 }));
    const expected = (['day', 'week', 'month'] as const).map(unit => {
      const forecast = forecastPeriod(unit, 0, { cube: cubeOf(usage), calendar, now });
      return (forecast?.expected ?? 0) / NANO;
    });
    // Thursday the 26th: Friday to Sunday, and the 27th to the 30th. Of today 12:40 is still to come every day.
    expect(expected).toEqual([1, 4, 5]);
  });
});
