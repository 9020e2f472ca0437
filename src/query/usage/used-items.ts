/** What sessions used, in the order of time, so that it can be held against what the client says of them. */
import type { BilledRequest } from '../../usage/billed-request.ts';
import { modelIdForms } from '../../usage/model-id.ts';
import type { RequestSum } from '../../usage/request-sum.ts';
import type { LedgerTellings } from '../../usage/request-tellings.ts';
import { type Amounts, amountsOf, NO_AMOUNTS, plus } from './amounts.ts';

/** A request, or a sum of requests that were pruned. */
export interface UsedItem {
  /** Milliseconds since 1970. */
  at: number;
  /** By its shortest id. */
  model: string;
  amounts: Amounts;
  requests: number;
  incomplete: number;
  /** No price is known. */
  isUnpriced: boolean;
}

/** The shortest id of a model: the client's own has marks that others lack, as `[1m]`. */
export const plainModel = (id: string): string => modelIdForms(id).at(-1) ?? id;

/** By session. `costOf`: in nano-dollars; null if no price is known. */
export function usedBySession(
  { requests, sums }: LedgerTellings,
  costOf: (used: BilledRequest | RequestSum) => number | null,
): Map<string, UsedItem[]> {
  const sessions = new Map<string, UsedItem[]>();
  const all = [...requests.map(({ counted }) => counted), ...sums];
  for (const used of all) {
    const { session } = used.owner;
    if (session === null) continue;
    const cost = costOf(used);
    const isSum = 'requests' in used;
    const items = sessions.get(session) ?? [];
    sessions.set(session, items);
    items.push({
      at: used.at,
      model: plainModel(used.model),
      amounts: amountsOf(used.tokens, cost),
      requests: isSum ? used.requests : 1,
      incomplete: isSum ? used.incomplete : used.isFinal ? 0 : 1,
      isUnpriced: cost === null,
    });
  }
  for (const items of sessions.values()) items.sort((a, b) => a.at - b.at);
  return sessions;
}

/** Their sum. */
export const sumOfItems = (items: readonly UsedItem[]): Amounts =>
  items.reduce((sum, { amounts }) => plus(sum, amounts), NO_AMOUNTS);
