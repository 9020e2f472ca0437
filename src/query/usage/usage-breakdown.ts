/** Usage by model, stage, command, agent, … or by two of them. */
import { METHODS, type Method } from '../../usage/billed-request.ts';
import { noMeasures, sumRows } from '../../usage/sum-rows.ts';
import type { Dimension, Measures } from '../../usage/usage-cube.ts';
import type { UsageView } from '../../usage/usage-view.ts';
import { groupRows, type UsageGroup } from './group-rows.ts';
import { type EffectiveRange, effectiveRange, selectRows, type UsageFilter } from './select-rows.ts';
import { tokensOf, type UsageColumns, usageColumns } from './usage-columns.ts';

export interface BreakdownRow extends UsageColumns {
  /** `(main)` is no agent, `(none)` no skill, null not known. Of an instance: its type and its id. */
  key?: string | null;
  /** In place of `key` if there are two dimensions. */
  keys?: (string | null)[];
  /** Of rows by model. */
  model_name?: string | null;
  /** Part of the cost of all rows, 0 to 1; part of the tokens where nothing has a price. */
  share: number;
  /** The least sure way in which it is known that a request belongs here. */
  method: Method;
  /** Requests by the way in which that is known. */
  methods: Record<Method, number>;
}

export interface Breakdown extends EffectiveRange {
  by: Dimension[];
  /** By cost, then tokens, then key. They sum to `total` exactly. */
  rows: BreakdownRow[];
  total: UsageColumns;
}

/** These always have a row for what is not known. */
const ALWAYS_UNATTRIBUTED: readonly Dimension[] = ['stage', 'command', 'agent', 'skill'];

interface KeyedGroup extends UsageGroup {
  keys: (string | null)[];
}

/** One row for each name, or for each pair of names, that has any usage. `by` has one dimension or two. */
export function usageBreakdown(view: UsageView, by: readonly Dimension[], filter: UsageFilter = {}): Breakdown {
  const { cube } = view;
  const rows = selectRows(cube, filter);
  const total = sumRows(cube, rows);
  const groups = groupsBy(view, rows, by).sort(byCost);
  return {
    by: [...by],
    ...effectiveRange(filter),
    rows: groups.map(group => breakdownRow(view, { group, by, total })),
    total: usageColumns(total),
  };
}

function groupsBy({ cube }: UsageView, rows: Uint32Array, by: readonly Dimension[]): KeyedGroup[] {
  // An instance is shown with its type, so it is grouped by both.
  const fine = by.flatMap((dimension): Dimension[] => (dimension === 'instance' ? ['agent', 'instance'] : [dimension]));
  const groups = groupRows(cube, { rows, by: fine }).map(group => ({ ...group, keys: keysOf(group.names, by) }));
  const [only, second] = by;
  const isMissing =
    only && !second && ALWAYS_UNATTRIBUTED.includes(only) && !groups.some(({ keys }) => keys[0] === null);
  if (isMissing) groups.push({ keys: [null], names: [null], sum: noMeasures(), methods: noMethods() });
  return groups;
}

function keysOf(names: readonly (string | null)[], by: readonly Dimension[]): (string | null)[] {
  const left = [...names];
  return by.map(dimension => {
    const name = left.shift() ?? null;
    if (dimension !== 'instance') return name;
    const instance = left.shift() ?? null;
    return instance === null ? name : `${name ?? '?'} ${instance}`;
  });
}

const noMethods = (): Record<Method, number> => ({ exact: 0, inherited: 0, 'time-window': 0 });

function byCost(a: KeyedGroup, b: KeyedGroup): number {
  return b.sum.cost - a.sum.cost || tokensOf(b.sum) - tokensOf(a.sum) || compareKeys(a.keys, b.keys);
}

/** By the alphabet of code units, which needs no locale; what is not known comes last. */
function compareKeys(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  for (const [index, key] of a.entries()) {
    const other = b[index] ?? null;
    if (key === other) continue;
    if (key === null) return 1;
    return other === null || key < other ? -1 : 1;
  }
  return 0;
}

function breakdownRow(
  view: UsageView,
  { group, by, total }: { group: KeyedGroup; by: readonly Dimension[]; total: Measures },
): BreakdownRow {
  const { keys, sum, methods } = group;
  const model = keys[by.indexOf('model')];
  return {
    ...(by.length === 1 ? { key: keys[0] ?? null } : { keys }),
    ...(model === undefined ? {} : { model_name: model === null ? null : view.modelName(model) }),
    ...usageColumns(sum),
    share: shareOf(sum, total),
    method: METHODS.findLast(method => methods[method] > 0) ?? 'exact',
    methods,
  };
}

function shareOf(sum: Measures, total: Measures): number {
  if (total.cost > 0) return sum.cost / total.cost;
  const tokens = tokensOf(total);
  return tokens > 0 ? tokensOf(sum) / tokens : 0;
}
