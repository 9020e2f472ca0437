/** A command as people write it, taken apart as a shell would, but with nothing expanded and nothing run. */

/**
 * The program and its arguments. Quotes and backslashes mean what they mean to a shell; variables, patterns, pipes and
 * redirections mean nothing and stay as they are.
 *
 * @returns null if there is no word, or a quote or backslash has no end.
 */
export function commandWords(text: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === "'" || character === '"') {
      const quoted = quotedPart(text, at);
      if (!quoted) return null;
      word = (word ?? '') + quoted.part;
      at = quoted.end;
    } else if (character === '\\') {
      if (++at >= text.length) return null;
      word = (word ?? '') + text[at];
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== null) words.push(word);
  return words.length > 0 && words[0] !== '' ? words : null;
}

/** What stands between the quote at `start` and its end; null if it has none. */
function quotedPart(text: string, start: number): { part: string; end: number } | null {
  const quote = text[start];
  let part = '';
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === quote) return { part, end: at };
    const next = text[at + 1] ?? '';
    // Between double quotes a backslash is one, except before these.
    if (quote === '"' && character === '\\' && ['"', '\\', '$', '`'].includes(next)) {
      part += next;
      at++;
    } else {
      part += character;
    }
  }
  return null;
}
