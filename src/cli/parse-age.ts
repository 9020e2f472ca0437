/** How old something must be, as an option takes it. */

import { pointInTime } from '../point-in-time.ts';
import { InvalidValue } from './invalid-value.ts';

/** What is younger may still change. */
const MIN_MILLIS = 3_600_000;

/** `30d`, `12w`, `48h`: milliseconds. */
export function parseAge(text: string): number {
  const age = /^\d+[mhdw]$/.test(text) ? -pointInTime(text, { now: 0 }) : Number.NaN;
  if (age >= MIN_MILLIS) return age;
  throw new InvalidValue('Expected an age of an hour or more, as 30d, 12w or 48h.');
}
