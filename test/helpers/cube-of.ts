/** Small usage cubes for tests of limits, budgets and recommendations. */
import { noMeasures } from '../../src/usage/sum-rows.ts';
import type { Dimension, Measures } from '../../src/usage/usage-cube.ts';
import { UsageCube } from '../../src/usage/usage-cube.ts';

export interface Usage extends Partial<Omit<Measures, 'cost'>>, Partial<Record<Dimension, string | null>> {
  /** RFC 3339, or milliseconds since 1970. */
  at: string | number;
  /** USD; the cube has nano-dollars. */
  usd?: number;
}

/** A cube of these requests; what they do not say is nothing, or the main agent in `/build`. */
export function cubeOf(usage: readonly Usage[]): UsageCube {
  const cube = new UsageCube();
  for (const one of usage) addUsage(cube, one);
  return cube;
}

export function addUsage(cube: UsageCube, { at, usd = 0, ...rest }: Usage): void {
  const keys = {
    model: 'claude-sonnet-4-5',
    stage: null,
    command: '/build',
    agent: '(main)',
    instance: null,
    skill: '(none)',
    session: 's1',
    project: 'shop',
    branch: 'main',
  };
  const measures = { ...noMeasures(), requests: 1, cost: Math.round(usd * 1e9) };
  for (const [name, value] of Object.entries(rest)) {
    if (name in measures) Object.assign(measures, { [name]: value });
    else Object.assign(keys, { [name]: value });
  }
  cube.add({ at: typeof at === 'number' ? at : Date.parse(at), keys, methods: {}, measures });
}
