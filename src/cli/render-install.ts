/** What `init` tells a person: what was done, what must be so that it works, what to type next. */
import type { Install } from '../claude-code/install.ts';
import type { InstallPlace } from '../claude-code/install-place.ts';
import { safeText } from '../query/safe-text.ts';
import type { InstallCall } from './install-call.ts';
import { renderPlan } from './render-plan.ts';
import { shellWord } from './shell-word.ts';
import type { TelemetryInstall } from './telemetry-call.ts';

export interface InstallReport extends InstallCall {
  install: Install;
  /** Of `--otlp`. */
  telemetry: TelemetryInstall | null;
  /** Of its variables, where they go into other settings than the hooks. */
  variables: Install | null;
  isDry: boolean;
  changed: boolean;
  warnings: readonly string[];
  cwd: string;
}

export function renderInstall(report: InstallReport): string[] {
  const { install, telemetry, variables, isDry, warnings } = report;
  const lines = [headline(report)];
  const files = [
    ...(telemetry ? renderPlan(telemetry.plan, install.hooksDir, isDry) : []),
    ...renderPlan(install.plan, install.hooksDir, isDry),
    ...(variables ? renderPlan(variables.plan, variables.hooksDir, isDry) : []),
  ];
  if (files.length > 0) lines.push('', ...files);
  if (install.movedFrom !== undefined)
    lines.push('', `${safeText(install.movedFrom)} had them until now. Once is enough.`);
  if (warnings.length > 0) lines.push('', ...warnings.map(warning => `Warning: ${safeText(warning)}`));
  if (isDry) {
    lines.push('', 'Events that would be recorded:', ...install.events.map(event => `  ${event}`));
    return telemetry ? [...lines, '', ...variableLines(report, telemetry)] : lines;
  }
  if (telemetry) lines.push('', ...telemetryLines(telemetry));
  return [...lines, '', ...conditions(report), '', ...whatNext(report)];
}

function variableLines({ install, variables }: InstallReport, telemetry: TelemetryInstall): string[] {
  const { settingsPath } = variables ?? install;
  const pairs = Object.entries(telemetry.variables).map(([name, value]) => `  ${name}=${value}`);
  return [`Variables that would be set in ${safeText(settingsPath)}:`, ...pairs];
}

function telemetryLines({ port, place, receiver, movedFrom }: TelemetryInstall): string[] {
  const lines = [
    `From its next start on, Claude Code sends what each request used to port ${port} of this`,
    'machine, and nowhere else: in all your projects, for it takes such variables from',
    `your own settings alone, ${safeText(place.claudeDir)}/settings.json.`,
    `The monitor receives it: spanbook monitor start --state-dir ${shellWord(receiver.state_dir)}`,
  ];
  if (movedFrom !== undefined) lines.push(`Until now it went to ${safeText(movedFrom)}. One folder receives.`);
  return lines;
}

function headline({ place, isDry, changed }: InstallReport): string {
  const where = placeWords(place);
  if (!changed) return `Claude Code runs the hooks of spanbook ${where} already. Nothing was changed.`;
  if (isDry) return `Claude Code would run the hooks of spanbook ${where}. Nothing was changed.`;
  return `Claude Code now runs the hooks of spanbook ${where}.`;
}

function placeWords({ project, isLocal }: InstallPlace): string {
  if (project === null) return 'in all your projects';
  return `in ${safeText(project)}${isLocal ? ', for you alone' : ''}`;
}

function conditions({ place, install, changed }: InstallReport): string[] {
  const lines = [
    'Sessions that are open notice it by themselves; if one does not, start it anew.',
    'An interactive session runs hooks only in a folder that you have trusted.',
  ];
  if (!changed || place.project === null) return lines;
  if (!place.isLocal) return [...lines, 'To share it, commit .claude/settings.json and .claude/hooks/spanbook.'];
  const isNew = install.plan.changes.some(({ path, was }) => path === install.settingsPath && was === null);
  return isNew ? [...lines, 'Keep .claude/settings.local.json out of git: it is yours alone.'] : lines;
}

function whatNext({ place, stateDir, givenStateDir, cwd }: InstallReport): string[] {
  const elsewhere = place.project !== null && place.project !== cwd;
  const look = givenStateDir === undefined ? '' : ` --state-dir ${shellWord(givenStateDir)}`;
  const undo = place.project === null ? ' --user' : elsewhere ? ` --project ${shellWord(place.project)}` : '';
  return [
    `State  ${safeText(stateDir)}`,
    `Next   spanbook pipeline active --follow${look}${elsewhere && look === '' ? '   (in that folder)' : ''}`,
    `       spanbook pipeline hierarchy${look}`,
    `Before spanbook import --spans${look}   (past sessions, from transcripts)`,
    `Undo   spanbook uninstall${undo}`,
  ];
}
