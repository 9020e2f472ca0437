/** One sum over rows of the cube, with what else a total tells of them. */
import { sumRows } from './sum-rows.ts';
import type { Dimension, Measure, Measures, UsageCube } from './usage-cube.ts';

export interface CubeSum {
  measures: Measures;
  /** Sessions that made any of the requests. */
  sessions: number;
  /** The first and the last quarter of an hour with a request; null if there are none. */
  slots: { first: number; last: number } | null;
  /** Unpriced tokens by model, in no order; null: no model was named. */
  unpriced: { model: string | null; tokens: number }[];
}

/** Of these rows. */
export function sumCube(cube: UsageCube, rows: Uint32Array): CubeSum {
  const measures = sumRows(cube, rows);
  // Number 0 is no session.
  const [, ...sessions] = sumByCode(cube, rows, { of: 'requests', by: 'session' });
  return {
    measures,
    sessions: sessions.filter(count => count > 0).length,
    slots: slotsOf(cube, rows),
    unpriced: measures.unpriced === 0 ? [] : unpricedOf(cube, rows),
  };
}

/** A sum for each name of a dimension, by the number of the name. */
function sumByCode(cube: UsageCube, rows: Uint32Array, { of, by }: { of: Measure; by: Dimension }): Float64Array {
  const codes = cube.columns.dimensions[by];
  const values = cube.columns.measures[of];
  const sums = new Float64Array(cube.names[by].length);
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const code = codes[row] ?? 0;
    sums[code] = (sums[code] ?? 0) + (values[row] ?? 0);
  }
  return sums;
}

function slotsOf(cube: UsageCube, rows: Uint32Array): CubeSum['slots'] {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  const { slots, measures } = cube.columns;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    if (measures.requests[row] === 0) continue;
    const slot = slots[row] ?? 0;
    if (slot < first) first = slot;
    if (slot > last) last = slot;
  }
  return first > last ? null : { first, last };
}

const unpricedOf = (cube: UsageCube, rows: Uint32Array): CubeSum['unpriced'] =>
  Array.from(sumByCode(cube, rows, { of: 'unpriced', by: 'model' }), (tokens, code) => ({
    model: code === 0 ? null : (cube.names.model[code] ?? null),
    tokens,
  })).filter(({ tokens }) => tokens > 0);
