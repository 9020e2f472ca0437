/** Input of a hook that is no JSON object → a fact that says so. */
import { FACT_VERSION, type Fact } from '../model/fact.ts';
import { hash128 } from '../model/ids.ts';
import type { HookRun } from './run-hook.ts';

/** What could not be read may hold anything, secrets too: its length and hash are kept, not its text. */
export function unreadableFact(
  { error, text }: { error: string; text: Buffer },
  { now, env, name }: Pick<HookRun, 'now' | 'env' | 'name'>,
): Fact {
  return {
    v: FACT_VERSION,
    at: now,
    source: 'hook',
    session: env.CLAUDE_CODE_SESSION_ID,
    kind: 'other',
    event: name,
    parse_error: error,
    size_bytes: text.length,
    hash: hash128(text.toString('latin1')),
  };
}
