/** Files that are numbered, created once, appended to, and never renamed: `events-00000001.jsonl`. */
import { closeSync, constants, fsyncSync, openSync, readdirSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { makeFolder } from './make-folder.ts';
import { openPlain } from './plain-file.ts';

const FILE_MODE = 0o600;
const DIGITS = 8;
const ENDING = '.jsonl';
/** `journal/`, the state folder, and what that lies in. */
const NEW_LEVELS = 3;

export const numberedPath = (folder: string, prefix: string, number: number): string =>
  `${folder}/${prefix}${String(number).padStart(DIGITS, '0')}${ENDING}`;

/** Numbers of the files that exist, ascending; empty if there is no such folder. */
export function listNumbers(folder: string, prefix: string): number[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
  const numbers: number[] = [];
  for (const name of names) {
    const digits = name.slice(prefix.length, -ENDING.length);
    if (name === `${prefix}${digits}${ENDING}` && /^\d{8}$/.test(digits)) numbers.push(Number(digits));
  }
  return numbers.sort((a, b) => a - b);
}

/** Opens a file for appending, creating it if needed. `O_NOFOLLOW`: a planted link must not lead us elsewhere. */
export function openForAppend(path: string): number {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  try {
    return openPlain(path, flags, FILE_MODE);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    makeFolder(path.slice(0, path.lastIndexOf('/')));
    return openPlain(path, flags, FILE_MODE);
  }
}

/** Makes an empty file, unless it exists. */
export function createFile(path: string): void {
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
    closeSync(openSync(path, flags, FILE_MODE));
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  }
}

/**
 * Has the name of a new file survive a power cut, with its folder and the one around it, which may be as new. Only its
 * bytes are synced with the file.
 */
export function syncName(path: string): void {
  let folder = path;
  for (let level = 0; level < NEW_LEVELS; level++) {
    folder = folder.slice(0, Math.max(1, folder.lastIndexOf('/')));
    const fd = openFolder(folder);
    // It is somebody else's, so it was there before.
    if (fd === null) return;
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }
}

/** Null for a folder that may not be read, or where folders are opened in another way. */
function openFolder(path: string): number | null {
  try {
    return openSync(path, constants.O_RDONLY);
  } catch (error) {
    if (['EACCES', 'EPERM', 'EISDIR'].includes(systemErrorCode(error) ?? '')) return null;
    throw error;
  }
}
