/** One line of an answer: coloured parts on the left, cut to fit, and columns on the right. */
import { type Color, paint, type Style } from './style.ts';
import { cutText, textWidth } from './text-width.ts';

/** A part of a line. The text must be safe for a terminal already. */
export interface Part {
  text: string;
  color?: Color | undefined;
}

const GAP = 2;

/** A line of at most the style's columns. `right` stands at its end and is never cut. */
export function renderRow(style: Style, left: readonly Part[], right: readonly Part[] = []): string {
  const rightWidth = right.reduce((width, part) => width + textWidth(part.text), 0);
  let room = style.columns - (rightWidth > 0 ? rightWidth + GAP : 0);
  let line = '';
  for (const { text, color } of left) {
    const fitting = cutText(text, room, style.marks.ellipsis);
    line += paint(style, color, fitting);
    room -= textWidth(fitting);
    if (fitting !== text) break;
  }
  if (rightWidth === 0) return line;
  const padding = ' '.repeat(Math.max(0, room) + GAP);
  return line + padding + right.map(({ text, color }) => paint(style, color, text)).join('');
}

/** Two columns, the first as wide as its widest. */
export function renderPairs(style: Style, pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...pairs.map(([name]) => textWidth(name)));
  return pairs.map(([name, value]) => {
    const padded = name + ' '.repeat(width - textWidth(name) + GAP);
    return renderRow(style, [{ text: padded, color: 'dim' }, { text: value }]);
  });
}
