/** What the checks look at: the places of this project, and what several of them need, read once. */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { userClaudeDir } from '../../claude-code/install-place.ts';
import { findStateDir, type StateDir, userStateDir } from '../../store/state-dir.ts';
import { shellWord } from '../shell-word.ts';
import { type InstalledHook, installedHooks } from './installed-hooks.ts';
import { type JournalReport, readJournal } from './read-journal.ts';
import { type SettingsSource, settingsSources } from './settings-sources.ts';

export interface ExaminationOptions {
  env: Record<string, string | undefined>;
  cwd: string;
  /** Milliseconds since 1970. */
  now: number;
  /** Folder of the built hooks. */
  builtHooks: string;
  project?: string | undefined;
  /** `--state-dir`. */
  stateDir?: string | undefined;
  /** Settings of whoever manages this machine; default: where the client has them. */
  managedSettings?: string | undefined;
}

export interface Examination extends ExaminationOptions {
  project: string;
  userClaude: string | undefined;
  /** The project's two, then the person's. */
  sources: readonly SettingsSource[];
  hooks: readonly InstalledHook[];
  /** Where hooks record to, as far as the settings tell. */
  recorded: StateDir;
  /** Where queries look in this project, without `--state-dir`. */
  queried: StateDir;
  /** Read at the first call. */
  journal(): JournalReport;
  /** `npx spanbook …` for this project. */
  command(words: string): string;
}

export function examine(options: ExaminationOptions): Examination {
  const { env, cwd } = options;
  const project = resolve(cwd, options.project ?? (env.CLAUDE_PROJECT_DIR || '.'));
  const userClaude = userClaudeDir(env, cwd);
  const sources = settingsSources(project, userClaude);
  const hooks = installedHooks(sources, project);
  const queried = findStateDir({
    env: { ...env, CLAUDE_PROJECT_DIR: project },
    cwd: project,
    userDir: userStateDir(env),
  });
  const told = hooks[0]?.stateDir;
  const given = options.stateDir ?? told;
  const recorded = given === undefined ? queried : { path: resolve(cwd, given) };
  let journal: JournalReport | undefined;
  return {
    ...options,
    project,
    userClaude,
    sources,
    hooks,
    recorded,
    queried,
    journal: () => {
      journal ??= readJournal(recorded.path, options.now);
      return journal;
    },
    command: words => {
      const elsewhere = project !== cwd && !words.includes('--user') ? ` --project ${shellWord(project)}` : '';
      return `npx spanbook ${words}${elsewhere}`;
    },
  };
}

/** The path without links, or the path itself where that cannot be told. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
