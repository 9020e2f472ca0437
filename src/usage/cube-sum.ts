/** One sum over rows of the cube, with what else a total tells of them. */
import { sumRows } from './sum-rows.ts';
import type { Measures, UsageCube } from './usage-cube.ts';

export interface CubeSum {
  measures: Measures;
  /** Sessions that made any of the requests. */
  sessions: number;
  /** The first and the last quarter of an hour with a request; null if there are none. */
  slots: { first: number; last: number } | null;
  /** Unpriced tokens by model, in no order; null: no model was named. */
  unpriced: { model: string | null; tokens: number }[];
}

/** Of these rows; of all, if none are given. */
export function sumCube(cube: UsageCube, rows?: Uint32Array): CubeSum {
  const all = rows ?? Uint32Array.from({ length: cube.size }, (_, row) => row);
  const measures = sumRows(cube, all);
  return {
    measures,
    sessions: sessionsOf(cube, all),
    slots: slotsOf(cube, all),
    unpriced: measures.unpriced === 0 ? [] : unpricedOf(cube, all),
  };
}

function sessionsOf(cube: UsageCube, rows: Uint32Array): number {
  const { dimensions, measures } = cube.columns;
  const requests = new Float64Array(cube.names.session.length);
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const session = dimensions.session[row] ?? 0;
    requests[session] = (requests[session] ?? 0) + (measures.requests[row] ?? 0);
  }
  // Number 0 is no session.
  return requests.subarray(1).filter(count => count > 0).length;
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

function unpricedOf(cube: UsageCube, rows: Uint32Array): CubeSum['unpriced'] {
  const { dimensions, measures } = cube.columns;
  const tokens = new Float64Array(cube.names.model.length);
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const model = dimensions.model[row] ?? 0;
    tokens[model] = (tokens[model] ?? 0) + (measures.unpriced[row] ?? 0);
  }
  return Array.from(tokens, (count, code) => ({
    model: code === 0 ? null : (cube.names.model[code] ?? null),
    tokens: count,
  })).filter(({ tokens: count }) => count > 0);
}
