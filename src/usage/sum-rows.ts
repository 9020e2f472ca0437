/** Sums over rows of the cube, one group or many, column by column. */
import type { NumberColumn } from './row-table.ts';
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
    const totals = new Float64Array(count);
    addByGroup(asFloats(cube.columns.measures[measure]), { rows, groups, totals });
    for (const [group, sum] of sums.entries()) sum[measure] = totals[group] ?? 0;
  }
  return sums;
}

function addByGroup(
  column: Float64Array,
  { rows, groups, totals }: { rows: Uint32Array; groups: Uint32Array; totals: Float64Array },
): void {
  for (let index = 0; index < rows.length; index++) {
    const group = groups[index] ?? 0;
    totals[group] = (totals[group] ?? 0) + (column[rows[index] ?? 0] ?? 0);
  }
}

/** The sum of all these rows. */
export function sumRows(cube: UsageCube, rows: Uint32Array): Measures {
  const sum = noMeasures();
  for (const measure of MEASURES) sum[measure] = totalOf(asFloats(cube.columns.measures[measure]), rows);
  return sum;
}

function totalOf(column: Float64Array, rows: Uint32Array): number {
  let total = 0;
  for (let index = 0; index < rows.length; index++) total += column[rows[index] ?? 0] ?? 0;
  return total;
}

/** Columns are of many widths, and the engine compiles a loop anew for each: in a short process that is most of the time. */
const asFloats = (column: NumberColumn): Float64Array =>
  column instanceof Float64Array ? column : new Float64Array(column);

/** The sum of sums. */
export function addUp(sums: readonly Measures[]): Measures {
  const all = noMeasures();
  for (const sum of sums) for (const measure of MEASURES) all[measure] += sum[measure];
  return all;
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
