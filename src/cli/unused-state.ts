/** A state folder as `init` made it, with `--user` or `--otlp`. */

import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { readPlain } from '../journal/plain-file.ts';

const MADE = ['.gitignore', 'journal'];

/** Removes the folder if nothing was recorded in it, and says which folder went. */
export function removeUnusedState(stateDir: string): string[] {
  try {
    if (!readdirSync(stateDir).every(name => MADE.includes(name))) return [];
    if (readPlain(`${stateDir}/.gitignore`).toString() !== '*\n') return [];
    // Fails if there is a fact in it.
    if (existsSync(`${stateDir}/journal`)) rmdirSync(`${stateDir}/journal`);
    rmSync(`${stateDir}/.gitignore`);
    rmdirSync(stateDir);
    return [stateDir];
  } catch {
    // Not there, or not as it was made: then it stays.
    return [];
  }
}
