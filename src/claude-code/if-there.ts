/** What is not there, or not there for us, is an answer too. */
import { readdirSync, statSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';

export function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A link that leads nowhere or round in circles, a folder that is closed to us.
    return undefined;
  }
}

/** All names in a folder; null if there is no such folder. */
export const namesIn = (path: string): string[] | null => ifThere(() => readdirSync(path));

/** As one text, with what no name can hold between them. */
export const joined = (names: readonly string[]): string => names.join('/');

/** Null if there is no such folder for us. */
export function ifThere<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return null;
    throw error;
  }
}
