/** Turn the texts of options into values; a wrong one is wrong usage and says what is allowed. */
import { InvalidArgumentError } from 'commander';

/** A whole number, 1 or more. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('Expected a whole number, 1 or more.');
  return Number(text);
}

/** A number above 0. */
export function parseAmount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('Expected a number above 0.');
  }
  return value;
}

/** One of these words. */
export const parseOneOf =
  (allowed: readonly string[]) =>
  (text: string): string => {
    if (!allowed.includes(text)) throw new InvalidArgumentError(`Expected one of ${allowed.join(', ')}.`);
    return text;
  };

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A date, a time, or how long ago (`30d`, `12h`): milliseconds since 1970. A date without a zone is local. */
export function parseSince(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) return Date.now() - Number(amount) * (UNITS[unit] ?? 0);
  // The language takes a date alone for UTC; people mean the midnight that they had.
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text.length === 10 ? `${text}T00:00:00` : text) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new InvalidArgumentError(
      'Expected a date as 2026-10-31, a time as 2026-10-31T12:00, or an age as 30d or 12h.',
    );
  }
  return at;
}
