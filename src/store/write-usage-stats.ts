/** Writes `usage_stats.json` of a state folder. */

import { systemErrorCode } from '../errors.ts';
import { readPlain } from '../journal/plain-file.ts';
import type { UsageStats } from '../model/usage-stats-schema.ts';
import { publish, writeTemporary } from './write-file.ts';

export const usageStatsPath = (stateDir: string): string => `${stateDir}/usage_stats.json`;

/**
 * Replaces the file as a whole, if it does not say the same already. Called by the monitor and by whoever has read new
 * usage; the folder must be there.
 *
 * @returns whether anything was written.
 */
export function writeUsageStats(stateDir: string, document: UsageStats): boolean {
  const path = usageStatsPath(stateDir);
  const bytes = Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
  if (presentBytes(path)?.equals(bytes)) return false;
  publish(writeTemporary(path, [bytes]), path);
  return true;
}

function presentBytes(path: string): Buffer | null {
  try {
    return readPlain(path);
  } catch (error) {
    if (systemErrorCode(error) !== undefined) return null;
    throw error;
  }
}
