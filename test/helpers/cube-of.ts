/** Small usage cubes for tests of limits, budgets and recommendations. */
import type { Dimension, Measures } from '../../src/usage/usage-cube.ts';
import { UsageCube } from '../../src/usage/usage-cube.ts';

export interface Usage extends Partial<Omit<Measures, 'cost'>>, Partial<Record<Dimension, string | null>> {
  /** RFC 3339, or milliseconds since 1970. */
  at: string | number;
  /** USD; the cube has nano-dollars. */
  usd?: number;
}

const NO_MEASURES: Measures = {
  input: 0,
  cache_read: 0,
  cache_write_5m: 0,
  cache_write_1h: 0,
  output: 0,
  cost: 0,
  unpriced: 0,
  requests: 1,
  incomplete: 0,
  web_searches: 0,
};

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
  const measures = { ...NO_MEASURES, cost: Math.round(usd * 1e9) };
  for (const [name, value] of Object.entries(rest)) {
    if (name in measures) Object.assign(measures, { [name]: value });
    else Object.assign(keys, { [name]: value });
  }
  cube.add({ at: typeof at === 'number' ? at : Date.parse(at), keys, methods: {}, measures });
}
