/** Where the hooks are installed: a folder of the client, one of its settings files, and our folder in it. */
import { realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SpanbookError } from '../errors.ts';

export const SETTINGS_NAMES = ['settings.json', 'settings.local.json'] as const;
export type SettingsName = (typeof SETTINGS_NAMES)[number];

export interface InstallPlace {
  /** `.claude` of a project, or the client's own folder. */
  claudeDir: string;
  /** Null: for all projects. */
  project: string | null;
  /** For one person in a project that others work in too. */
  isLocal: boolean;
}

export interface PlaceOptions {
  /** Default: `CLAUDE_PROJECT_DIR`, else the working folder. */
  project?: string | undefined;
  user: boolean;
  local: boolean;
  env: Record<string, string | undefined>;
  cwd: string;
}

export const settingsNameOf = (place: InstallPlace): SettingsName =>
  place.isLocal ? 'settings.local.json' : 'settings.json';

export const hooksDirOf = ({ claudeDir }: Pick<InstallPlace, 'claudeDir'>): string => `${claudeDir}/hooks/spanbook`;

/** @throws SpanbookError `USAGE` if the flags exclude each other, `NOT_FOUND` if there is no such folder. */
export function findInstallPlace(options: PlaceOptions): InstallPlace {
  const { user, local, env, cwd } = options;
  if (user && (local || options.project !== undefined)) {
    throw new SpanbookError('USAGE', '--user: expected neither --local nor --project beside it, got both');
  }
  if (user) {
    const claudeDir = userClaudeDir(env, cwd);
    if (claudeDir) return { claudeDir, project: null, isLocal: false };
    throw new SpanbookError('USAGE', '--user: expected HOME or CLAUDE_CONFIG_DIR in the environment, got neither');
  }
  const project = resolve(cwd, options.project ?? (env.CLAUDE_PROJECT_DIR || '.'));
  if (!statSync(project, { throwIfNoEntry: false })?.isDirectory()) {
    throw new SpanbookError('NOT_FOUND', `--project: expected a folder, got ${project}`);
  }
  const claudeDir = join(project, '.claude');
  const users = userClaudeDir(env, cwd);
  if (users && realPath(users) === realPath(claudeDir)) {
    throw new SpanbookError(
      'USAGE',
      `--project: expected the folder of a project, got ${project}, where ${claudeDir} holds your settings for all ` +
        'projects. For all of them, give --user; for one, go to its folder or give --project DIR',
    );
  }
  return { claudeDir, project, isLocal: local };
}

/** Where the client keeps a person's own settings. */
export function userClaudeDir(env: PlaceOptions['env'], cwd: string): string | undefined {
  const home = env.HOME || env.USERPROFILE;
  if (env.CLAUDE_CONFIG_DIR) return resolve(cwd, env.CLAUDE_CONFIG_DIR);
  return home && resolve(cwd, home, '.claude');
}

/** The path without links, as far as it exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const cut = path.lastIndexOf('/');
    return cut <= 0 ? path : `${realPath(path.slice(0, cut))}${path.slice(cut)}`;
  }
}
