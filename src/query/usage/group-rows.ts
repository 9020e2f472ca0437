/** Rows of the cube by the names of some dimensions. */
import { ATTRIBUTED, type Attributed, METHODS, type Method } from '../../usage/billed-request.ts';
import { sumGroups } from '../../usage/sum-rows.ts';
import { type Dimension, MEASURES, type Measures, methodOf, type UsageCube } from '../../usage/usage-cube.ts';

export interface UsageGroup {
  /** One for each dimension; null is not known. */
  names: (string | null)[];
  sum: Measures;
  /** Requests by how it is known that they belong here: by the least sure of the dimensions. */
  methods: Record<Method, number>;
}

const MAX_PLACES = 1 << 22;

/** Whose method tells how sure a dimension is; those that are missing are always exact. */
const METHOD_OF: Partial<Record<Dimension, Attributed>> = {
  ...Object.fromEntries(ATTRIBUTED.map(dimension => [dimension, dimension])),
  instance: 'agent',
};

/** The groups that have anything in them, in no order. */
export function groupRows(
  cube: UsageCube,
  { rows, by }: { rows: Uint32Array; by: readonly Dimension[] },
): UsageGroup[] {
  const { groups, codes } = numbered(cube, rows, by);
  const sums = sumGroups(cube, { rows, groups, count: codes.length });
  const methods = countMethods(cube, { rows, groups, count: codes.length, by });
  return codes.flatMap((code, group) => {
    const sum = sums[group];
    // What was added and taken away again leaves a row of nothing.
    if (!sum || MEASURES.every(measure => sum[measure] === 0)) return [];
    const names = code.map((number, index) => nameOf(cube, by[index], number));
    const requests = (method: Method): number => methods[group * METHODS.length + METHODS.indexOf(method)] ?? 0;
    return [
      {
        names,
        sum,
        methods: {
          exact: requests('exact'),
          inherited: requests('inherited'),
          'time-window': requests('time-window'),
        },
      },
    ];
  });
}

const nameOf = (cube: UsageCube, dimension: Dimension | undefined, code: number): string | null =>
  code === 0 || !dimension ? null : (cube.names[dimension][code] ?? null);

/** The group of each row, and the codes that each group stands for. */
function numbered(
  cube: UsageCube,
  rows: Uint32Array,
  by: readonly Dimension[],
): { groups: Uint32Array; codes: number[][] } {
  let groups = new Uint32Array(rows.length);
  let codes: number[][] = [[]];
  for (const dimension of by) {
    const column = cube.columns.dimensions[dimension];
    const width = cube.names[dimension].length;
    const known = numberTable(codes.length * width);
    const finer = new Uint32Array(rows.length);
    const finerCodes: number[][] = [];
    for (let index = 0; index < rows.length; index++) {
      const group = groups[index] ?? 0;
      const code = column[rows[index] ?? 0] ?? 0;
      let number = known[group * width + code] ?? 0;
      if (number === 0) {
        number = finerCodes.push([...(codes[group] ?? []), code]);
        known[group * width + code] = number;
      }
      finer[index] = number - 1;
    }
    groups = finer;
    codes = finerCodes;
  }
  return { groups, codes };
}

/** Numbers by their places, 0 where there is none yet: a plain column if they are not too many. */
const numberTable = (places: number): { [place: number]: number | undefined } =>
  places <= MAX_PLACES ? new Uint32Array(places) : {};

function countMethods(
  cube: UsageCube,
  { rows, groups, count, by }: { rows: Uint32Array; groups: Uint32Array; count: number; by: readonly Dimension[] },
): Float64Array {
  const attributed = by.flatMap(dimension => METHOD_OF[dimension] ?? []);
  const rankOf = leastSure(attributed);
  const counts = new Float64Array(count * METHODS.length);
  const { methods, measures } = cube.columns;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const place = (groups[index] ?? 0) * METHODS.length + (rankOf[methods[row] ?? 0] ?? 0);
    counts[place] = (counts[place] ?? 0) + (measures.requests[row] ?? 0);
  }
  return counts;
}

/** For each packed byte of methods, the number of the least sure one among these dimensions. */
const leastSure = (attributed: readonly Attributed[]): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, packed) =>
    Math.max(0, ...attributed.map(dimension => METHODS.indexOf(methodOf(packed, dimension)))),
  );
