/**
 * What status lines told of the plan's limits and of each session's cost: `usage/rate-limits.jsonl`, one line a change,
 * appended by any number of short processes. Two files of 4 MB at most.
 */
import { closeSync, fstatSync, readSync, renameSync, statSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { writeWhole } from '../journal/append-fact.ts';
import { openForAppend } from '../journal/numbered-files.ts';
import { fileSize, forEachBlock } from '../journal/read-blocks.ts';
import type { LimitReading } from '../model/rate-limits.ts';

const MAX_BYTES = 4 * 1024 * 1024;
/** A session that goes on has its last line within so much of the end, unless dozens go on at once. */
const TAIL_BYTES = 16_384;
/** Where the newest limits are looked for. */
const SEARCH_BYTES = 262_144;
/** The same values are written again after this, so that one sees that they still hold. */
const SAME_MILLIS = 60_000;

const limitsPath = (stateDir: string): string => `${stateDir}/usage/rate-limits.jsonl`;
const olderPath = (stateDir: string): string => `${stateDir}/usage/rate-limits.1.jsonl`;

/**
 * Notes a reading, unless the last one of its session says the same and is younger than a minute.
 *
 * @returns false if there was nothing new.
 * @throws a system error if it cannot be written.
 */
export function recordLimits(stateDir: string, reading: LimitReading, { maxBytes = MAX_BYTES } = {}): boolean {
  const path = limitsPath(stateDir);
  const fd = openForAppend(path);
  try {
    const { size, ino } = fstatSync(fd);
    const tail = Buffer.allocUnsafe(Math.min(size, TAIL_BYTES));
    const read = readSync(fd, tail, 0, tail.length, size - tail.length);
    const last = lastReading(tail.toString('utf8', 0, read), reading.session_id);
    if (last && isSame(last, reading)) return false;
    // A line end first: whoever wrote before may have died in the middle. Readers pass blank lines by.
    writeWhole(fd, `\n${JSON.stringify(reading)}\n`);
    if (size >= maxBytes) moveAway(stateDir, ino);
    return true;
  } finally {
    closeSync(fd);
  }
}

/** The file that is full goes, and not one that somebody else began meanwhile. */
function moveAway(stateDir: string, inode: number): void {
  const path = limitsPath(stateDir);
  if (statSync(path, { throwIfNoEntry: false })?.ino !== inode) return;
  try {
    renameSync(path, olderPath(stateDir));
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}

/** The newest reading that tells of limits; they are those of the account, whatever session told them. */
export function newestLimits(stateDir: string): LimitReading | null {
  for (const path of [limitsPath(stateDir), olderPath(stateDir)]) {
    let newest: LimitReading | null = null;
    readLines(path, Math.max(0, fileSize(path) - SEARCH_BYTES), reading => {
      if (reading.rate_limits && (!newest || reading.at >= newest.at)) newest = reading;
    });
    if (newest) return newest;
  }
  return null;
}

/** The last that each session told of its cost. */
export function sessionCosts(stateDir: string): Map<string, LimitReading> {
  const costs = new Map<string, LimitReading>();
  for (const path of [olderPath(stateDir), limitsPath(stateDir)]) {
    readLines(path, 0, reading => {
      if (reading.cost) costs.set(reading.session_id, reading);
    });
  }
  return costs;
}

function readLines(path: string, from: number, onReading: (reading: LimitReading) => void): void {
  forEachBlock(path, from, text => {
    for (const line of text.split('\n')) {
      const reading = parsed(line);
      if (reading) onReading(reading);
    }
    return true;
  });
}

function lastReading(text: string, session: string): LimitReading | null {
  const lines = text.split('\n');
  for (let at = lines.length - 1; at >= 0; at--) {
    const reading = lines[at]?.includes(session) ? parsed(lines[at] ?? '') : null;
    if (reading?.session_id === session) return reading;
  }
  return null;
}

/** Null for a blank or torn line, and for one of a newer version. */
function parsed(line: string): LimitReading | null {
  if (line === '') return null;
  try {
    const value = JSON.parse(line) as Partial<LimitReading> | null;
    const isReading = value?.v === 1 && typeof value.at === 'string' && typeof value.session_id === 'string';
    return isReading ? (value as LimitReading) : null;
  } catch {
    return null;
  }
}

/** Durations grow all the time; the cost and the limits are what is told. A reading of the future is one of a wrong clock. */
function isSame(last: LimitReading, next: LimitReading): boolean {
  const age = Date.parse(next.at) - Date.parse(last.at);
  return (
    age >= 0 &&
    age < SAME_MILLIS &&
    last.cost?.total_cost_usd === next.cost?.total_cost_usd &&
    JSON.stringify(last.rate_limits ?? null) === JSON.stringify(next.rate_limits ?? null)
  );
}
