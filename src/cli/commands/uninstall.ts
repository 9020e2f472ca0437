/** `uninstall`: takes the hooks out of the settings of Claude Code. */
import { existsSync } from 'node:fs';
import { carryOut } from '../../claude-code/file-plan.ts';
import { planUninstall } from '../../claude-code/uninstall.ts';
import { safeText } from '../../query/safe-text.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { installCall } from '../install-call.ts';
import { plannedFiles, renderPlan } from '../render-plan.ts';
import { removeUnusedState } from '../unused-state.ts';

export function run(call: CommandCall): CommandAnswer {
  const { place, stateDir } = installCall(call);
  const { plan, hooksDir } = planUninstall(place);
  const { updated, removed } = plannedFiles(plan);
  carryOut(plan);
  if (place.project === null) removed.push(...removeUnusedState(stateDir));
  const changed = updated.length + removed.length > 0;
  return {
    json: { hooks_dir: hooksDir, state_dir: stateDir, changed, updated, removed },
    text() {
      if (!changed) return `Claude Code has no hooks of spanbook in ${safeText(place.claudeDir)}. Nothing was changed.`;
      const stays = existsSync(stateDir) ? ['', `What was recorded stays in ${safeText(stateDir)}`] : [];
      return [
        "The hooks of spanbook are out of Claude Code's settings.",
        '',
        ...renderPlan(plan, hooksDir, false),
        ...stays,
      ].join('\n');
    },
  };
}
