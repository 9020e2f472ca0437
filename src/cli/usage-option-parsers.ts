/** Values of options that only commands about usage have. */
import { InvalidValue } from './invalid-value.ts';
import { parseSince } from './option-parsers.ts';

/** A whole number from 1 up to this. */
export const parseCountTo =
  (most: number) =>
  (text: string): number => {
    const allowed = /^[1-9]\d{0,14}$/.test(text) && Number(text) <= most;
    if (!allowed) throw new InvalidValue(`Expected a whole number from 1 to ${most}.`);
    return Number(text);
  };

/** As `parseSince`, but the text itself: it is read once the time zone is known. */
export function parseTime(text: string): string {
  parseSince(text);
  return text;
}
