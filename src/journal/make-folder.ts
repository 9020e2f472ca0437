/** Makes a folder and what is missing above it. */
import { mkdirSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';

const FOLDER_MODE = 0o700;

/**
 * Like `mkdir` with `recursive`, which spins for ever where a file system denies a folder with ENOENT (as `/proc`
 * does, on Node 20): each level is tried once here.
 *
 * @throws a system error if the folder cannot be made.
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, FOLDER_MODE);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EEXIST') return;
    const cut = path.replace(/\/+$/, '').lastIndexOf('/');
    if (code !== 'ENOENT' || cut <= 0) throw error;
    makeFolder(path.slice(0, cut));
    makeOnce(path);
  }
}

function makeOnce(path: string): void {
  try {
    mkdirSync(path, FOLDER_MODE);
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  }
}
