/** The branch that is checked out in a folder, read from git's own file: starting git would cost more than the hook. */
import { readPlain } from '../journal/plain-file.ts';

/** Undefined outside a repository and for a detached head. Understands worktrees, where `.git` is a file. */
export function gitBranch(folder: string): string | undefined {
  const head = read(`${folder}/.git/HEAD`) ?? read(`${worktreeDir(folder)}/HEAD`);
  return /^ref: refs\/heads\/([^\n]{1,200})/.exec(head ?? '')?.[1];
}

function worktreeDir(folder: string): string {
  return /^gitdir: ([^\n]{1,1000})/.exec(read(`${folder}/.git`) ?? '')?.[1] ?? '';
}

function read(path: string): string | undefined {
  try {
    return readPlain(path).toString();
  } catch {
    return undefined;
  }
}
