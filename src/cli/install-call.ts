/** What the options of `init` and `uninstall` mean: the place, and where its hooks record to. */
import { isAbsolute, resolve } from 'node:path';
import { findInstallPlace, type InstallPlace } from '../claude-code/install-place.ts';
import { SpanbookError } from '../errors.ts';
import { findStateDir, userStateDir } from '../store/state-dir.ts';
import { type CommandCall, textOption } from './command-spec.ts';

export interface InstallCall {
  place: InstallPlace;
  stateDir: string;
  /** `--state-dir`, as a whole path. */
  givenStateDir: string | undefined;
}

export function installCall(call: CommandCall): InstallCall {
  const { options } = call;
  const { env, cwd } = call.context;
  const place = findInstallPlace({
    project: textOption(call, 'project'),
    user: options.user === true,
    local: options.local === true,
    env,
    cwd,
  });
  const given = textOption(call, 'stateDir');
  const givenStateDir = given === undefined ? undefined : resolve(cwd, given);
  if (place.project === null) return { place, stateDir: givenStateDir ?? allProjectsState(env), givenStateDir };
  const found = findStateDir({
    given: givenStateDir,
    env: { ...env, CLAUDE_PROJECT_DIR: place.project },
    cwd: place.project,
  });
  if (found.avoided !== undefined)
    call.say(`${found.avoided} belongs to something else; ${found.path} is used instead`);
  return { place, stateDir: found.path, givenStateDir };
}

/** A relative variable means another folder in each project, and is no place for all of them. */
function allProjectsState(env: CommandCall['context']['env']): string {
  const path =
    env.SPANBOOK_STATE_DIR && isAbsolute(env.SPANBOOK_STATE_DIR) ? env.SPANBOOK_STATE_DIR : userStateDir(env);
  if (path) return path;
  throw new SpanbookError('USAGE', '--user: expected HOME, XDG_STATE_HOME or --state-dir, got none of them');
}
