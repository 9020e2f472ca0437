/** The tests of significance against values that were worked out by counting, and against tables. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fisherExact } from '../../../src/query/analysis/fisher-exact.ts';
import { mannWhitney } from '../../../src/query/analysis/mann-whitney.ts';
import { quantile } from '../../../src/query/analysis/quantile.ts';
import { randomOf } from '../../helpers/activity-rows.ts';

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index);

describe('the test of Mann and Whitney', () => {
  it.each([
    // U = 0 of 64: z = (32 − 0.5) / √(64 · 17 / 12).
    [range(0, 8), range(100, 8), 0.000939],
    // U = 32 of 64, in the middle.
    [[1, 4, 5, 8, 9, 12, 13, 16], [2, 3, 6, 7, 10, 11, 14, 15], 1],
    // Ties: U = 16 of 64, two ranks of eight each: z = (32 − 16 − 0.5) / √(64 / 12 · (17 − 2 · 504 / 240)).
    [[...Array(6).fill(1), ...Array(2).fill(2)], [...Array(2).fill(1), ...Array(6).fill(2)], 0.060659],
    // All the same.
    [Array(9).fill(5), Array(9).fill(5), 1],
    [[], [1, 2], 1],
  ])('gives p of %j and %j', (first, second, p) => {
    expect(mannWhitney(first, second).p).toBeCloseTo(p, 5);
  });

  it('leans to where the greater ones are, and has the same p from the other side', () => {
    const values = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(values, values, (first, second) => {
        const [there, back] = [mannWhitney(first, second), mannWhitney(second, first)];
        expect(there.p).toBeCloseTo(back.p, 9);
        expect(there.lean + back.lean).toBeCloseTo(0, 9);
        expect(there.p).toBeGreaterThanOrEqual(0);
        expect(there.p).toBeLessThanOrEqual(1);
        // More of the greater values in the second one.
        expect(
          mannWhitney(
            first,
            second.map(value => value + 100),
          ).lean,
        ).toBeGreaterThan(0);
      }),
    );
  });

  it('knows how likely chance is: as often as it says', () => {
    const { next } = randomOf(9);
    let below = 0;
    for (let round = 0; round < 2000; round++) {
      const [first, second] = [Array.from({ length: 15 }, next), Array.from({ length: 12 }, next)];
      if (mannWhitney(first, second).p < 0.1) below++;
    }
    expect(below / 2000).toBeGreaterThan(0.08);
    expect(below / 2000).toBeLessThan(0.12);
  });

  it('does not take the far end for nothing', () => {
    // z = 10.56.
    const { p } = mannWhitney(range(0, 75), range(100, 75));
    expect(p).toBeGreaterThan(1e-27);
    expect(p).toBeLessThan(1e-25);
  });
});

describe("Fisher's test", () => {
  it.each([
    // The lady who tasted tea: three of four, 34 of 70 cases are as extreme.
    [{ failed: 3, ended: 4 }, { failed: 1, ended: 4 }, 34 / 70],
    [{ failed: 4, ended: 4 }, { failed: 0, ended: 4 }, 2 / 70],
    [{ failed: 0, ended: 10 }, { failed: 0, ended: 10 }, 1],
    [{ failed: 0, ended: 0 }, { failed: 3, ended: 10 }, 1],
    [{ failed: 0, ended: 5000 }, { failed: 5000, ended: 5000 }, 0],
  ])('gives p of %j and %j', (a, b, p) => {
    expect(fisherExact(a, b)).toBeCloseTo(p, 9);
    expect(fisherExact(b, a)).toBeCloseTo(p, 9);
  });
});

it.each([
  [[], 0.5, null],
  [[7], 0.95, 7],
  [[1, 2], 0.5, 1.5],
  [[0, 10, 20, 30, 40], 0.95, 38],
  [[0, 10], 1, 10],
])('of %j the quantile %d is %j', (sorted, share, expected) => {
  expect(quantile(sorted, share)).toBe(expected);
});
