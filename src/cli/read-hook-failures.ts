/** What hooks could not do. They must not disturb the agent, so they only log it; `pipeline status` shows it. */

import { hookLogPath } from '../hook/report-failure.ts';
import { readPlain } from '../journal/plain-file.ts';

export interface HookFailures {
  path: string;
  count: number;
  last_at: string | null;
  last_reason: string | null;
}

/** Counts the failures that hooks logged in a state folder; null if there are none. */
export function readHookFailures(stateDir: string): HookFailures | null {
  const path = hookLogPath(stateDir);
  let text: string;
  try {
    text = readPlain(path).toString();
  } catch {
    // Absent, or not ours to read: nothing can be said about hooks.
    return null;
  }
  const lines = text.split('\n').filter(line => line !== '');
  const last = lines.at(-1);
  if (last === undefined) return null;
  return { path, count: lines.length, ...parseEntry(last) };
}

function parseEntry(line: string): Pick<HookFailures, 'last_at' | 'last_reason'> {
  try {
    const entry = JSON.parse(line) as { at?: unknown; hook?: unknown; reason?: unknown } | null;
    return {
      last_at: typeof entry?.at === 'string' ? entry.at : null,
      last_reason: typeof entry?.reason === 'string' ? `${entry.hook}: ${entry.reason}` : null,
    };
  } catch {
    return { last_at: null, last_reason: null };
  }
}
