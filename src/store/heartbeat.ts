/** The sign of life of a monitor: a file whose modification time it renews every second while it keeps the document. */
import { statSync } from 'node:fs';
import { journalDir } from '../journal/segments.ts';

/** Older than this, or further ahead (a clock that was wrong), it says nothing. */
const FRESH_MILLIS = 5000;

export const heartbeatPath = (stateDir: string): string => `${journalDir(stateDir)}/monitor-alive`;

/**
 * When a monitor last said that it keeps the document, in milliseconds since 1970; 0 if none ever did. One `stat`, so
 * that a hook can afford it.
 */
export const heartbeatAt = (stateDir: string): number =>
  statSync(heartbeatPath(stateDir), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** True while a monitor keeps the document, so that nobody else need. `now`: milliseconds since 1970. */
export const isKept = (stateDir: string, now: number): boolean => Math.abs(now - heartbeatAt(stateDir)) < FRESH_MILLIS;
