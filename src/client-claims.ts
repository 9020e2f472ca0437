/** What the client itself says that sessions have used: in transcripts that are there still, and in what it printed. */
import { clientResults } from './claude-code/client-results.ts';
import { type ClientTotals, type PackedSession, unpackSession } from './claude-code/usage-state.ts';
import { KeptIndex } from './store/usage-index.ts';
import type { ClaimTelling, ClientClaim } from './usage/client-claim.ts';

/** Of all sessions whose transcripts told a total, as they were read last. */
export function clientClaims(stateDir: string): ClientClaim[] {
  const sessions = sessionsIn(stateDir) ?? new Map<string, string>();
  const claims = new Map<string, ClientClaim>();
  for (const [key, text] of sessions) {
    if (!text.includes('"totals"')) continue;
    const { totals, repeats = {} } = unpackSession(JSON.parse(text) as PackedSession);
    if (!totals) continue;
    const session = key.slice(key.lastIndexOf('/') + 1);
    const claim = claimOf(session, 'transcript', [totals], repeats);
    // The same transcript may lie in two folders, one of them as it was before.
    if (costOf(claim) >= costOf(claims.get(session))) claims.set(session, claim);
  }
  return [...claims.values()];
}

function sessionsIn(stateDir: string): Map<string, string> | null {
  const kept = KeptIndex.open(stateDir);
  try {
    return kept?.sessions() ?? null;
  } finally {
    kept?.close();
  }
}

const costOf = (claim: ClientClaim | undefined): number => claim?.tellings[0]?.cost ?? 0;

/** Of all sessions in what `claude -p` printed. */
export function resultClaims(printed: string): ClientClaim[] {
  const sessions = new Map<string, ClientTotals[]>();
  for (const { session, totals } of clientResults(printed)) {
    sessions.set(session, [...(sessions.get(session) ?? []), totals]);
  }
  return Array.from(sessions, ([session, totals]) => claimOf(session, 'result', totals, {}));
}

function claimOf(
  session: string,
  from: ClientClaim['from'],
  totals: readonly ClientTotals[],
  repeats: ClientClaim['repeats'],
): ClientClaim {
  return {
    session,
    from,
    tellings: totals.map(telling),
    hasUnknownCost: totals.some(({ unknown_cost }) => unknown_cost === true),
    repeats,
  };
}

const telling = ({ cost_usd, models }: ClientTotals): ClaimTelling => ({
  cost: nanos(cost_usd),
  models: Object.fromEntries(
    Object.entries(models).map(([model, { cost_usd: cost, ...tokens }]) => [model, { ...tokens, cost: nanos(cost) }]),
  ),
});

const nanos = (usd: number): number => Math.round(usd * 1e9);
