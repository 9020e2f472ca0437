/** In what the client's total of a session and what counts here differ, each part with its cause. */
import type { ClientClaim } from '../../usage/client-claim.ts';
import { type Amounts, NO_AMOUNTS, plus } from './amounts.ts';
import type { Candidate } from './compare-claim.ts';
import type { Difference, DifferenceKind } from './difference.ts';
import type { ItemRange } from './item-range.ts';
import { sumOfItems, type UsedItem } from './used-items.ts';

/** Price of a web search, in nano-dollars. */
const CENT_NANOS = 10_000_000;

/** They add up to the client's total without what counts here. */
export function claimDifferences({ session, hasUnknownCost }: ClientClaim, candidate: Candidate): Difference[] {
  const { total, items, range, untold } = candidate;
  const about = (
    kind: DifferenceKind,
    requests: number,
    amounts: Pick<Difference, 'client' | 'counted'>,
  ): Difference => ({
    kind,
    session,
    requests,
    ...amounts,
    difference: plus(amounts.client ?? NO_AMOUNTS, amounts.counted ?? NO_AMOUNTS, -1),
  });
  if (items.length === 0) return hasAny(total.all) ? [about('no_requests', 0, { client: total.all })] : [];
  const outside = (kind: DifferenceKind, left: readonly UsedItem[]): Difference[] =>
    left.length === 0 ? [] : [about(kind, requestsIn(left), { counted: sumOfItems(left) })];
  const whole: ItemRange = range ?? { from: 0, to: items.length };
  const inside = items.slice(whole.from, whole.to);
  return [
    ...outside('restarted', items.slice(0, whole.from)),
    ...outside('later', items.slice(whole.to)),
    ...untold.flatMap(model => {
      const client = total.models.get(model);
      return client ? [{ ...about('untold', 0, { client }), model }] : [];
    }),
    ...partsOf(candidate, inside).flatMap(({ model, client, own }) => {
      const counted = sumOfItems(own);
      const kind = kindOf({ client, counted, own, hasUnknownCost });
      return kind === null
        ? []
        : [{ ...about(kind, requestsIn(own), { client, counted }), ...(model ? { model } : {}) }];
    }),
  ];
}

interface Part {
  /** Absent: the client told of the cost alone. */
  model?: string;
  client: Amounts;
  own: readonly UsedItem[];
}

/** Model by model, as far as any source knows the model. */
function partsOf({ total, untold }: Candidate, items: readonly UsedItem[]): Part[] {
  if (total.models.size === 0) return [{ client: { ...sumOfItems(items), cost: total.all.cost }, own: items }];
  const models = new Set([...items.map(({ model }) => model), ...total.models.keys()]);
  return [...models].flatMap(model =>
    untold.includes(model)
      ? []
      : [{ model, client: total.models.get(model) ?? NO_AMOUNTS, own: items.filter(item => item.model === model) }],
  );
}

interface Compared {
  client: Amounts;
  counted: Amounts;
  own: readonly UsedItem[];
  hasUnknownCost: boolean;
}

/** Null if they agree. */
function kindOf({ client, counted, own, hasUnknownCost }: Compared): DifferenceKind | null {
  const { input, output, cache_read, cache_write, cost } = plus(client, counted, -1);
  const isIncomplete = own.some(({ incomplete }) => incomplete > 0);
  if (input !== 0 || cache_read !== 0 || cache_write !== 0 || output < 0 || (output > 0 && !isIncomplete)) {
    return [input, output, cache_read, cache_write].some(tokens => tokens < 0) ? 'client_less' : 'client_more';
  }
  if (output > 0) return 'no_final_usage';
  // Each request is rounded here, and not at the client.
  if (Math.abs(cost) <= requestsIn(own) + 1) return null;
  if (own.some(({ isUnpriced }) => isUnpriced)) return 'unpriced';
  if (hasUnknownCost) return 'guessed';
  const rest = Math.abs(cost) % CENT_NANOS;
  return cost > 0 && Math.min(rest, CENT_NANOS - rest) <= requestsIn(own) + 1 ? 'web_searches' : 'client_price';
}

const requestsIn = (items: readonly UsedItem[]): number => items.reduce((sum, { requests }) => sum + requests, 0);

const hasAny = ({ input, output, cache_read, cache_write, cost }: Amounts): boolean =>
  input + output + cache_read + cache_write + cost !== 0;
