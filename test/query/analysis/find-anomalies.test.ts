import { describe, expect, it } from 'vitest';
import { findAnomalies } from '../../../src/query/analysis/find-anomalies.ts';
import type { ActivityRow } from '../../../src/query/runs/activity-row.ts';
import { makeRow, NOON, type RowOverrides, randomOf, usageOf } from '../../helpers/activity-rows.ts';

const MINUTE = 60_000;
const query = { now: NOON + 1e9 };

/** One a second, each of which took so many milliseconds, or is as it says. */
const history = (values: readonly (number | RowOverrides)[]): ActivityRow[] =>
  values.map((value, index) => {
    const { duration = 0, ...rest } = typeof value === 'number' ? { duration: value } : { duration: 30_000, ...value };
    return makeRow(index, { from: index * MINUTE * 10, to: index * MINUTE * 10 + duration, ...rest });
  });
const usual = (count: number): number[] => Array.from({ length: count }, (_, index) => 28_000 + (index % 5) * 1000);
const kindsOf = (rows: readonly ActivityRow[]): string[] =>
  findAnomalies(rows, query).anomalies.map(({ kind }) => kind);

describe('what took much longer than before', () => {
  it('is told with its history, in words', () => {
    const rows = history([...usual(40), 250_000]);
    expect(findAnomalies(rows, query)).toMatchObject({
      found: 1,
      examined: 41,
      judged: 33,
      anomalies: [
        {
          event_id: rows[40]?.id,
          level: 'agent',
          name: 'builder',
          kind: 'slow',
          value: 250_000,
          history: 40,
          reason: 'took 4m 10s; of the 40 before it half took less than 30.0s, and nineteen of twenty less than 32.0s',
        },
      ],
    });
    const [anomaly] = findAnomalies(rows, query).anomalies;
    expect(anomaly?.usual).toBeCloseTo(30_000, 0);
    expect(anomaly?.low).toBeLessThan(28_000);
    expect(anomaly?.high).toBeGreaterThan(32_000);
    expect(anomaly?.high).toBeLessThan(50_000);
    expect(anomaly?.score).toBeGreaterThan(10);
  });

  it('is told of few without talking of twenty', () => {
    const [anomaly] = findAnomalies(history([...usual(9), 250_000]), query).anomalies;
    expect(anomaly?.reason).toBe('took 4m 10s; of the 9 before it half took less than 30.0s, and none more than 32.0s');
  });

  it.each([
    ['with fewer than eight before it', [...usual(7), 250_000]],
    ['where all took as long afterwards only', [250_000, ...usual(30)]],
    ['where it is usual', [...usual(20), ...usual(20).map(value => value * 9)].reverse().concat(250_000)],
    ['by less than a second', [...Array(20).fill(4), 900]],
    ['by less than half', [...Array(20).fill(30_000), 44_000]],
  ])('is nothing %s', (_, values) => {
    expect(kindsOf(history(values))).not.toContain('slow');
  });

  it('is found where nearly all took the very same time', () => {
    expect(kindsOf(history([...Array(20).fill(30_000), 46_000]))).toEqual(['slow']);
    expect(kindsOf(history([...Array(12).fill(30_000), ...usual(8), 60_000]))).toEqual(['slow']);
  });

  it('is the usual after a while', () => {
    const found = findAnomalies(history([...usual(100), ...usual(100).map(value => value * 4)]), query);
    expect(found.found).toBeGreaterThan(30);
    expect(found.found).toBeLessThanOrEqual(55);
  });

  it('is told while it runs', () => {
    const rows = [...history(usual(10)), makeRow(99, { to: null })];
    expect(findAnomalies(rows, { now: NOON + 20_000 }).found).toBe(0);
    const [anomaly] = findAnomalies(rows, { now: NOON + 5 * MINUTE }).anomalies;
    expect(anomaly).toMatchObject({ status: 'running', ended_at: null });
    expect(anomaly?.reason).toMatch(/^runs for 5m 00s; /);
  });

  it('is compared with its own level and name alone', () => {
    const others = history(usual(20)).map(row => ({ ...row, name: 'other' }));
    const skills = history(usual(20)).map(row => ({ ...row, level: 'skill' as const }));
    expect(kindsOf([...others, ...skills, makeRow(99, { to: 500_000 })])).toEqual([]);
  });

  it('is not measured by what failed or was cut off', () => {
    const cut = Array.from({ length: 30 }, (): RowOverrides & { duration: number } => ({
      status: 'cancelled',
      duration: 10,
    }));
    expect(kindsOf(history([...cut, ...usual(4), 250_000]))).toEqual([]);
    expect(kindsOf(history([...usual(20), { status: 'cancelled', to: 1e9 }]))).toEqual([]);
  });
});

