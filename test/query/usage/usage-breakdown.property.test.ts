/** Every breakdown and every pair of dimensions sums to the total, to the token and to the nano-dollar. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { UsageFilter } from '../../../src/query/usage/select-rows.ts';
import { usageBreakdown } from '../../../src/query/usage/usage-breakdown.ts';
import { usagePeriods } from '../../../src/query/usage/usage-periods.ts';
import { usageTotals } from '../../../src/query/usage/usage-totals.ts';
import { METHODS } from '../../../src/usage/billed-request.ts';
import { localCalendar } from '../../../src/usage/local-calendar.ts';
import { DIMENSIONS, type Dimension } from '../../../src/usage/usage-cube.ts';
import { type Used, viewOf } from '../../helpers/usage-view.ts';

const NOW = Date.parse('2026-11-26T10:20:00Z');
const DAY = 86_400_000;

const name = fc.option(fc.constantFrom('a', 'b', 'c', '(main)', '(none)', '__proto__'), { nil: null });
const method = fc.constantFrom(...METHODS);
const tokens = fc.nat({ max: 2 ** 40 });

const used: fc.Arbitrary<Used> = fc.record({
  at: fc.integer({ min: NOW - 5 * DAY, max: NOW }),
  ...(Object.fromEntries(DIMENSIONS.map(dimension => [dimension, name])) as Record<Dimension, typeof name>),
  methods: fc.record({ stage: method, command: method, agent: method, skill: method }, { requiredKeys: [] }),
  input: tokens,
  cache_read: tokens,
  cache_write_5m: tokens,
  cache_write_1h: tokens,
  output: tokens,
  cost: tokens,
  unpriced: tokens,
  incomplete: fc.nat({ max: 1 }),
});

const pairs = DIMENSIONS.flatMap(one => DIMENSIONS.filter(other => other !== one).map(other => [one, other]));
const questions: readonly (readonly Dimension[])[] = [...DIMENSIONS.map(dimension => [dimension]), ...pairs];

const COLUMNS = [
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'unpriced_tokens',
  'requests',
  'output_incomplete_requests',
] as const;

const nano = (dollars: number): number => Math.round(dollars * 1e9);

type Row = Record<(typeof COLUMNS)[number] | 'cost', number>;

function expectSum(rows: readonly Row[], total: Row): void {
  for (const column of COLUMNS) expect(rows.reduce((sum, row) => sum + row[column], 0)).toBe(total[column]);
  expect(rows.reduce((sum, row) => sum + nano(row.cost), 0)).toBe(nano(total.cost));
}

/** Sums by hand, over what was put in. */
function expected(all: readonly Used[], { since = 0, until = Number.POSITIVE_INFINITY }: UsageFilter) {
  const counted = all.filter(({ at }) => Number(at) >= since && Number(at) < until);
  const sum = (of: (one: Used) => number): number => counted.reduce((before, one) => before + of(one), 0);
  return { input: sum(one => one.input ?? 0), cost: sum(one => one.cost ?? 0), requests: counted.length };
}

it('whatever was used, by whatever it is asked', () => {
  const slot = fc.integer({ min: 0, max: 5 * 96 }).map(count => NOW - (NOW % 900_000) - count * 900_000);
  const range = fc.record({ since: slot, until: slot }, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.array(used, { maxLength: 40 }), range, (all, filter) => {
      const view = viewOf(all);
      const { totals } = usageTotals(view, filter);
      const sums = expected(all, filter);
      expect([totals.total_tokens_input, nano(totals.total_cost), totals.requests]).toEqual([
        sums.input,
        sums.cost,
        sums.requests,
      ]);
      for (const by of questions) {
        const { rows, total } = usageBreakdown(view, by, filter);
        expectSum(rows, total);
        expect([total.input_tokens, nano(total.cost), total.requests]).toEqual([
          totals.total_tokens_input,
          nano(totals.total_cost),
          totals.requests,
        ]);
        for (const { requests, methods } of rows) {
          expect(METHODS.reduce((sum, kind) => sum + methods[kind], 0)).toBe(requests);
        }
        expect(new Set(rows.map(row => JSON.stringify(row.keys ?? row.key))).size).toBe(rows.length);
      }
    }),
    { numRuns: 40 },
  );
});

it('the rows of a pair that share a key sum to the row of that key', () => {
  fc.assert(
    fc.property(
      fc.array(used, { maxLength: 30 }),
      fc.constantFrom(...pairs),
      (all, [one = 'model', other = 'agent']) => {
        const view = viewOf(all);
        const rows = usageBreakdown(view, [one, other]).rows;
        for (const row of usageBreakdown(view, [one]).rows) {
          expectSum(
            rows.filter(({ keys }) => keys?.[0] === row.key),
            row,
          );
        }
      },
    ),
  );
});

it('hours and days sum to what was used in them', () => {
  fc.assert(
    fc.property(fc.array(used, { maxLength: 30 }), fc.constantFrom('hour' as const, 'day' as const), (all, unit) => {
      const view = viewOf(all);
      const { rows, total } = usagePeriods(view, {
        unit,
        count: unit === 'hour' ? 7 * 24 : 7,
        calendar: localCalendar(),
        now: NOW,
      });
      expectSum(rows, total);
      expect(total.requests).toBe(all.length);
    }),
  );
});
