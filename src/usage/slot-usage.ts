/** Usage of a part of the cube by quarter of an hour: what limits, budgets and forecasts are worked out from. */
import { type Dimension, SLOT_MILLIS, type UsageCube } from './usage-cube.ts';

export interface SlotUsage {
  /** Start of the quarter of an hour, in milliseconds since 1970. */
  readonly start: number;
  /** Nano-dollars. */
  readonly cost: number;
  /** All tokens but cache reads, which repeat at every request what was counted when it was written. */
  readonly tokens: number;
}

/** What is asked for of each dimension; null is the key of what is not known. */
export type UsageScope = Partial<Record<Dimension, (key: string | null) => boolean>>;

export interface SlotQuery {
  /** Milliseconds since 1970; `until` itself is left out. */
  from: number;
  until: number;
  /** Default: all usage. */
  scope?: UsageScope;
}

/** The quarters of an hour with usage, from the oldest on. */
export function slotUsage(cube: UsageCube, query: SlotQuery): SlotUsage[] {
  const { cost, input, output, cache_write_5m: short, cache_write_1h: long } = cube.columns.measures;
  const first = firstSlot(query);
  const costs = new Float64Array(endSlot(query) - first);
  const tokens = new Float64Array(costs.length);
  const used = new Uint8Array(costs.length);
  eachRow(cube, query, (row, slot) => {
    const at = slot - first;
    used[at] = 1;
    costs[at] = (costs[at] ?? 0) + (cost[row] ?? 0);
    tokens[at] = (tokens[at] ?? 0) + (input[row] ?? 0) + (output[row] ?? 0) + (short[row] ?? 0) + (long[row] ?? 0);
  });
  const found: SlotUsage[] = [];
  for (let at = 0; at < used.length; at++) {
    if (used[at] === 0) continue;
    found.push({ start: (first + at) * SLOT_MILLIS, cost: costs[at] ?? 0, tokens: tokens[at] ?? 0 });
  }
  return found;
}

/** Calls for each row that a query asks for. Many rows are looked at, at every poll, so it is a plain loop. */
export function eachRow(cube: UsageCube, query: SlotQuery, visit: (row: number, slot: number) => void): void {
  const { slots, dimensions } = cube.columns;
  const first = firstSlot(query);
  const end = endSlot(query);
  const wanted = Object.entries(query.scope ?? {}).map(([name, accepts]) => {
    const dimension = name as Dimension;
    const codes = dimensions[dimension];
    return { codes, accepted: cube.names[dimension].map((key, code) => accepts(code === 0 ? null : key)) };
  });
  const rows = cube.rowsOf(first, end);
  each: for (let row = rows.first; row < rows.end; row++) {
    const slot = slots[row] ?? 0;
    if (slot < first || slot >= end) continue;
    for (const { codes, accepted } of wanted) if (!accepted[codes[row] ?? 0]) continue each;
    visit(row, slot);
  }
}

const firstSlot = ({ from }: SlotQuery): number => Math.floor(from / SLOT_MILLIS);
const endSlot = ({ from, until }: SlotQuery): number => Math.ceil(Math.max(from, until) / SLOT_MILLIS);
