import { expect, it } from 'vitest';
import { ClaudeCodeLeaves } from '../src/leaf-source.ts';
import { PACKAGED_PRICES } from './helpers/prices.ts';
import { makeFolder } from './helpers/run-cli.ts';

it('an activity is told of if it ended before the time, by a fact before the place, that a reading of usage saw', () => {
  const leaves = new ClaudeCodeLeaves({ stateDir: makeFolder(), claudeDirs: [], pricingPath: PACKAGED_PRICES });
  const at = (segment: number, offset: number) => ({ segment, offset });
  expect(leaves.isTold(1, at(1, 1))).toBe(false);
  leaves.told = { until: 1000, through: new Map([[1, 500]]) };
  expect(leaves.isTold(1000, at(1, 500))).toBe(true);
  expect(leaves.isTold(1001, at(1, 500))).toBe(false);
  // An import tells of old times now.
  expect(leaves.isTold(900, at(1, 501))).toBe(false);
  expect(leaves.isTold(900, at(2, 10))).toBe(false);
});
