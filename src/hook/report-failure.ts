/** What hooks could not do, for `spanbook doctor`: a line in the state folder, else at home. */
import { closeSync, constants, statSync, writeSync } from 'node:fs';
import { makeFolder } from '../journal/make-folder.ts';
import { openPlain } from '../journal/plain-file.ts';
import { userStateDir } from '../store/state-dir.ts';

const MAX_LOG_BYTES = 65_536;

/** Where hooks say what they could not do. */
export const hookLogPath = (folder: string): string => `${folder}/hooks.log`;

/** A hook must not disturb the agent, but what it could not do must be seen somewhere: in the state folder, else at home. */
export function reportFailure(hook: string, stateDir: string, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  const line = `${JSON.stringify({ at: new Date().toISOString(), hook, reason: reason.slice(0, 500) })}\n`;
  const home = userStateDir(process.env);
  // The working folder may be gone before the state folder was found.
  for (const folder of [stateDir, home ?? ''].filter(path => path !== '')) {
    try {
      if (folder !== stateDir) makeFolder(folder);
      appendLine(hookLogPath(folder), line);
      return;
    } catch {
      // The next place.
    }
  }
}

function appendLine(path: string, line: string): void {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= MAX_LOG_BYTES) return;
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  const fd = openPlain(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  try {
    writeSync(fd, line);
  } finally {
    closeSync(fd);
  }
}
