/** `init`: puts the hooks into the settings of Claude Code. */
import { existsSync } from 'node:fs';
import { carryOut } from '../../claude-code/file-plan.ts';
import { planInstall } from '../../claude-code/install.ts';
import { type InstallPlace, userClaudeDir } from '../../claude-code/install-place.ts';
import { disablesHooks } from '../../claude-code/settings-file.ts';
import { makeFolder } from '../../journal/make-folder.ts';
import { makeStateDir } from '../../store/state-dir.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { installCall } from '../install-call.ts';
import { renderInstall } from '../render-install.ts';
import { plannedFiles } from '../render-plan.ts';
import { VERSION } from '../version.ts';

export function run(call: CommandCall): CommandAnswer {
  const { hooksDir, cwd } = call.context;
  const called = installCall(call);
  const { place, stateDir, givenStateDir } = called;
  const isUsers = place.project === null;
  const told = isUsers ? stateDir : givenStateDir;
  const install = planInstall({ place, builtHooks: hooksDir, version: VERSION, stateDir: told });
  const isDry = call.options.dryRun === true;
  const files = plannedFiles(install.plan);
  // Its journal shows queries that this folder stands in for projects that have none.
  const journal = `${stateDir}/journal`;
  const makesJournal = isUsers && !existsSync(journal);
  if (makesJournal) files.created.push(journal);
  if (!isDry) {
    if (makesJournal) {
      makeStateDir(stateDir);
      makeFolder(journal);
    }
    carryOut(install.plan);
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
      warnings,
    },
    text: () => renderInstall({ ...called, install, isDry, changed, warnings, cwd }).join('\n'),
  };
}

/** Settings that count in this place and switch all hooks off. */
function disabling({ claudeDir, project }: InstallPlace, { context }: CommandCall): string[] {
  const users = userClaudeDir(context.env, context.cwd);
  const paths = project === null ? [] : [`${claudeDir}/settings.json`, `${claudeDir}/settings.local.json`];
  return [...paths, ...(users ? [`${users}/settings.json`] : [])].filter(disablesHooks);
}
