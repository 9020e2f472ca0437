/**
 * Replaces a file as a whole: unique temporary name, write loop, rename. Readers see the old file or the new one.
 *
 * No library does it here: `write-file-atomic` and `atomically` take a short write for a whole one and put a truncated
 * file in place of a good one when the disk fills.
 */
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { systemErrorCode } from '../errors.ts';

const TEMPORARY = /^\..+\.tmp$/;
const TEMPORARY_MAX_AGE_MILLIS = 60_000;
const RENAME_RETRY_MILLIS = 2000;

/**
 * Writes `pieces` to a new file beside `path`, open to nobody else unless `mode` says so, and returns its path. `fsync`:
 * for what cannot be made again, so that a power cut leaves the old file or the new one. Where there is no old one it is
 * always done: a cut would leave a new name with nothing in it.
 */
export function writeTemporary(
  path: string,
  pieces: readonly Buffer[],
  { mode = 0o600, fsync = !existsSync(path) } = {},
): string {
  const cut = path.lastIndexOf('/') + 1;
  const random = Math.random().toString(36).slice(2, 10);
  const temporary = `${path.slice(0, cut)}.${path.slice(cut)}.${process.pid}-${random}.tmp`;
  const fd = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
  try {
    for (const piece of pieces) writeAll(fd, piece, temporary);
    if (fsync) fsyncSync(fd);
  } catch (error) {
    discard(temporary);
    throw error;
  } finally {
    closeSync(fd);
  }
  return temporary;
}

/** Writes all of it, in as many calls as it takes. A device that takes nothing and says nothing is one that is full. */
export function writeAll(fd: number, bytes: Uint8Array, path: string): void {
  for (let at = 0; at < bytes.length; ) {
    const written = writeSync(fd, bytes, at, bytes.length - at);
    if (written === 0) {
      const message = `${path}: expected to write ${bytes.length - at} bytes more, got none written`;
      throw Object.assign(new Error(message), { code: 'ENOSPC' });
    }
    at += written;
  }
}

/** Puts a temporary file in the place of `path`. Windows refuses while somebody reads it, so it is tried for 2 s. */
export function publish(temporary: string, path: string): void {
  const deadline = Date.now() + RENAME_RETRY_MILLIS;
  for (;;) {
    try {
      return renameSync(temporary, path);
    } catch (error) {
      const retry = process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(systemErrorCode(error) ?? '');
      if (!retry || Date.now() > deadline) {
        discard(temporary);
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10 + Math.random() * 40);
    }
  }
}

export function discard(temporary: string): void {
  try {
    unlinkSync(temporary);
  } catch {
    // Somebody cleaned up already.
  }
}

/** Removes what killed writers left, once it is older than a minute. */
export function removeStaleTemporaries(folder: string, now: number): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!TEMPORARY.test(name)) continue;
    const path = `${folder}/${name}`;
    try {
      if (statSync(path).mtimeMs < now - TEMPORARY_MAX_AGE_MILLIS) unlinkSync(path);
    } catch {
      // Its writer is alive and was quicker.
    }
  }
}
