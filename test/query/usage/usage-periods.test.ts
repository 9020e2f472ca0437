import { describe, expect, it } from 'vitest';
import { costTrend } from '../../../src/query/usage/cost-trend.ts';
import { usagePeriods } from '../../../src/query/usage/usage-periods.ts';
import type { Calendar } from '../../../src/usage/calendar.ts';
import { calendarOf } from '../../../src/usage/wall-clock-calendar.ts';
import { zoneClock } from '../../../src/zone-clock.ts';
import { type Used, viewOf } from '../../helpers/usage-view.ts';

function calendarIn(zone: string): Calendar {
  const clock = zoneClock(zone);
  if (!clock) throw new Error(`no zone ${zone}`);
  return calendarOf(clock);
}

const UTC = calendarIn('UTC');
const BERLIN = calendarIn('Europe/Berlin');

describe('hours', () => {
  it('are the last ones with the current one, also those without usage', () => {
    const view = viewOf([
      { at: '2026-11-26T08:00:00Z', input: 1 },
      { at: '2026-11-26T10:19:59Z', input: 2, cost: 3 },
      { at: '2026-11-26T07:59:59Z', input: 99 },
      { at: '2026-11-26T11:00:00Z', input: 99 },
    ]);
    const now = Date.parse('2026-11-26T10:20:00Z');
    const { rows, total } = usagePeriods(view, { unit: 'hour', count: 3, calendar: UTC, now });
    expect(rows.map(row => [row.start, row.end, row.label, row.input_tokens])).toEqual([
      ['2026-11-26T08:00:00.000Z', '2026-11-26T09:00:00.000Z', '2026-11-26 08:00 +00:00', 1],
      ['2026-11-26T09:00:00.000Z', '2026-11-26T10:00:00.000Z', '2026-11-26 09:00 +00:00', 0],
      ['2026-11-26T10:00:00.000Z', '2026-11-26T11:00:00.000Z', '2026-11-26 10:00 +00:00', 2],
    ]);
    expect(total).toMatchObject({ input_tokens: 3, cost: 3e-9, requests: 2 });
  });

  it('come twice where the clocks are put back', () => {
    const view = viewOf([
      { at: '2026-10-25T00:30:00Z', input: 1 },
      { at: '2026-10-25T01:30:00Z', input: 2 },
    ]);
    const now = Date.parse('2026-10-25T02:10:00Z');
    const { rows } = usagePeriods(view, { unit: 'hour', count: 3, calendar: BERLIN, now });
    expect(rows.map(row => [row.label, row.input_tokens])).toEqual([
      ['2026-10-25 02:00 +02:00', 1],
      ['2026-10-25 02:00 +01:00', 2],
      ['2026-10-25 03:00 +01:00', 0],
    ]);
  });

  it('begin at three quarters where the zone does', () => {
    const view = viewOf([
      { at: '2026-11-26T10:14:59Z', input: 1 },
      { at: '2026-11-26T10:15:00Z', input: 2 },
    ]);
    const calendar = calendarIn('Asia/Kathmandu');
    const now = Date.parse('2026-11-26T10:20:00Z');
    const { rows } = usagePeriods(view, { unit: 'hour', count: 2, calendar, now });
    expect(rows.map(row => [row.label, row.input_tokens])).toEqual([
      ['2026-11-26 15:00 +05:45', 1],
      ['2026-11-26 16:00 +05:45', 2],
    ]);
  });
});

describe('days', () => {
  it.each([
    ['a day of 25 hours', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    ['a day of 23 hours', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  ])('%s holds what was used in it, to the last moment', (_, now, start, end) => {
    const inside = [Date.parse(start), Date.parse(end) - 1].map(at => ({ at, input: 1 }));
    const outside = [Date.parse(start) - 1, Date.parse(end)].map(at => ({ at, input: 100 }));
    const query = { unit: 'day', count: 1, calendar: BERLIN, now: Date.parse(now) } as const;
    expect(usagePeriods(viewOf([...inside, ...outside]), query).rows).toMatchObject([{ start, end, input_tokens: 2 }]);
  });

  it('are those of a project, if only that is asked for', () => {
    const now = Date.parse('2026-11-26T10:20:00Z');
    const view = viewOf([
      { at: now, project: '/a', input: 1 },
      { at: now, project: null, input: 2 },
    ]);
    const only = { project: (path: string) => path === '/a' };
    expect(usagePeriods(view, { unit: 'day', count: 1, calendar: UTC, now, only }).total.input_tokens).toBe(1);
  });
});

describe('the trend', () => {
  const NOW = Date.parse('2026-11-26T10:20:00Z');
  const DAY = 86_400_000;
  /** The cost of the last days in dollars, today last. */
  const spent = (...dollars: number[]): Used[] =>
    dollars.map((cost, index) => ({ at: NOW - (dollars.length - 1 - index) * DAY, cost: cost * 1e9 }));
  const trendOf = (used: readonly Used[], count: number) => costTrend(viewOf(used), { count, calendar: UTC, now: NOW });

  it('is the slope of least squares in dollars a day', () => {
    expect(trendOf(spent(1, 2, 3, 4, 5, 6, 7), 7)).toMatchObject({ slope_per_day: 1, direction: 'rising' });
    expect(trendOf(spent(9, 7, 5, 3, 0), 5)).toMatchObject({ slope_per_day: -2, direction: 'falling' });
    // Days 0 to 3 with 1, 4, 2, 5: slope 1.
    expect(trendOf(spent(1, 4, 2, 5, 100), 5)).toMatchObject({ slope_per_day: 1, average_per_day: 3 });
  });

  it('does not count today, which is not over', () => {
    const { points, direction, slope_per_day } = trendOf(spent(5, 5, 5, 0.1), 4);
    expect([direction, slope_per_day]).toEqual(['flat', 0]);
    expect(points.map(point => [point.label, point.cost, point.in_trend])).toEqual([
      ['2026-11-23', 5, true],
      ['2026-11-24', 5, true],
      ['2026-11-25', 5, true],
      ['2026-11-26', 0.1, false],
    ]);
  });

  it('begins when recording began, and counts days of rest after that', () => {
    const began = trendOf(spent(8, 8, 8, 1), 10);
    expect([began.direction, began.points.filter(point => point.in_trend).length]).toEqual(['flat', 3]);
    const rested = trendOf([{ at: NOW - 90 * DAY, cost: 1 }, ...spent(8, 8, 1)], 8);
    expect([rested.direction, rested.points.filter(point => point.in_trend).length]).toEqual(['rising', 7]);
  });

  it('is flat if it changes by less than a fifth of the average day', () => {
    expect(trendOf(spent(10, 10.5, 11, 11.5, 0), 5).direction).toBe('flat');
    expect(trendOf(spent(10, 11, 12, 13, 0), 5).direction).toBe('rising');
  });

  it('is flat without usage, and with a single day', () => {
    expect(trendOf([], 7)).toMatchObject({ slope_per_day: 0, direction: 'flat', average_per_day: 0 });
    expect(trendOf(spent(5), 7)).toMatchObject({ slope_per_day: 0, direction: 'flat' });
    expect(trendOf([], 7).points).toHaveLength(7);
  });
});
