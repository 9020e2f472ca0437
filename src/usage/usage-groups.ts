/** Sums of usage by whatever made it, and within it by model: what recommendations are worked out from. */
import type { TokenCounts } from '../model/fact.ts';
import { eachRow, type SlotQuery } from './slot-usage.ts';
import { type Dimension, SLOT_MILLIS, type UsageCube } from './usage-cube.ts';

export interface GroupSum {
  readonly tokens: TokenCounts;
  /** Nano-dollars. */
  cost: number;
  requests: number;
  /** Start of the first quarter of an hour with usage, and end of the last: milliseconds since 1970. */
  first: number;
  last: number;
}

export interface UsageGroup extends GroupSum {
  /** In the order of the dimensions that were asked for; null: not known. */
  readonly keys: readonly (string | null)[];
  readonly models: ReadonlyMap<string, GroupSum>;
}

/** Groups by the keys of these dimensions. What has no price is left out: it saves an unknown amount. */
export function groupUsage(cube: UsageCube, query: SlotQuery, by: readonly Dimension[]): UsageGroup[] {
  const { dimensions, measures } = cube.columns;
  const groups = new Map<string, UsageGroup & { models: Map<string, GroupSum> }>();
  const nameOf = (dimension: Dimension, row: number): string | null => {
    const code = dimensions[dimension][row] ?? 0;
    return code === 0 ? null : (cube.names[dimension][code] ?? null);
  };
  eachRow(cube, query, (row, slot) => {
    const requests = measures.requests[row] ?? 0;
    if (requests <= 0 || (measures.unpriced[row] ?? 0) > 0) return;
    const code = by.map(dimension => dimensions[dimension][row]).join();
    let group = groups.get(code);
    if (!group) {
      group = { ...emptySum(), keys: by.map(dimension => nameOf(dimension, row)), models: new Map() };
      groups.set(code, group);
    }
    const model = nameOf('model', row) ?? '';
    let sum = group.models.get(model);
    if (!sum) {
      sum = emptySum();
      group.models.set(model, sum);
    }
    const start = slot * SLOT_MILLIS;
    const tokens = emptySum().tokens;
    for (const kind of TOKEN_KINDS) tokens[kind] = measures[kind][row] ?? 0;
    const added = { tokens, cost: measures.cost[row] ?? 0, requests, first: start, last: start + SLOT_MILLIS };
    addSum(group, added);
    addSum(sum, added);
  });
  return [...groups.values()];
}

const TOKEN_KINDS = ['input', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'output'] as const;

export const emptySum = (): GroupSum => ({
  tokens: { input: 0, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output: 0 },
  cost: 0,
  requests: 0,
  first: Number.POSITIVE_INFINITY,
  last: Number.NEGATIVE_INFINITY,
});

/** Adds a sum to another one. */
export function addSum(to: GroupSum, part: GroupSum): void {
  to.cost += part.cost;
  to.requests += part.requests;
  to.first = Math.min(to.first, part.first);
  to.last = Math.max(to.last, part.last);
  for (const kind of TOKEN_KINDS) to.tokens[kind] += part.tokens[kind];
}
