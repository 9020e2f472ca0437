/** The part of what was used that adds up to a total: all of it, or what came before or after the client counted. */
import { type Amounts, NO_AMOUNTS, plus } from './amounts.ts';
import type { UsedItem } from './used-items.ts';

/** Items from one number to another, which is not in it. */
export interface ItemRange {
  from: number;
  to: number;
}

export interface RangeQuery {
  /** Tokens by model; cost is left out of it. */
  wanted: ReadonlyMap<string, Amounts>;
  /** Output is not known for all: it may be anything. */
  anyOutput: boolean;
}

/** The longest such part; null if there is none. A part that begins with the first item is preferred. */
export function findRange(items: readonly UsedItem[], { wanted, anyOutput }: RangeQuery): ItemRange | null {
  const models = [...new Set([...wanted.keys(), ...items.map(({ model }) => model)])].sort();
  const keyOf = (sums: ReadonlyMap<string, Amounts>): string =>
    models
      .map(model => {
        const { input, output, cache_read, cache_write } = sums.get(model) ?? NO_AMOUNTS;
        return `${input},${anyOutput ? '' : output},${cache_read},${cache_write}`;
      })
      .join(';');
  const sums = new Map<string, Amounts>();
  /** Where each sum is reached first. */
  const reached = new Map<string, number>([[keyOf(sums), 0]]);
  let best: ItemRange | null = null;
  for (const [index, { model, amounts }] of items.entries()) {
    sums.set(model, plus(sums.get(model) ?? NO_AMOUNTS, amounts));
    const before = new Map(
      models.map(name => [name, plus(sums.get(name) ?? NO_AMOUNTS, wanted.get(name) ?? NO_AMOUNTS, -1)]),
    );
    const from = reached.get(keyOf(before));
    const range = from === undefined ? null : { from, to: index + 1 };
    if (range && isBetter(range, best)) best = range;
    const key = keyOf(sums);
    if (!reached.has(key)) reached.set(key, index + 1);
  }
  return best;
}

const isBetter = (range: ItemRange, best: ItemRange | null): boolean =>
  !best ||
  (range.from === 0) > (best.from === 0) ||
  ((range.from === 0) === (best.from === 0) && range.to - range.from >= best.to - best.from);
