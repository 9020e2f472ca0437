/** The hook of Claude Code: its JSON on standard input → a fact. Prints nothing. */
import { gitBranch } from '../claude-code/git-branch.ts';
import { hookFact } from '../claude-code/hook-fact.ts';
import { FACT_VERSION } from '../model/fact.ts';
import { hash128 } from '../model/ids.ts';
import { stageOf } from '../model/stage-rules.ts';
import { clientIdentity } from '../store/process-identity.ts';
import { isInputTerminal, readHookInput } from './read-input.ts';
import type { HookResult, HookRun } from './run-hook.ts';

export function clientHook(run: HookRun): HookResult {
  if (isInputTerminal()) {
    run.complain("expected Claude Code's hook JSON on standard input, got a terminal");
    return { fact: null };
  }
  const input = readHookInput();
  if ('payload' in input) {
    const { labels, stages } = run.settings;
    const fact = hookFact(input.payload, {
      now: run.now,
      labels,
      branchOf: gitBranch,
      stageOf: name => stageOf(stages, name),
      client: () => (run.isReplay ? undefined : clientIdentity(run.env, process.ppid)),
    });
    return { fact };
  }
  // What could not be read may hold anything, secrets too: its length and hash are kept, not its text.
  return {
    fact: {
      v: FACT_VERSION,
      at: run.now,
      source: 'hook',
      session: run.env.CLAUDE_CODE_SESSION_ID,
      kind: 'other',
      event: run.name,
      parse_error: input.error,
      size_bytes: input.text.length,
      hash: hash128(input.text.toString('latin1')),
    },
  };
}
