/** Turn the texts of options into values; a wrong one is wrong usage and says what is allowed. */

import { pointInTime } from '../point-in-time.ts';
import { InvalidValue } from './invalid-value.ts';

/** A whole number, 1 or more. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidValue('Expected a whole number, 1 or more.');
  return Number(text);
}

/** A port; 0 for any that is free. */
export function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidValue('Expected a port, 0 to 65535.');
  return Number(text);
}

/** A number above 0. */
export function parseAmount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidValue('Expected a number above 0.');
  }
  return value;
}

/** One of these words. */
export const parseOneOf =
  (allowed: readonly string[]) =>
  (text: string): string => {
    if (!allowed.includes(text)) throw new InvalidValue(`Expected one of ${allowed.join(', ')}.`);
    return text;
  };

/** A date, a time, or how long ago (`30d`, `12h`): milliseconds since 1970. A date without a zone is local. */
export function parseSince(text: string): number {
  const at = pointInTime(text, { now: Date.now() });
  if (Number.isNaN(at)) {
    throw new InvalidValue('Expected a date as 2026-10-31, a time as 2026-10-31T12:00, or an age as 30d or 12h.');
  }
  return at;
}
