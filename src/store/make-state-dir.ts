/** The state folder, made when the first thing is written to it. */
import { rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { makeFolder } from '../journal/make-folder.ts';

/** Makes the state folder if it is missing, closed to others and kept out of git. */
export function makeStateDir(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  makeFolder(path);
  try {
    writeFileSync(`${path}/.gitignore`, '*\n', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    // Another hook made the folder in the same moment.
    if (systemErrorCode(error) === 'EEXIST') return;
    // On a full disk it is there and empty: the next one, which finds a folder, would leave it at that.
    undoStateDir(path);
    throw error;
  }
}

function undoStateDir(path: string): void {
  try {
    rmSync(`${path}/.gitignore`, { force: true });
    rmdirSync(path);
  } catch {
    // Something else lies in it already.
  }
}
