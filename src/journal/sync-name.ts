/** Names of new files, made to last. */
import { closeSync, constants, fsyncSync, openSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';

/** `journal/`, the state folder, and what that lies in. */
const NEW_LEVELS = 3;

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
