/** The folders in a folder. */
import { readdirSync } from 'node:fs';
import { systemErrorCode } from '../../errors.ts';

/** Their names; none if the folder is not there. */
export function listDirectories(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap(entry => (entry.isDirectory() ? [entry.name] : []));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
