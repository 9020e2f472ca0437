/** Renews the sign of life that hooks look at, and takes it away. */

import { closeSync, constants, unlinkSync, utimesSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { makeFolder } from '../journal/make-folder.ts';
import { openPlain } from '../journal/plain-file.ts';
import { journalDir } from '../journal/segments.ts';
import { heartbeatPath } from '../store/heartbeat.ts';

/**
 * Says that the document is kept now. `now`: milliseconds since 1970.
 *
 * @throws a system error if it cannot be said; then hooks do the work themselves.
 */
export function beat(stateDir: string, now: number): void {
  const path = heartbeatPath(stateDir);
  const at = new Date(now);
  try {
    utimesSync(path, at, at);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    makeFolder(journalDir(stateDir));
    closeSync(openPlain(path, constants.O_WRONLY | constants.O_CREAT, 0o600));
    utimesSync(path, at, at);
  }
}

/** From now on hooks refresh the document themselves, at once. */
export function stopBeating(stateDir: string): void {
  try {
    unlinkSync(heartbeatPath(stateDir));
  } catch {
    // Not there, or not to be removed: it is old in some seconds.
  }
}
