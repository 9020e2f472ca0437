/** Series by any dimension sum to the plain periods, to the token and to the nano-dollar. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { usagePeriods } from '../../../src/query/usage/usage-periods.ts';
import { type SeriesValues, usageSeries } from '../../../src/query/usage/usage-series.ts';
import { DIMENSIONS, type Dimension } from '../../../src/usage/usage-cube.ts';
import { type Used, viewOf } from '../../helpers/usage-view.ts';
import { zoneCalendar } from '../../helpers/zone-calendar.ts';

const NOW = Date.parse('2026-11-26T10:20:00Z');
const HOUR = 3_600_000;
const BERLIN = zoneCalendar('Europe/Berlin');

const name = fc.option(fc.constantFrom('a', 'b', 'c', 'd', '(main)', '__proto__'), { nil: null });
const used: fc.Arbitrary<Used> = fc.record({
  at: fc.integer({ min: NOW - 80 * HOUR, max: NOW + HOUR }),
  ...(Object.fromEntries(DIMENSIONS.map(dimension => [dimension, name])) as Record<Dimension, typeof name>),
  input: fc.nat({ max: 2 ** 40 }),
  cache_read: fc.nat({ max: 2 ** 40 }),
  output: fc.nat({ max: 2 ** 40 }),
  cost: fc.nat({ max: 2 ** 40 }),
});

it('every period is whole, whatever the dimension, the limit and the part of time', () => {
  const query = fc.record({
    unit: fc.constantFrom('hour' as const, 'day' as const),
    count: fc.integer({ min: 1, max: 60 }),
    by: fc.constantFrom(...DIMENSIONS),
    limit: fc.integer({ min: 0, max: 6 }),
    within: fc.option(fc.record({ since: fc.integer({ min: NOW - 90 * HOUR, max: NOW }) }), { nil: undefined }),
    only: fc.constantFrom(undefined, { command: (one: string) => one !== 'b' }),
  });
  fc.assert(
    fc.property(fc.array(used, { maxLength: 30 }), query, (all, asked) => {
      const view = viewOf(all);
      const wanted = { ...asked, calendar: BERLIN, now: NOW };
      const { rows } = usagePeriods(view, wanted);
      const { starts, labels, series, others } = usageSeries(view, wanted);
      expect(starts).toEqual(rows.map(({ start }) => start));
      expect(labels).toEqual(rows.map(({ label }) => label));
      expect(series.filter(({ key }) => key !== null).length).toBeLessThanOrEqual(asked.limit);
      const parts: SeriesValues[] = [...series, ...(others ? [others] : [])];
      for (const [at, row] of rows.entries()) {
        const sum = (of: (part: SeriesValues) => number | undefined): number =>
          parts.reduce((before, part) => before + (of(part) ?? Number.NaN), 0);
        expect(sum(({ cost }) => Math.round((cost[at] ?? Number.NaN) * 1e9))).toBe(Math.round(row.cost * 1e9));
        expect(sum(({ tokens }) => tokens[at])).toBe(row.input_tokens + row.cache_read_tokens + row.output_tokens);
        expect(sum(({ requests }) => requests[at])).toBe(row.requests);
      }
    }),
    { numRuns: 100 },
  );
});