describe('what cost much more than before', () => {
  const paid = (dollars: number | undefined, unpriced?: number): RowOverrides => ({
    usage: usageOf(dollars, unpriced),
  });

  it('is told in money', () => {
    const rows = history([...Array.from({ length: 20 }, (_, index) => paid(0.2 + index / 200)), paid(2.5)]);
    expect(findAnomalies(rows, query).anomalies).toMatchObject([
      {
        kind: 'dear',
        value: 2.5,
        reason: 'cost $2.50; of the 20 before it half cost less than $0.2475, and nineteen of twenty less than $0.2902',
      },
    ]);
  });

  it.each([
    ['no price', paid(undefined)],
    ['a price of a part', paid(2.5, 1000)],
    ['nothing to pay', paid(0)],
    ['less than a cent more', paid(0.209)],
  ])('is nothing with %s', (_, last) => {
    expect(kindsOf(history([...Array(20).fill(paid(0.2)), last]))).toEqual([]);
  });
});

describe('what failed', () => {
  const failed: RowOverrides = { status: 'failed' };

  it('is told where it nearly always succeeds', () => {
    const rows = history([...usual(20), failed, ...usual(30), { status: 'abandoned' }]);
    expect(findAnomalies(rows, query).anomalies.map(({ kind, usual: share, reason }) => [kind, share, reason])).toEqual(
      [
        ['failed', 1 / 51, 'was abandoned; of the 51 before it only 1 did'],
        ['failed', 0, 'failed; of the 20 before it none did'],
      ],
    );
  });

  it('is nothing where it fails often, or is hardly known', () => {
    expect(kindsOf(history([...usual(16), failed, failed, failed, failed]))).toEqual(['failed']);
    expect(kindsOf(history([...usual(5), failed]))).toEqual([]);
  });
});

describe('the answer', () => {
  const rows = history([...usual(20), 250_000, ...usual(5), 350_000]);

  it('has the newest first, and as many as are asked for', () => {
    const valuesOf = (more: object): number[] =>
      findAnomalies(rows, { ...query, ...more }).anomalies.map(({ value }) => value);
    expect(valuesOf({})).toEqual([350_000, 250_000]);
    expect(valuesOf({ limit: 1 })).toEqual([350_000]);
    expect(valuesOf({ since: rows[22]?.startedAt })).toEqual([350_000]);
    expect(valuesOf({ until: rows[22]?.startedAt })).toEqual([250_000]);
    expect(valuesOf({ level: 'skill' })).toEqual([]);
    expect(findAnomalies(rows, { ...query, limit: 1 }).found).toBe(2);
  });

  it('does not depend on the order of the rows', () => {
    expect(findAnomalies(rows.toReversed(), query)).toEqual(findAnomalies(rows, query));
  });

  it('says of the past what it said then', () => {
    const all = findAnomalies(rows, query).anomalies.at(-1);
    expect(findAnomalies(rows.slice(0, 21), query).anomalies).toEqual([all]);
  });
});

describe('many activities', () => {
  /** Of twenty names, each with times and costs of its own. */
  const many = (count: number, seed: number): ActivityRow[] => {
    const { normal } = randomOf(seed);
    return Array.from({ length: count }, (_, index) => {
      const name = `a${index % 20}`;
      const duration = Math.round(MINUTE * Math.exp(0.7 * normal()));
      const usage = usageOf(0.5 * Math.exp(0.7 * normal()));
      return makeRow(index, { name, usage, from: index * 1000, to: index * 1000 + duration });
    });
  };

  it.each([0.3, 0.7, 1.2])('raise a false alarm in less than one of 100, whatever they vary: %d', spread => {
    const { normal } = randomOf(7);
    let [alarms, judged] = [0, 0];
    for (let kind = 0; kind < 200; kind++) {
      const values = Array.from({ length: 60 }, () => Math.round(MINUTE * Math.exp(spread * normal())));
      const found = findAnomalies(history(values), query);
      alarms += found.found;
      judged += found.judged;
    }
    expect(judged).toBe(200 * 52);
    expect(alarms / judged).toBeLessThan(0.005);
  });

  it('hide none that took twenty times as long', () => {
    const rows = many(2000, 11);
    const planted = new Set<string>();
    for (let index = 600; index < 2000; index += 70) {
      const row = rows[index];
      if (!row) continue;
      planted.add(row.id);
      row.endedAt = row.startedAt + 20 * MINUTE * 1.5;
    }
    const found = findAnomalies(rows, query).anomalies.filter(({ kind }) => kind === 'slow');
    const hit = found.filter(({ event_id }) => planted.has(event_id)).length;
    expect([hit, planted.size]).toEqual([20, 20]);
    expect(found.length - hit).toBeLessThan(20);
  });

  it('are looked at in less than 300 ms', () => {
    const rows = many(50_000, 3);
    // Time of the processor: others work on the machine at the same time.
    const times = [1, 2, 3, 4, 5].map(() => {
      const before = process.cpuUsage();
      findAnomalies(rows, query);
      return process.cpuUsage(before).user / 1000;
    });
    expect(Math.min(...times)).toBeLessThan(300);
  });
});
