/** Has the person trusted the folder? Until then, interactive sessions run no hooks. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { object } from '../../claude-code/payload.ts';
import { systemErrorCode } from '../../errors.ts';
import { shellWord } from '../shell-word.ts';
import { bad, type Finding, ok, skipped } from './check.ts';
import { type Examination, realPath } from './examination.ts';

export function checkTrust({ env, project, userClaude, hooks }: Examination): Finding {
  if (userClaude === undefined) return skipped('no HOME and no CLAUDE_CONFIG_DIR');
  const path = env.CLAUDE_CONFIG_DIR ? `${userClaude}/.claude.json` : `${dirname(userClaude)}/.claude.json`;
  const fix = `cd ${shellWord(project)} && claude, and say that you trust the folder`;
  const untrusted = (why: string): Finding =>
    bad('warning', `not trusted, so interactive sessions run no hooks (${why})`, fix);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    return code === 'ENOENT' ? untrusted(`no ${path}`) : skipped(`${path} cannot be read (${code})`);
  }
  let projects: Record<string, unknown>;
  try {
    projects = object(object(JSON.parse(text)).projects);
  } catch {
    return skipped(`${path} is no JSON`);
  }
  const isTrusted = (folder: string): boolean => object(projects[folder]).hasTrustDialogAccepted === true;
  const own = [project, realPath(project)];
  const [trusted] = [...own, ...own.map(gitRoot)].filter(isTrusted);
  if (trusted !== undefined) return ok(`${trusted} is trusted`);
  // A folder that brings hooks of its own needs trust of its own.
  const brings = hooks.some(({ source }) => source.scope !== 'user');
  const above = brings ? undefined : foldersAbove(project).find(isTrusted);
  return above === undefined ? untrusted(path) : ok(`${above} is trusted`);
}

/** The client keeps the trust of a repository under its root. */
const gitRoot = (folder: string): string =>
  [folder, ...foldersAbove(folder)].find(path => existsSync(`${path}/.git`)) ?? folder;

function foldersAbove(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [] : [above, ...foldersAbove(above)];
}
