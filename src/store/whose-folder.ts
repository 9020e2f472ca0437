/** Whether a folder with the name of a state folder is one of ours. */
import { existsSync, readdirSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';

/** Names that show that a `state/` folder is ours, and names that say nothing about whose it is. */
const OURS = [
  'journal',
  'pipeline_progress.json',
  'usage_stats.json',
  'spanbook.json',
  'usage_pricing.json',
  'monitor.json',
];
const NEUTRAL = ['.gitignore', '.gitkeep', 'README.md'];
export const isOurs = (path: string): boolean => OURS.some(name => existsSync(`${path}/${name}`));

/** True for one that holds other files, and none of ours. */
export function isForeign(path: string): boolean {
  let names: string[];
  try {
    names = readdirSync(path);
  } catch (error) {
    return systemErrorCode(error) === 'ENOTDIR';
  }
  return !names.some(name => OURS.includes(name)) && names.some(name => !NEUTRAL.includes(name));
}
