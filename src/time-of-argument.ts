/** Points in time as programs give them. */
import { SpanbookError } from './errors.ts';
import { pointInTime } from './point-in-time.ts';

/** A date, milliseconds since 1970, or a text as `--since` takes it (`2026-11-01`, `30d`). */
export type TimeArgument = Date | number | string;

/**
 * Milliseconds since 1970; undefined if nothing was given. A date alone is the midnight that it begins with.
 *
 * @throws SpanbookError `BAD_INPUT` for anything else.
 */
export function timeOfArgument<T extends TimeArgument | undefined>(
  name: string,
  value: T,
  now: number,
): T extends undefined ? number | undefined : number;
export function timeOfArgument(name: string, value: TimeArgument | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const at = typeof value === 'string' ? pointInTime(value, { now }) : Number(value);
  if (!Number.isNaN(at)) return at;
  throw new SpanbookError('BAD_INPUT', `${name}: expected a Date, milliseconds or a time, got "${String(value)}"`);
}
