/** Makes text from outside safe to print: a name must not move the cursor, colour the screen or turn the line round. */

/**
 * What may pass: letters, marks, numbers, punctuation, symbols and plain spaces. Everything else (control codes, format
 * codes such as bidi overrides and zero-width characters, line separators, private and unassigned code points) is shown
 * as an escape.
 */
const UNSAFE = /[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]/gu;

/** The text on one line, with `\x1b` or `\u202e` in the place of what a terminal would obey. */
export const safeText = (text: string): string => text.toWellFormed().replace(UNSAFE, escaped);

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}
