/** Texts from outside, cut to what a journal line can bear. */
import { isTooDeep } from './is-too-deep.ts';

/** Longest name of an activity or tool, in UTF-16 code units. */
export const MAX_NAME = 256;
/** Longest message, intent or label. */
export const MAX_TEXT = 4096;
/** Longest JSON value (outputs, attributes, recovery), serialized. */
export const MAX_JSON = 32_768;
const MAX_JSON_DEPTH = 64;

/** Room for the words that say how much is missing. */
const SUFFIX_LENGTH = 32;

/**
 * Cuts a text to `max`, says how much is missing, and never leaves half a character behind. What was cut once stays as
 * it is when it is cut again.
 */
export function limitText(text: string, max: number): string {
  // Lone surrogates are legal in JavaScript but not in UTF-8, and strict readers of JSON refuse them.
  if (text.length <= max) return text.toWellFormed();
  const kept = text.slice(0, max - SUFFIX_LENGTH).replace(/[\ud800-\udbff]$/, '');
  return `${kept.toWellFormed()}…[+${text.length - kept.length} characters]`;
}

/** A value that can be written as JSON: the value itself, or a note of why it was left out. */
export function limitJson(value: unknown): unknown {
  if (value === undefined) return undefined;
  let text: string | undefined;
  try {
    text = isTooDeep(value, MAX_JSON_DEPTH) ? undefined : JSON.stringify(value);
  } catch {
    text = undefined;
  }
  if (text === undefined) return { omitted: 'no plain JSON' };
  if (text.length > MAX_JSON) return { omitted: `too large: ${text.length} characters of JSON, at most ${MAX_JSON}` };
  return value;
}

/** As `limitJson`, for places where the document has an object. */
export function limitObject(value: unknown): { [key: string]: unknown } | undefined {
  const limited = limitJson(value);
  if (limited === undefined) return undefined;
  return typeof limited === 'object' && limited !== null && !Array.isArray(limited)
    ? (limited as { [key: string]: unknown })
    : { value: limited };
}
