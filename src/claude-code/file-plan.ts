/** Changes to files as a list: made and checked first, so that nothing is changed if one of them cannot be. */
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  mkdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { discard, publish, writeTemporary } from '../store/write-file.ts';

export interface FileChange {
  path: string;
  /** What was read there; null: nothing. */
  was: Buffer | null;
  /** Null: the file goes. */
  content: Buffer | null;
  /** Of a new file, before the umask; one that is there keeps its own. Default: 0666. */
  mode?: number;
}

export interface FilePlan {
  /** To be made, each after the one above it. */
  folders: string[];
  /** In this order. */
  changes: FileChange[];
  /** To be removed at the end if nothing is in them, each before the one above it. */
  emptied: string[];
}

/** One plan after the other; what is missing has nothing to do. */
export const joinPlans = (...plans: readonly (FilePlan | null | undefined)[]): FilePlan => ({
  folders: [...new Set(plans.flatMap(plan => plan?.folders ?? []))],
  changes: plans.flatMap(plan => plan?.changes ?? []),
  emptied: plans.flatMap(plan => plan?.emptied ?? []),
});

/** The folder and those above it that are missing, the topmost first. */
export function missingFolders(path: string): string[] {
  const parent = dirname(path);
  const above = parent === path ? [] : missingFolders(parent);
  if (above.length > 0) return [...above, path];
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return [];
  if (stats) throw new SpanbookError('NOT_WRITABLE', `${path}: expected a folder, got a file`);
  return [path];
}

/** The change that makes a file what it should be, or none if it is so already. */
export const changeTo = (path: string, content: Buffer | null, mode?: number): FileChange[] =>
  changeBetween({ path, was: readIfThere(path), content, mode });

export const changeBetween = (change: FileChange): FileChange[] => (isSame(change.was, change.content) ? [] : [change]);

const isSame = (one: Buffer | null, other: Buffer | null): boolean =>
  one === null || other === null ? one === other : one.equals(other);

/** @throws SpanbookError `NOT_WRITABLE` if the path cannot be read, or is a folder. */
export function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new SpanbookError('NOT_WRITABLE', `${path}: expected a file that can be read, got ${code ?? error}`, {
      cause: error,
    });
  }
}

/** @throws SpanbookError `NOT_WRITABLE` if a file of the plan cannot be replaced. */
export function checkPlan({ folders, changes }: FilePlan): void {
  const [topmost] = folders;
  if (topmost !== undefined) explained(topmost, () => accessSync(dirname(topmost), constants.W_OK));
  for (const { path, was } of changes) {
    explained(path, () => {
      if (was) accessSync(path, constants.W_OK);
      if (!folders.includes(dirname(path))) accessSync(dirname(path), constants.W_OK);
    });
  }
}

/** Carries a plan out. What was done before an error stays, and another run goes on from there. */
export function carryOut({ folders, changes, emptied }: FilePlan): void {
  for (const folder of folders) {
    // Another plan may have made it for something else.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) explained(folder, () => mkdirSync(folder));
  }
  for (const change of changes) explained(change.path, () => put(change));
  for (const folder of emptied) explained(folder, () => removeIfEmpty(folder));
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST'].includes(systemErrorCode(error) ?? '')) throw error;
  }
}

function put({ path, was, content, mode = 0o666 }: FileChange): void {
  if (!isSame(readIfThere(path), was)) {
    throw new SpanbookError(
      'NOT_WRITABLE',
      `${path}: expected what was read before, got a change meanwhile. Run it again`,
    );
  }
  if (content === null) return unlinkSync(path);
  const temporary = writeTemporary(path, [content], { mode, fsync: true });
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats) {
      chmodSync(temporary, stats.mode & 0o7777);
      // Who runs this as root must not take the file from its owner.
      if (process.getuid?.() === 0 && stats.uid !== 0) chownSync(temporary, stats.uid, stats.gid);
    }
  } catch (error) {
    discard(temporary);
    throw error;
  }
  publish(temporary, path);
}

function explained(path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined || error instanceof SpanbookError) throw error;
    throw new SpanbookError('NOT_WRITABLE', `${path}: expected leave to write there, got ${code}`, { cause: error });
  }
}
