/** How many columns a text takes on a terminal, and fitting it into them. */

const PLAIN = /^[ -~]*$/;
const isZeroWidth = (character: string): boolean => /^[\p{Mn}\p{Me}]$/u.test(character);
const isWide = (character: string): boolean =>
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]$/u.test(
    character,
  );

function characterWidth(character: string): number {
  if (character >= ' ' && character <= '~') return 1;
  if (isZeroWidth(character)) return 0;
  return isWide(character) ? 2 : 1;
}

export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The text if it fits, else its beginning with `ellipsis` at the end. */
export function cutText(text: string, columns: number, ellipsis: string): string {
  // A long text is not measured to its end.
  const known = text.length > 4 * columns + 16 ? text.slice(0, 4 * columns + 16) : text;
  if (known.length === text.length && textWidth(text) <= columns) return text;
  const room = columns - textWidth(ellipsis);
  if (room < 0) return '';
  let kept = '';
  let width = 0;
  for (const character of known) {
    width += characterWidth(character);
    if (width > room) break;
    kept += character;
  }
  return kept + ellipsis;
}

/** The text if it fits, else its end with `ellipsis` before it: of a path, the end tells most. */
export function cutTextStart(text: string, columns: number, ellipsis: string): string {
  const known = text.length > 4 * columns + 16 ? text.slice(-(4 * columns + 16)) : text;
  if (known.length === text.length && textWidth(text) <= columns) return text;
  const room = columns - textWidth(ellipsis);
  if (room < 0) return '';
  const characters = [...known];
  let from = characters.length;
  for (let width = 0; from > 0; from--) {
    width += characterWidth(characters[from - 1] ?? '');
    if (width > room) break;
  }
  return ellipsis + characters.slice(from).join('');
}
