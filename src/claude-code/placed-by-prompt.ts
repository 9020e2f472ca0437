/** A request that no transcript tells of, placed by the client's id of its prompt. Pure. */
import { runSpan } from '../model/owner.ts';
import { type BilledRequest, MAIN_AGENT } from '../usage/billed-request.ts';
import { type PackedSession, unpackSession } from './usage-state.ts';

/** `sessions`: where each stands, by folder and id. Null if none of them knows the prompt. */
export function placedByPrompt(
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
