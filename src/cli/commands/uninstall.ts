/** `uninstall`: takes the hooks out of the settings of Claude Code, and the variables that came with them. */
import { existsSync } from 'node:fs';
import { carryOut, joinPlans } from '../../claude-code/file-plan.ts';
import { planUninstall } from '../../claude-code/uninstall.ts';
import { safeText } from '../../query/safe-text.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { installCall } from '../install-call.ts';
import { plannedFiles, renderPlan } from '../render-plan.ts';
import { planTelemetryRemoval } from '../telemetry-call.ts';
import { removeUnusedState } from '../unused-state.ts';

export function run(call: CommandCall): CommandAnswer {
  const called = installCall(call);
  const { place, stateDir } = called;
  const { plan: hooks, hooksDir, isLast } = planUninstall(place);
  const telemetry = isLast ? planTelemetryRemoval(call, called) : null;
  const plan = joinPlans(hooks, telemetry?.variables?.plan, telemetry?.setting);
  const { updated, removed } = plannedFiles(plan);
  carryOut(plan);
  const madeFor = [place.project === null ? stateDir : null, telemetry?.stateDir ?? null];
  for (const folder of new Set(madeFor)) if (folder !== null) removed.push(...removeUnusedState(folder));
  const changed = updated.length + removed.length > 0;
  return {
    json: { hooks_dir: hooksDir, state_dir: stateDir, changed, updated, removed },
    text() {
      if (!changed) return `Claude Code has no hooks of spanbook in ${safeText(place.claudeDir)}. Nothing was changed.`;
      const stays = existsSync(stateDir) ? ['', `What was recorded stays in ${safeText(stateDir)}`] : [];
      return [
        "The hooks of spanbook are out of Claude Code's settings.",
        '',
        ...renderPlan(hooks, hooksDir, false),
        ...(telemetry?.variables ? renderPlan(telemetry.variables.plan, telemetry.variables.hooksDir, false) : []),
        ...(telemetry ? renderPlan(telemetry.setting, hooksDir, false) : []),
        ...stays,
      ].join('\n');
    },
  };
}
