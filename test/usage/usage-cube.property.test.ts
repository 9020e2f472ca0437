/** Sums of usage: what is added and taken away again is nothing, and no question loses any of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupRows } from '../../src/query/usage/group-rows.ts';
import { selectRows } from '../../src/query/usage/select-rows.ts';
import { pointOf } from '../../src/usage/cube-point.ts';
import { sumRows } from '../../src/usage/sum-rows.ts';
import { DIMENSIONS, MEASURES, SLOT_MILLIS, UsageCube } from '../../src/usage/usage-cube.ts';
import { billedRequest, tokens } from '../helpers/arbitrary-requests.ts';

const options = { numRuns: Number(process.env.PROPERTY_RUNS ?? 150) };
const requests = fc.array(billedRequest({ tokens: tokens(fc.nat(1000)) }), { maxLength: 40 });
const rules = {
  costOf: ({ model, tokens: { output } }: { model: string; tokens: { output: number } }) =>
    model.length % 2 === 0 ? 7 * output : null,
  costOfSum: () => null,
  stageOf: () => ({ stage: null, method: 'exact' as const }),
};

const sums = (cube: UsageCube) => sumRows(cube, selectRows(cube));

describe('a cube', () => {
  it('holds what was added', () => {
    fc.assert(
      fc.property(requests, all => {
        const cube = new UsageCube();
        for (const request of all) cube.add(pointOf(request, rules));
        const { requests: count, input, output, cost, incomplete } = sums(cube);
        const sum = (of: (request: (typeof all)[number]) => number): number => all.reduce((n, one) => n + of(one), 0);
        expect({ count, input, output, cost, incomplete }).toEqual({
          count: all.length,
          input: sum(one => one.tokens.input),
          output: sum(one => one.tokens.output),
          cost: sum(one => rules.costOf(one) ?? 0),
          incomplete: sum(one => (one.isFinal ? 0 : 1)),
        });
      }),
      options,
    );
  });

  it('holds nothing of what was taken away', () => {
    fc.assert(
      fc.property(requests, requests, (kept, gone) => {
        const cube = new UsageCube();
        const only = new UsageCube();
        for (const request of gone) cube.add(pointOf(request, rules));
        for (const request of kept) cube.add(pointOf(request, rules));
        for (const request of gone.toReversed()) cube.add(pointOf(request, rules), -1);
        for (const request of kept) only.add(pointOf(request, rules));
        expect(answersOf(cube)).toEqual(answersOf(only));
      }),
      options,
    );
  });

  it('gives what lies in a time, in whatever order it was added', () => {
    const time = fc.integer({ min: 0, max: 12 }).map(slot => slot * SLOT_MILLIS);
    const at = fc.tuple(fc.array(time, { maxLength: 12 }), fc.boolean(), time, time);
    fc.assert(
      fc.property(at, ([times, isSorted, since, until]) => {
        const cube = new UsageCube();
        const added = isSorted ? times.toSorted((a, b) => a - b) : times;
        for (const [index, one] of fc.sample(billedRequest(), added.length).entries()) {
          cube.add(pointOf({ ...one, at: added[index] ?? 0 }, rules));
        }
        const rows = selectRows(cube, { since, until });
        const expected = times.filter(one => one >= since && one < until).length;
        expect(sumRows(cube, rows).requests).toBe(expected);
      }),
      options,
    );
  });

  it('takes what was before 1970 for the first of its times, and what is too far for the last', () => {
    const cube = new UsageCube();
    const times = [Date.parse('0001-01-01T00:00:00Z'), -1, 0, Date.parse('+250000-01-01T00:00:00Z')];
    for (const at of times) {
      for (const request of fc.sample(billedRequest(), 1)) cube.add(pointOf({ ...request, at }, rules));
    }
    expect([...cube.columns.slots.subarray(0, cube.size)]).toEqual([0, 0, 0, 0xffff_ffff]);
  });

  it('sums to the total by every dimension and by every two of them', () => {
    fc.assert(
      fc.property(requests, all => {
        const cube = new UsageCube();
        for (const request of all) cube.add(pointOf(request, rules));
        const total = sums(cube);
        const rows = selectRows(cube);
        const pairs = DIMENSIONS.flatMap(one => DIMENSIONS.filter(two => two !== one).map(two => [one, two]));
        for (const by of [...DIMENSIONS.map(one => [one]), ...pairs]) {
          const groups = groupRows(cube, { rows, by });
          for (const measure of MEASURES) {
            expect(groups.reduce((sum, group) => sum + group.sum[measure], 0)).toBe(total[measure]);
          }
          const told = groups.flatMap(({ methods }) => Object.values(methods)).reduce((sum, count) => sum + count, 0);
          expect(told).toBe(total.requests);
        }
      }),
      { numRuns: Math.min(options.numRuns, 40) },
    );
  });
});

function answersOf(cube: UsageCube): unknown {
  const rows = selectRows(cube);
  return DIMENSIONS.map(one =>
    groupRows(cube, { rows, by: [one] })
      .map(group => JSON.stringify(group))
      .sort(),
  );
}
