/** When a commit of the working folder was made. */
import { spawnSync } from 'node:child_process';
import { SpanbookError } from '../errors.ts';

const PATIENCE_MILLIS = 10_000;
/** Lines of git's own message that are repeated. */
const SAID_LINES = 1;

export interface CommitQuery {
  /** A folder in the repository. */
  folder: string;
  /** As git takes it: a hash, a branch, a tag, `HEAD~3`. */
  commit: string;
  env: Record<string, string | undefined>;
}

/**
 * The committer date, in milliseconds since 1970. Asks git, without a shell.
 *
 * @throws SpanbookError `USAGE` for a text that is no name of a commit, `NOT_FOUND` if there is no such commit or no git.
 */
export function commitTime({ folder, commit, env }: CommitQuery): number {
  // It would be an option of git.
  if (commit === '' || commit.startsWith('-') || commit.includes('\0')) {
    throw new SpanbookError('USAGE', `--commit: expected a commit as git names it, got "${commit}"`);
  }
  // Neither the settings of the repository nor those of the person add signatures or change the form.
  const argv = ['-c', 'log.showSignature=false', 'show', '-s', '--format=%cI', `${commit}^{commit}`, '--'];
  const { status, stdout, stderr, error } = spawnSync('git', argv, {
    cwd: folder,
    env: { ...env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    encoding: 'utf8',
    timeout: PATIENCE_MILLIS,
  });
  if (error) {
    const isMissing = 'code' in error && error.code === 'ENOENT';
    const why = isMissing ? `git was not found, or ${folder} is no folder` : `git: ${error.message}`;
    throw new SpanbookError('NOT_FOUND', `--commit: ${why}. Give the time itself: --at T`);
  }
  const at = Date.parse(stdout.trim());
  if (status === 0 && !Number.isNaN(at)) return at;
  const said = stderr.trim().split('\n').slice(0, SAID_LINES).join(' ');
  throw new SpanbookError(
    'NOT_FOUND',
    `--commit: expected a commit of the repository in ${folder}, got "${commit}"${said === '' ? '' : ` (git: ${said})`}`,
  );
}
