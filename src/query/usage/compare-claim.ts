/** What the client says that a session has used, held against what counts here. */
import type { ClaimTelling, ClientClaim } from '../../usage/client-claim.ts';
import { type Amounts, NO_AMOUNTS, plus } from './amounts.ts';
import { claimDifferences } from './claim-differences.ts';
import type { Difference } from './difference.ts';
import { findRange, type ItemRange } from './item-range.ts';
import { plainModel, sumOfItems, type UsedItem } from './used-items.ts';

/** `continued`: the last telling is the total. `each_alone`: the tellings add up to it. */
export type Reading = 'continued' | 'each_alone';

export interface ClaimComparison {
  claim: ClientClaim;
  /** How the client's tellings are to be read; null if there is one alone. */
  reading: Reading | null;
  client: Amounts;
  /** What counts of the same. */
  counted: Amounts;
  differences: Difference[];
}

/** `itemsOf`: what each session used, in the order of time. */
export function compareClaim(claim: ClientClaim, itemsOf: (session: string) => readonly UsedItem[]): ClaimComparison {
  const candidates = candidatesOf(claim, itemsOf).sort((a, b) => rankOf(a) - rankOf(b));
  const [best] = candidates;
  if (!best) return { claim, reading: null, client: NO_AMOUNTS, counted: NO_AMOUNTS, differences: [] };
  const { reading, total, items } = best;
  return {
    claim,
    reading,
    client: total.all,
    counted: sumOfItems(items),
    differences: claimDifferences(claim, best),
  };
}

/** Whole ones first, then those that are a part, then by how far they are off. Of equals, the first stays first. */
function rankOf({ total, items, range }: Candidate): number {
  if (range) return range.from === 0 && range.to === items.length ? -2 : -1;
  const { cost: _, ...off } = plus(total.all, sumOfItems(items), -1);
  return Object.values(off).reduce((sum, tokens) => sum + Math.abs(tokens), 0);
}

export interface Total {
  all: Amounts;
  /** By plain model. */
  models: Map<string, Amounts>;
}

export interface Candidate {
  reading: Reading | null;
  total: Total;
  items: readonly UsedItem[];
  /** Requests whose final usage is not known are among them. */
  anyOutput: boolean;
  /** Models that the client counts, and nothing was told of. */
  untold: string[];
  range: ItemRange | null;
}

/** Each way in which the client may have meant it: those that take less for granted first. */
function candidatesOf(claim: ClientClaim, itemsOf: (session: string) => readonly UsedItem[]): Candidate[] {
  const { session, tellings, repeats } = claim;
  const last = tellings.slice(-1);
  const readings: [Reading | null, readonly ClaimTelling[]][] =
    tellings.length > 1
      ? [
          ['each_alone', tellings],
          ['continued', last],
        ]
      : [[null, last]];
  const own = itemsOf(session);
  const repeated = Object.entries(repeats).flatMap(([other, until]) => itemsOf(other).filter(({ at }) => at <= until));
  // A fork may count on from the total of the session that it repeats.
  const all = repeated.length > 0 ? [own, [...repeated, ...own].sort((a, b) => a.at - b.at)] : [own];
  return readings.flatMap(([reading, told]) =>
    all.flatMap(items =>
      [false, true].map(anyOutput => candidate({ reading, total: totalOf(told), items, anyOutput })),
    ),
  );
}

function candidate(found: Omit<Candidate, 'untold' | 'range'>): Candidate {
  const { total, items, anyOutput } = found;
  const known = new Set(items.map(({ model }) => model));
  const untold = [...total.models.keys()].filter(model => !known.has(model));
  const wanted = new Map([...total.models].filter(([model]) => known.has(model)));
  const isPossible =
    total.models.size > 0 && items.length > 0 && (!anyOutput || items.some(({ incomplete }) => incomplete > 0));
  return { ...found, untold, range: isPossible ? findRange(items, { wanted, anyOutput }) : null };
}

function totalOf(tellings: readonly ClaimTelling[]): Total {
  const models = new Map<string, Amounts>();
  let all = NO_AMOUNTS;
  for (const telling of tellings) {
    for (const [id, amounts] of Object.entries(telling.models)) {
      if (isNothing(amounts)) continue;
      const model = plainModel(id);
      models.set(model, plus(models.get(model) ?? NO_AMOUNTS, amounts));
      all = plus(all, { ...amounts, cost: 0 });
    }
    all = plus(all, { ...NO_AMOUNTS, cost: telling.cost });
  }
  return { all, models };
}

const isNothing = ({ input, output, cache_read, cache_write, cost }: Amounts): boolean =>
  input === 0 && output === 0 && cache_read === 0 && cache_write === 0 && cost === 0;
