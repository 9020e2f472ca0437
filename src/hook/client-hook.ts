/** The hook of Claude Code: its JSON on standard input → a fact. Prints nothing. */
import { gitBranch } from '../claude-code/git-branch.ts';
import { hookFact } from '../claude-code/hook-fact.ts';
import type { Fact } from '../model/fact.ts';
import { stageOf } from '../model/stage-rules.ts';
import { clientIdentity } from '../store/process-identity.ts';
import type { HookInput } from './input-piece.ts';
import { isInputTerminal, readHookInput } from './read-input.ts';
import type { HookResult, HookRun } from './run-hook.ts';
import { unreadableFact } from './unreadable-input.ts';

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
      // Few have rules.
      stageOf: name => (stages.length === 0 ? undefined : stageOf(stages, name)),
      client: () => (run.isReplay ? undefined : clientIdentity(run.env, process.ppid)),
    });
  }
  return unreadableFact(input, run);
}
