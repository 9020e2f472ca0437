import { expect, it } from 'vitest';
import { activityDurations } from '../../../src/query/analysis/activity-durations.ts';
import { makeRow, NOON, rowMap, usageOf } from '../../helpers/activity-rows.ts';
import { zoneCalendar } from '../../helpers/zone-calendar.ts';

const HOUR = 3_600_000;
const query = { calendar: zoneCalendar(), now: NOON + HOUR };

it('counts, times and sums what is of one level and name', () => {
  const rows = [
    ...Array.from({ length: 19 }, (_, index) => makeRow(index, { to: (index + 1) * 1000, usage: usageOf(0.1) })),
    makeRow(19, { to: 20_000, status: 'failed', usage: usageOf(0.3) }),
    makeRow(20, { to: 99_000, status: 'cancelled', usage: usageOf(5) }),
    makeRow(21, { to: 88_000, status: 'abandoned' }),
    makeRow(22, { to: null }),
    makeRow(23, { level: 'skill' }),
  ];
  const [agent, skill] = activityDurations(rowMap(rows), query);
  expect(agent).toMatchObject({
    level: 'agent',
    name: 'builder',
    count: 23,
    ended: 22,
    failed: 2,
    failure_share: 2 / 22,
    timed: 20,
    p50_ms: 10_500,
    p95_ms: 19_050,
    longest_ms: 20_000,
    total_ms: 210_000,
    // What was cut off was paid for too.
    total_cost: 7.2,
    p50_cost: 0.1,
    tokens: 210,
  });
  expect(skill).toMatchObject({ level: 'skill', count: 1, p50_cost: null, total_cost: 0 });
});

it('knows nothing of what has not ended', () => {
  const [row] = activityDurations(rowMap([makeRow(1, { to: null })]), query);
  expect(row).toMatchObject({ count: 1, ended: 0, failure_share: null, p50_ms: null, longest_ms: null, total_ms: 0 });
});

it('counts each dollar once where one stands inside another of its kind', () => {
  const rows = [
    makeRow(1, { usage: usageOf(3) }),
    makeRow(2, { level: 'skill', parentId: makeRow(1).id, usage: usageOf(2) }),
    makeRow(3, { parentId: makeRow(2).id, usage: usageOf(1) }),
  ];
  expect(activityDurations(rowMap(rows), query)).toMatchObject([{ total_cost: 3 }, { total_cost: 2 }]);
  // The outer one is not asked for.
  const late = [makeRow(1, { from: -5, usage: usageOf(3) }), ...rows.slice(1)];
  const [agent] = activityDurations(rowMap(late), { ...query, since: NOON });
  expect(agent).toMatchObject({ count: 1, total_cost: 1 });
});

it('does not say half of a price', () => {
  const rows = [makeRow(1, { usage: usageOf(3, 100) }), makeRow(2, { usage: usageOf(undefined) })];
  expect(activityDurations(rowMap(rows), query)).toMatchObject([{ total_cost: 3, p50_cost: null }]);
});

it('goes by the days of a zone', () => {
  const rows = [makeRow(1, { from: 13 * HOUR, to: 14 * HOUR }), makeRow(2), makeRow(3, { from: 5, to: null })];
  const daysIn = (zone: string): unknown =>
    activityDurations(rowMap(rows), { ...query, calendar: zoneCalendar(zone) })[0]?.periods.map(day => [
      day.label,
      day.count,
      day.p50_ms,
    ]);
  expect(daysIn('UTC')).toEqual([
    ['2026-03-01', 2, 1000],
    ['2026-03-02', 1, HOUR],
  ]);
  expect(daysIn('America/New_York')).toEqual([['2026-03-01', 3, (HOUR + 1000) / 2]]);
});

it.each([
  [{ since: NOON + 1 }, [2]],
  [{ until: NOON + 1 }, [1]],
  [{ level: 'skill' as const }, [3]],
  [{ since: NOON + 9 }, []],
])('%j asks for a part', (filter, expected) => {
  const rows = [
    makeRow(1, { name: '1' }),
    makeRow(2, { name: '2', from: 1 }),
    makeRow(3, { name: '3', from: 2, level: 'skill' }),
  ];
  const found = activityDurations(rowMap('level' in filter ? rows : rows.slice(0, 2)), { ...query, ...filter });
  expect(found.map(({ name }) => Number(name))).toEqual(expected);
});

it('ends where somebody edited a circle into the file', () => {
  const [a, b] = [makeRow(1), makeRow(2, { level: 'skill' })];
  const circle = [
    { ...a, parentId: b.id },
    { ...b, parentId: a.id },
  ];
  expect(activityDurations(rowMap(circle), query)).toHaveLength(2);
});
