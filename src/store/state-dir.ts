/** Where the state lies: one rule for hooks, command line and API. */
import { existsSync } from 'node:fs';
import { isForeign, isOurs } from './whose-folder.ts';

/** The state folder of a project, and where the first is somebody else's. */
const NAMES = ['state', '.spanbook'];
/** Where `init` copies the hooks to, below the project. */
const COPIED_HOOKS = '/.claude/hooks/spanbook';

export interface StateDirSources {
  /** `--state-dir`, or the option of the API. */
  given?: string | undefined;
  env: Record<string, string | undefined>;
  /** The working folder; read only if nothing else tells, because a hook's may be gone. */
  readonly cwd: string;
  /** Folder of the running hook, if it is one. */
  hookDir?: string | undefined;
  /** The person's own folder, which stands in for a project that has none. Hooks do not give it: looking costs time. */
  userDir?: string | undefined;
}

export interface StateDir {
  path: string;
  /** A `state/` that is not ours, which is why `path` is another. */
  avoided?: string;
}

/** Finds the state folder; it need not exist. */
export function findStateDir(sources: StateDirSources): StateDir {
  const { given, env, hookDir } = sources;
  if (given) return { path: given };
  if (env.SPANBOOK_STATE_DIR) return { path: fromProject(env.SPANBOOK_STATE_DIR, env.CLAUDE_PROJECT_DIR) };
  const copiedTo = hookDir?.endsWith(COPIED_HOOKS) ? hookDir.slice(0, -COPIED_HOOKS.length) : undefined;
  // Hooks that lie at home are those for all projects.
  const ofAll = copiedTo !== undefined && copiedTo === env.HOME ? userStateDir(env) : undefined;
  if (ofAll && !env.CLAUDE_PROJECT_DIR) return { path: ofAll };
  const project = env.CLAUDE_PROJECT_DIR || copiedTo || projectAround(sources);
  const [path, other] = NAMES.map(name => `${project}/${name}`) as [string, string];
  const found = !existsSync(`${path}/journal`) && isForeign(path) ? { path: other, avoided: path } : { path };
  const { userDir } = sources;
  if (!userDir || isOurs(found.path) || !existsSync(`${userDir}/journal`)) return found;
  // Hooks of its own record to its own folder. At home, the same path is that of the hooks for all projects.
  return project !== env.HOME && existsSync(`${project}${COPIED_HOOKS}`) ? found : { path: userDir };
}

/**
 * The working folder; inside Claude Code the nearest one around it that is recorded to, if any. The tools of the client
 * run in whatever folder the agent is in, and unlike its hooks they are not told the project.
 */
function projectAround({ env, cwd }: StateDirSources): string {
  if (!env.CLAUDE_CODE_SESSION_ID) return cwd;
  for (let folder = cwd; folder !== ''; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    if (NAMES.some(name => existsSync(`${folder}/${name}/journal`))) return folder;
  }
  return cwd;
}

/** Where `init --user` has all projects record to; undefined without a home. */
export function userStateDir(env: StateDirSources['env']): string | undefined {
  const base = env.XDG_STATE_HOME || (env.HOME && `${env.HOME}/.local/state`);
  return base && `${base}/spanbook`;
}

/** Hooks run in whatever folder the agent is in, so a relative path is taken from the project. */
const fromProject = (path: string, project: string | undefined): string =>
  project && !/^([/\\]|[A-Za-z]:)/.test(path) ? `${project}/${path}` : path;
