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
