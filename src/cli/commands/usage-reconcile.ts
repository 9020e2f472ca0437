/** `usage reconcile`: all sources of usage side by side, and why they differ. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { clientClaims, resultClaims } from '../../client-claims.ts';
import { SpanbookError, systemErrorCode } from '../../errors.ts';
import { ledgerRules } from '../../ledger-rules.ts';
import { formatCount } from '../../model/format-amount.ts';
import { pointInTime } from '../../point-in-time.ts';
import { csvText } from '../../query/csv-text.ts';
import { reconcile } from '../../query/usage/reconcile.ts';
import { reconcileAnswer } from '../../query/usage/reconcile-answer.ts';
import { readWriterSettings } from '../../store/read-settings.ts';
import { readTellings } from '../../store/read-tellings.ts';
import type { ClientClaim } from '../../usage/client-claim.ts';
import type { LedgerTellings } from '../../usage/request-tellings.ts';
import { type CommandAnswer, type CommandCall, textOption } from '../command-spec.ts';
import { type OpenOptions, openUsage } from '../open-usage.ts';
import { reconcileCsv } from '../reconcile-csv.ts';
import { renderReconcile } from '../render-reconcile.ts';

export async function run(call: CommandCall): Promise<CommandAnswer> {
  const { options, json, say, context } = call;
  if (json && options.csv === true) throw new SpanbookError('USAGE', '--csv: expected no --json beside it, got both');
  const results = givenResults(call);
  const ledger: { tellings: LedgerTellings; claims: ClientClaim[] } = {
    tellings: { requests: [], sums: [] },
    claims: [],
  };
  const look: OpenOptions['look'] = (stateDir, prices) => {
    const rules = ledgerRules(prices.table, readWriterSettings(stateDir).stages);
    ledger.tellings = readTellings(stateDir, rules);
    ledger.claims = clientClaims(stateDir);
  };
  const { pricing, view, claudeDirs } = await openUsage(call, { look });
  const rules = ledgerRules(pricing.table, []);
  const session = textOption(call, 'session');
  const now = context.now();
  const since = textOption(call, 'since');
  const answer = reconcileAnswer(
    reconcile({
      tellings: ledger.tellings,
      claims: [...results, ...ledger.claims],
      costOf: used => ('requests' in used ? (used.cost ?? rules.costOfSum(used)) : rules.costOf(used)),
      now,
      since: since === undefined ? undefined : pointInTime(since, { now }),
      isSession: id => session === undefined || id?.startsWith(session) === true,
    }),
  );
  if (session !== undefined && answer.counted.requests === 0 && answer.totals.length === 0) {
    say(`--session: no usage is recorded of "${session}"`);
  }
  const failed = options.strict === true && answer.unexplained > 0;
  const has = answer.unexplained === 1 ? 'difference has' : 'differences have';
  if (failed) say(`--strict: ${formatCount(answer.unexplained)} ${has} no known cause`);
  return {
    json: answer,
    text: () =>
      options.csv === true
        ? csvText(reconcileCsv(answer))
        : renderReconcile(call.style, { answer, claudeDirs, modelName: view.modelName }).join('\n'),
    failed,
  };
}

/** What `--result` names, or standard input for `-`. */
function givenResults(call: CommandCall): ClientClaim[] {
  const file = textOption(call, 'result');
  if (file === undefined) return [];
  const claims = resultClaims(textOf(file, call));
  if (claims.length > 0) return claims;
  const what = 'expected what claude -p printed with --output-format json or stream-json';
  throw new SpanbookError('BAD_INPUT', `--result ${file}: ${what}, got no result with a session and a total`);
}

function textOf(file: string, { context }: CommandCall): string {
  try {
    return readFileSync(file === '-' ? 0 : resolve(context.cwd, file), 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    throw new SpanbookError('NOT_FOUND', `--result ${file}: expected a file that can be read, got ${code}`);
  }
}
