/** What the ledger says that a scenario has used, and what the client says that it cost. */
import { readUsage } from '../../src/read-usage-now.ts';
import { LedgerFiles } from '../../src/store/ledger-files.ts';
import { fromLedgerLine } from '../../src/usage/ledger-line.ts';
import { ROOT } from '../helpers/run-program.ts';
import type { BilledAnswer } from './messages-api.ts';
import type { Project } from './project.ts';
import type { ClientResult } from './stage.ts';

/** A minute later, when nobody waits for more: what the clients wrote is all that there will be. */
const LATER_MILLIS = 120_000;

/** Reads the transcripts of the client into the state folder of the project. */
export function usageOf({ home, stateDir }: Project): { used: Map<string, BilledAnswer['usage']>; cost: number } {
  const { view } = readUsage({
    stateDir,
    claudeDirs: [`${home}/.claude`],
    now: Date.now() + LATER_MILLIS,
    pricingPath: `${ROOT}config/usage_pricing.json`,
    say: () => {},
  });
  const { cost, requests } = view.cube.columns.measures;
  const sum = (column: Iterable<number>): number => [...column].reduce((all, value) => all + value, 0);
  const used = new Map<string, BilledAnswer['usage']>();
  const ledger = new LedgerFiles(stateDir);
  ledger.read(new Map(), line => {
    const request = fromLedgerLine(line)?.request;
    if (!request) throw new Error(`ledger: expected a request, got ${line}`);
    const { input, output, cache_read } = request.tokens;
    // A later line of a request is a better one.
    used.set(request.id, { input_tokens: input, output_tokens: output, cache_read_input_tokens: cache_read });
  });
  ledger.close();
  if (sum(requests) !== used.size) throw new Error(`cube: expected ${used.size} requests, got ${sum(requests)}`);
  return { used, cost: sum(cost) };
}

/**
 * What all runs cost by the client's own count, in nano-dollars. Newer clients count on when a session is resumed and
 * begin anew after `/clear`, older ones the other way round: what each of them would make of it.
 */
export function clientCosts(results: readonly ClientResult[]): number[] {
  const sessions = new Map<string, number[]>();
  for (const { session_id = '', total_cost_usd } of results) {
    if (total_cost_usd === undefined) return [];
    sessions.set(session_id, [...(sessions.get(session_id) ?? []), total_cost_usd]);
  }
  const total = (costOf: (costs: readonly number[]) => number): number =>
    Math.round([...sessions.values()].reduce((sum, costs) => sum + costOf(costs), 0) * 1e9);
  const last = Math.round((results.at(-1)?.total_cost_usd ?? 0) * 1e9);
  return [total(costs => costs.reduce((sum, cost) => sum + cost, 0)), total(costs => costs.at(-1) ?? 0), last];
}
