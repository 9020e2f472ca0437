/** Long texts in several lines. */
import { cutText, textWidth } from './text-width.ts';

/** The text in lines of at most so many columns, broken at spaces; a longer word goes on in the next line. */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(...piecesOf(word, columns));
  }
  return lines;
}

function piecesOf(word: string, columns: number): string[] {
  if (textWidth(word) <= columns) return [word];
  const head = cutText(word, columns, '');
  // A character that is wider than the terminal must not stop it.
  return head === '' ? [word] : [head, ...piecesOf(word.slice(head.length), columns)];
}
