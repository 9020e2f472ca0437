/** Files that are numbered, created once, appended to, and never renamed: `events-00000001.jsonl`. */
import { closeSync, constants, openSync, readdirSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { makeFolder } from './make-folder.ts';
import { openPlain } from './plain-file.ts';

const FILE_MODE = 0o600;
const DIGITS = 8;
const ENDING = '.jsonl';

const numberedName = (prefix: string, number: number): string =>
  `${prefix}${String(number).padStart(DIGITS, '0')}${ENDING}`;

export const numberedPath = (folder: string, prefix: string, number: number): string =>
  `${folder}/${numberedName(prefix, number)}`;

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
    const number = Number(name.slice(prefix.length, -ENDING.length));
    if (Number.isSafeInteger(number) && number >= 0 && name === numberedName(prefix, number)) numbers.push(number);
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
