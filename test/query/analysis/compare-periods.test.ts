import { describe, expect, it } from 'vitest';
import { comparePeriods } from '../../../src/query/analysis/compare-periods.ts';
import type { ActivityRow } from '../../../src/query/runs/activity-row.ts';
import { makeRow, NOON, type RowOverrides, randomOf, usageOf } from '../../helpers/activity-rows.ts';

const DAY = 86_400_000;
const query = { at: NOON, now: NOON + 30 * DAY };

/** So many on each side, one an hour, of which the later ones take longer by a factor. */
function sides(
  count: number,
  { factor = 1, seed = 5, ...rest }: RowOverrides & { factor?: number; seed?: number } = {},
) {
  const { normal } = randomOf(seed);
  return Array.from({ length: 2 * count }, (_, index): ActivityRow => {
    const from = (index - count) * 3_600_000;
    const duration = Math.round(60_000 * Math.exp(0.4 * normal()) * (index < count ? 1 : factor));
    return makeRow(1000 * seed + index, { from, to: from + duration, ...rest });
  });
}

describe('a change', () => {
  it('is told from noise', () => {
    const [row, ...others] = comparePeriods(sides(30, { factor: 2 }), query).rows;
    expect(others).toEqual([]);
    expect(row).toMatchObject({ level: 'agent', name: 'builder', before: { count: 30 }, after: { count: 30 } });
    expect(row?.duration.verdict).toBe('up');
    expect(row?.duration.change).toBeGreaterThan(1.5);
    expect(row?.duration.p_adjusted).toBeLessThan(0.01);
    expect(comparePeriods(sides(30, { factor: 0.5 }), query).rows[0]?.duration.verdict).toBe('down');
    expect(comparePeriods(sides(30), query).rows[0]?.duration.verdict).toBe('noise');
  });

  it.each([7, 8])('with %d on each side says whether that is enough', count => {
    const { rows } = comparePeriods(sides(count, { factor: 9 }), query);
    expect(rows[0]?.duration).toMatchObject(
      count < 8 ? { verdict: 'too_little_data', p_value: null, p_adjusted: null } : { verdict: 'up' },
    );
    expect(rows[0]?.duration.change).toBeGreaterThan(3);
  });

  it('of money and of failures is tested too', () => {
    const rows = sides(40).map((row, index) => ({
      ...row,
      status: index >= 40 && index % 3 === 0 ? ('failed' as const) : row.status,
      usage: usageOf(index < 40 ? 1 + (index % 7) / 10 : 0.5 + (index % 7) / 10),
    }));
    expect(comparePeriods(rows, query).rows[0]).toMatchObject({
      cost: { verdict: 'down', change: 0.8 / 1.3 },
      failures: { verdict: 'up', change: 13 / 40 },
      before: { failure_share: 0, p50_cost: 1.3 },
      after: { failure_share: 13 / 40, failed: 13 },
    });
  });

  it('is seen in about one of twenty answers at most where nothing has changed, however many kinds there are', () => {
    let wrong = 0;
    for (let answer = 1; answer <= 200; answer++) {
      const rows = Array.from({ length: 5 }, (_, kind) =>
        sides(12, { name: `k${kind}`, seed: 100 * answer + kind }),
      ).flat();
      const { rows: compared } = comparePeriods(rows, query);
      if (compared.some(({ duration }) => duration.verdict === 'up' || duration.verdict === 'down')) wrong++;
    }
    expect(wrong / 200).toBeLessThan(0.08);
  });

  it('is none where one side is empty', () => {
    const rows = sides(10).filter(({ startedAt }) => startedAt < NOON);
    expect(comparePeriods(rows, query).rows).toMatchObject([
      {
        before: { count: 10 },
        after: { count: 0, failure_share: null, p50_ms: null },
        duration: { change: null, verdict: 'too_little_data' },
        failures: { change: null, verdict: 'too_little_data' },
      },
    ]);
    expect(comparePeriods([], query)).toMatchObject({ rows: [], totals: { before: { runs: 0 } } });
  });
});

describe('the sides', () => {
  const rows = [
    makeRow(1, { from: -3 * DAY, to: -2 * DAY, usage: usageOf(0.1) }),
    makeRow(2, { from: -1, to: 5000, usage: usageOf(0.2), status: 'failed' }),
    makeRow(3, { from: 0, to: 1000, usage: usageOf(0.7) }),
    makeRow(4, { from: 5, to: 9, parentId: makeRow(3).id, level: 'skill', usage: usageOf(0.4) }),
    makeRow(5, { from: 2 * DAY, to: null }),
  ];

  it('are parted by the start, and sum up the runs', () => {
    expect(comparePeriods(rows, query).totals).toEqual({
      before: { runs: 2, ended: 2, failed: 1, total_ms: DAY + 5001, total_cost: 0.3 },
      after: { runs: 2, ended: 1, failed: 0, total_ms: 1000, total_cost: 0.7 },
    });
  });

  it('reach so many days', () => {
    const found = comparePeriods(rows, { ...query, days: 1 });
    expect(found).toMatchObject({ since: '2026-02-28T12:00:00.000Z', until: '2026-03-02T12:00:00.000Z' });
    expect(found.totals).toMatchObject({ before: { runs: 1 }, after: { runs: 1 } });
    expect(comparePeriods(rows, query)).toMatchObject({ at: '2026-03-01T12:00:00.000Z', since: null, until: null });
  });

  it('can be of one level', () => {
    expect(comparePeriods(rows, { ...query, level: 'skill' }).rows.map(({ level }) => level)).toEqual(['skill']);
  });
});
