/** What `init` tells a person: what was done, what must be so that it works, what to type next. */
import type { Install } from '../claude-code/install.ts';
import type { InstallPlace } from '../claude-code/install-place.ts';
import { safeText } from '../query/safe-text.ts';
import type { InstallCall } from './install-call.ts';
import { renderPlan } from './render-plan.ts';
import { shellWord } from './shell-word.ts';

export interface InstallReport extends InstallCall {
  install: Install;
  isDry: boolean;
  changed: boolean;
  warnings: readonly string[];
  cwd: string;
}

export function renderInstall(report: InstallReport): string[] {
  const { install, isDry, warnings } = report;
  const lines = [headline(report)];
  const files = renderPlan(install.plan, install.hooksDir, isDry);
  if (files.length > 0) lines.push('', ...files);
  if (install.movedFrom !== undefined)
    lines.push('', `${safeText(install.movedFrom)} had them until now. Once is enough.`);
  if (warnings.length > 0) lines.push('', ...warnings.map(warning => `Warning: ${safeText(warning)}`));
  if (isDry) return [...lines, '', 'Events that would be recorded:', ...install.events.map(event => `  ${event}`)];
  return [...lines, '', ...conditions(report), '', ...whatNext(report)];
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
