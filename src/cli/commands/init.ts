/** `init`: puts the hooks into the settings of Claude Code, and has it send its telemetry here if asked. */
import { existsSync } from 'node:fs';
import { carryOut, checkPlan, joinPlans } from '../../claude-code/file-plan.ts';
import { planInstall } from '../../claude-code/install.ts';
import { type InstallPlace, userClaudeDir } from '../../claude-code/install-place.ts';
import { disablesHooks } from '../../claude-code/settings-file.ts';
import { makeFolder } from '../../journal/make-folder.ts';
import { makeStateDir } from '../../store/make-state-dir.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { installCall } from '../install-call.ts';
import { renderInstall } from '../render-install.ts';
import { plannedFiles } from '../render-plan.ts';
import { planTelemetry, type TelemetryInstall } from '../telemetry-call.ts';
import { VERSION } from '../version.ts';

export async function run(call: CommandCall): Promise<CommandAnswer> {
  const { hooksDir, cwd } = call.context;
  const called = installCall(call);
  const { place, stateDir, givenStateDir } = called;
  const isUsers = place.project === null;
  const told = isUsers ? stateDir : givenStateDir;
  const telemetry = call.options.otlp === true ? await planTelemetry(call, called) : null;
  const common = { version: VERSION, telemetry: telemetry ?? undefined };
  const install = planInstall({
    place,
    builtHooks: hooksDir,
    stateDir: told,
    ...common,
    telemetry: isUsers ? common.telemetry : undefined,
  });
  const variables = telemetry && !isUsers ? planInstall({ place: telemetry.place, builtHooks: null, ...common }) : null;
  if (telemetry) checkPlan(telemetry.plan);
  const isDry = call.options.dryRun === true;
  const files = plannedFiles(joinPlans(telemetry?.plan, install.plan, variables?.plan));
  // Its journal shows queries that this folder stands in for projects that have none.
  const journal = `${stateDir}/journal`;
  const makesJournal = isUsers && !existsSync(journal);
  if (makesJournal) files.created.push(journal);
  if (!isDry) {
    if (makesJournal || telemetry) makeStateDir(stateDir);
    if (makesJournal) makeFolder(journal);
    // First the port, so that whoever is told to send there finds somebody.
    carryOut(joinPlans(telemetry && { ...telemetry.plan, folders: [] }, install.plan, variables?.plan));
  }
  const changed = Object.values(files).some(paths => paths.length > 0);
  const warnings = disabling(place, call).map(
    path => `${path} has "disableAllHooks": true, so no hook runs until that is gone`,
  );
  return {
    json: {
      settings_path: install.settingsPath,
      hooks_dir: install.hooksDir,
      state_dir: stateDir,
      events: install.events,
      dry_run: isDry,
      changed,
      ...files,
      moved_from: install.movedFrom,
      otlp: telemetry ? otlpAnswer(telemetry, (variables ?? install).settingsPath) : undefined,
      warnings,
    },
    text: () => renderInstall({ ...called, install, telemetry, variables, isDry, changed, warnings, cwd }).join('\n'),
  };
}

const otlpAnswer = ({ port, variables, movedFrom }: TelemetryInstall, path: string): object => ({
  settings_path: path,
  port,
  variables,
  moved_from: movedFrom,
});

/** Settings that count in this place and switch all hooks off. */
function disabling({ claudeDir, project }: InstallPlace, { context }: CommandCall): string[] {
  const users = userClaudeDir(context.env, context.cwd);
  const paths = project === null ? [] : [`${claudeDir}/settings.json`, `${claudeDir}/settings.local.json`];
  return [...paths, ...(users ? [`${users}/settings.json`] : [])].filter(disablesHooks);
}
