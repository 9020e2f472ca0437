/** All sources of usage side by side, and each difference with its cause. */
import type { BilledRequest, RequestSource } from '../../usage/billed-request.ts';
import { totalTokens } from '../../usage/billed-request.ts';
import type { ClientClaim } from '../../usage/client-claim.ts';
import type { RequestSum } from '../../usage/request-sum.ts';
import type { LedgerTellings } from '../../usage/request-tellings.ts';
import { noMeasures } from '../../usage/sum-rows.ts';
import type { Measures } from '../../usage/usage-cube.ts';
import { type Amounts, NO_AMOUNTS, plus } from './amounts.ts';
import { type ClaimComparison, compareClaim } from './compare-claim.ts';
import { compareSources, otlpOf } from './compare-sources.ts';
import { DIFFERENCES, type Difference, type DifferenceKind } from './difference.ts';
import { usedBySession } from './used-items.ts';

export interface ReconcileQuery {
  tellings: LedgerTellings;
  claims: readonly ClientClaim[];
  /** In nano-dollars; null if no price is known. */
  costOf(used: BilledRequest | RequestSum): number | null;
  /** Milliseconds since 1970. */
  now: number;
  /** Requests from before are left out, and totals of sessions that began before. */
  since?: number | undefined;
  isSession(session: string | null): boolean;
}

/** What one source told, or what counts of all. */
export interface SourceSum {
  measures: Measures;
  sessions: number;
}

/** The differences of one cause in one session. */
export interface CauseSum {
  kind: DifferenceKind;
  session: string | null;
  requests: number;
  difference: Amounts;
}

export interface Reconciliation {
  sources: Partial<Record<RequestSource, SourceSum>>;
  /** What the client says in all. */
  client: { amounts: Amounts; sessions: number } | null;
  counted: SourceSum;
  /** What is in `counted` and can be compared no more. */
  pruned: SourceSum;
  claims: ClaimComparison[];
  /** Totals that cannot be compared, because their sessions began before `since`. */
  claimsLeftOut: number;
  differences: Difference[];
  causes: CauseSum[];
  /** Differences without a known cause. */
  unexplained: number;
}

const SOURCES = ['transcript', 'otlp', 'span'] as const;

export function reconcile(query: ReconcileQuery): Reconciliation {
  const { costOf, since = Number.NEGATIVE_INFINITY, isSession, now } = query;
  const isWanted = ({ at, owner }: BilledRequest | RequestSum): boolean => at >= since && isSession(owner.session);
  const requests = query.tellings.requests.filter(({ counted }) => isWanted(counted));
  const sums = query.tellings.sums.filter(isWanted);
  const sources: Reconciliation['sources'] = {};
  for (const source of SOURCES) {
    const told = requests.flatMap(request => (source === 'otlp' ? otlpOf(request) : request.bySource[source]) ?? []);
    if (told.length > 0) sources[source] = sumOf(told, costOf);
  }
  const compared = compareClaims(query);
  const differences = [
    ...compareSources(requests, { costOf, now }),
    ...compared.claims.flatMap(({ differences: found }) => found),
  ];
  return {
    sources,
    ...compared,
    client: clientSum(compared.claims),
    counted: sumOf([...requests.map(({ counted }) => counted), ...sums], costOf),
    pruned: sumOf(sums, costOf),
    differences,
    causes: causesOf(differences),
    unexplained: differences.filter(({ kind }) => !DIFFERENCES[kind][1]).length,
  };
}

function compareClaims(query: ReconcileQuery): Pick<Reconciliation, 'claims' | 'claimsLeftOut'> {
  const { tellings, costOf, since = Number.NEGATIVE_INFINITY, isSession } = query;
  const used = usedBySession(tellings, costOf);
  const wanted = query.claims.filter(({ session }) => isSession(session));
  const isWhole = ({ session }: ClientClaim): boolean => (used.get(session)?.[0]?.at ?? since) >= since;
  const whole = wanted.filter(isWhole);
  return {
    claims: whole.map(claim => compareClaim(claim, session => used.get(session) ?? [])),
    claimsLeftOut: wanted.length - whole.length,
  };
}

/** One for each session: what was handed over goes before what the transcript says. */
function clientSum(claims: readonly ClaimComparison[]): Reconciliation['client'] {
  const sessions = new Map<string, Amounts>();
  for (const { claim, client } of claims) {
    if (claim.from === 'result' || !sessions.has(claim.session)) sessions.set(claim.session, client);
  }
  if (sessions.size === 0) return null;
  const amounts = [...sessions.values()].reduce((sum, more) => plus(sum, more), NO_AMOUNTS);
  return { amounts, sessions: sessions.size };
}

function sumOf(all: readonly (BilledRequest | RequestSum)[], costOf: ReconcileQuery['costOf']): SourceSum {
  const measures = noMeasures();
  const sessions = new Set<string | null>();
  for (const used of all) {
    const isSum = 'requests' in used;
    const cost = costOf(used);
    for (const [kind, tokens] of Object.entries(used.tokens)) measures[kind as keyof typeof used.tokens] += tokens;
    measures.cost += cost ?? 0;
    measures.unpriced += cost === null ? totalTokens(used.tokens) : 0;
    measures.requests += isSum ? used.requests : 1;
    measures.incomplete += isSum ? used.incomplete : used.isFinal ? 0 : 1;
    measures.web_searches += used.webSearches;
    sessions.add(used.owner.session);
  }
  return { measures, sessions: sessions.size };
}

/** Those without a known cause first, then by what they cost. */
function causesOf(differences: readonly Difference[]): CauseSum[] {
  const causes = new Map<string, CauseSum>();
  for (const { kind, session, requests, difference } of differences) {
    const key = `${kind}\n${session}`;
    const known = causes.get(key) ?? { kind, session, requests: 0, difference: NO_AMOUNTS };
    causes.set(key, {
      ...known,
      requests: known.requests + requests,
      difference: plus(known.difference, difference),
    });
  }
  const rank = ({ kind }: CauseSum): number => Number(DIFFERENCES[kind][1]);
  return [...causes.values()].sort(
    (a, b) => rank(a) - rank(b) || Math.abs(b.difference.cost) - Math.abs(a.difference.cost),
  );
}
