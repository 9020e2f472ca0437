/** The hook of Claude Code: its JSON on standard input → a fact. Prints nothing. */
import { gitBranch } from '../claude-code/git-branch.ts';
import { hookFact } from '../claude-code/hook-fact.ts';
import { FACT_VERSION, type Fact } from '../model/fact.ts';
import { hash128 } from '../model/ids.ts';
import { stageOf } from '../model/stage-rules.ts';
import { clientIdentity } from '../store/process-identity.ts';
import { type HookInput, isInputTerminal, readHookInput } from './read-input.ts';
import type { HookResult, HookRun } from './run-hook.ts';

export function clientHook(run: HookRun): HookResult {
  if (isInputTerminal()) {
    run.complain("expected Claude Code's hook JSON on standard input, got a terminal");
    return { fact: null };
  }
  return { fact: clientHookFact(readHookInput(), run) };
}

/** Null if it says nothing that is kept. */
export function clientHookFact(
  input: HookInput,
  run: Pick<HookRun, 'name' | 'env' | 'now' | 'isReplay' | 'settings'>,
): Fact | null {
  if ('payload' in input) {
    const { labels, stages } = run.settings;
    return hookFact(input.payload, {
      now: run.now,
      labels,
      branchOf: gitBranch,
      stageOf: name => stageOf(stages, name),
      client: () => (run.isReplay ? undefined : clientIdentity(run.env, process.ppid)),
    });
  }
  // What could not be read may hold anything, secrets too: its length and hash are kept, not its text.
  return {
    v: FACT_VERSION,
    at: run.now,
    source: 'hook',
    session: run.env.CLAUDE_CODE_SESSION_ID,
    kind: 'other',
    event: run.name,
    parse_error: input.error,
    size_bytes: input.text.length,
    hash: hash128(input.text.toString('latin1')),
  };
}
