/** Requests that no transcript tells of, as those for titles, placed by the client's id of their prompt. Pure. */
import { runSpan } from '../model/owner.ts';
import { type BilledRequest, MAIN_AGENT } from '../usage/billed-request.ts';
import { type LedgerEntry, toLedgerLine } from '../usage/ledger-line.ts';
import { type PackedSession, unpackSession } from './usage-state.ts';

/**
 * Lines for the ledger, without their line ends, that name the commands of these. `until`: a transcript of later ones may
 * still come, and says more.
 */
export function placedLines(
  unplaced: readonly LedgerEntry[],
  sessions: ReadonlyMap<string, string>,
  until: number,
): string[] {
  return unplaced.flatMap(({ request, prompt }) => {
    const placed = request.at > until ? null : placedByPrompt(request, prompt, sessions);
    return placed ? [toLedgerLine(placed, { prompt })] : [];
  });
}

/** `sessions`: where each stands, by folder and id. Null if none of them knows the prompt. */
function placedByPrompt(
  request: BilledRequest,
  prompt: string | undefined,
  sessions: ReadonlyMap<string, string>,
): BilledRequest | null {
  const { session } = request.owner;
  if (prompt === undefined || session === null) return null;
  for (const [key, text] of sessions) {
    if (!key.endsWith(`/${session}`)) continue;
    const { runs, project } = unpackSession(JSON.parse(text) as PackedSession);
    const run = runs.get(prompt);
    if (!run) continue;
    const owner = { ...request.owner, command: run.command, project };
    return { ...request, owner, span: owner.agent === MAIN_AGENT ? runSpan(run.key) : null };
  }
  return null;
}
