/** Views of usage that tests fill themselves. */
import type { Attributed, Method } from '../../src/usage/billed-request.ts';
import { type Dimension, MEASURES, type Measures, UsageCube } from '../../src/usage/usage-cube.ts';
import type { UsageView } from '../../src/usage/usage-view.ts';

export interface Used extends Partial<Measures>, Partial<Record<Dimension, string | null>> {
  /** RFC 3339, or milliseconds since 1970. */
  at: string | number;
  methods?: Partial<Record<Attributed, Method>>;
}

const KEYS: Record<Dimension, string | null> = {
  model: 'claude-sonnet-4-5',
  stage: null,
  command: 'prompt',
  agent: '(main)',
  instance: null,
  skill: '(none)',
  session: 'session-1',
  project: '/home/dev/shop',
  branch: 'main',
};

const NAMES: Readonly<Record<string, string>> = {
  'claude-sonnet-4-5': 'Claude Sonnet 4.5',
  'claude-opus-5-5': 'Claude Opus 5.5',
  'claude-haiku-5-5': 'Claude Haiku 5.5',
};

/** One request, unless it says more; its cost is nano-dollars, as in the cube. */
export function addUsed(cube: UsageCube, { at, methods = {}, ...rest }: Used, sign: 1 | -1 = 1): void {
  const zero = Object.fromEntries(MEASURES.map(measure => [measure, 0])) as Measures;
  const measures: Measures = { ...zero, requests: 1, ...pick(rest, MEASURES) };
  const keys = { ...KEYS, ...pick(rest, Object.keys(KEYS) as Dimension[]) };
  cube.add({ at: typeof at === 'number' ? at : Date.parse(at), keys, methods, measures }, sign);
}

const pick = <T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> =>
  Object.fromEntries(keys.flatMap(key => (key in from ? [[key, from[key]]] : []))) as Pick<T, K>;

/** A view of these requests. */
export function viewOf(used: readonly Used[], head: Partial<UsageView['head']> = {}): UsageView {
  const cube = new UsageCube();
  for (const one of used) addUsed(cube, one);
  return {
    cube,
    head: {
      monitoring_started_at: null,
      last_updated_at: null,
      skipped: { damaged: 0, unreadable_files: 0 },
      ...head,
    },
    modelName: id => NAMES[id] ?? id,
  };
}
