/** Makes text from outside safe to print: a name must not move the cursor, colour the screen or turn the line round. */

const PLAIN = /^[ -~]*$/;

/** The text on one line, with `\x1b` or `\u202e` in the place of what a terminal would obey. */
export const safeText = (text: string): string => (PLAIN.test(text) ? text : safeUnicode(text));

/**
 * Letters, marks, numbers, punctuation, symbols and plain spaces may pass. Everything else (control codes, format codes
 * such as bidi overrides and zero-width characters, line separators, private and unassigned code points) is shown as an
 * escape. Which characters are what is looked up when the function is first called: it takes a millisecond.
 */
const safeUnicode = (text: string): string =>
  text.toWellFormed().replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]/gu, escaped);

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}
