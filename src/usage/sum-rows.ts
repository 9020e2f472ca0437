/** Sums over rows of the cube, one group or many, column by column. */
import { MEASURES, type Measures, type UsageCube } from './usage-cube.ts';

export interface RowGroups {
  rows: Uint32Array;
  /** Number of the group of each of `rows`. */
  groups: Uint32Array;
  /** How many groups there are. */
  count: number;
}

/** The sums of each group, in the order of their numbers. */
export function sumGroups(cube: UsageCube, { rows, groups, count }: RowGroups): Measures[] {
  const sums = Array.from({ length: count }, noMeasures);
  for (const measure of MEASURES) {
    const column = cube.columns.measures[measure];
    const totals = new Float64Array(count);
    for (let index = 0; index < rows.length; index++) {
      const group = groups[index] ?? 0;
      totals[group] = (totals[group] ?? 0) + (column[rows[index] ?? 0] ?? 0);
    }
    for (const [group, sum] of sums.entries()) sum[measure] = totals[group] ?? 0;
  }
  return sums;
}

/** The sum of all these rows. */
export function sumRows(cube: UsageCube, rows: Uint32Array): Measures {
  const sum = noMeasures();
  for (const measure of MEASURES) {
    const column = cube.columns.measures[measure];
    let total = 0;
    for (let index = 0; index < rows.length; index++) total += column[rows[index] ?? 0] ?? 0;
    sum[measure] = total;
  }
  return sum;
}

/** Written out, so that the engine knows the shape of what it makes by the thousand. */
export const noMeasures = (): Measures => ({
  input: 0,
  cache_read: 0,
  cache_write_5m: 0,
  cache_write_1h: 0,
  output: 0,
  cost: 0,
  unpriced: 0,
  requests: 0,
  incomplete: 0,
  web_searches: 0,
});
