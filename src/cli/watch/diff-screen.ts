/** What a terminal must be told so that it shows other lines than it does: only what changed, for slow connections. */
import { type Color, paint } from '../style.ts';
import type { Cell, ScreenLine } from './screen-line.ts';

/** Terminals that know it show all of it at once; others pass over it. */
const BEGIN = '\x1b[?2026h';
const END = '\x1b[?2026l';
/** Text of which every terminal knows the width. */
const PLAIN = /^[\x20-\x7e\u00a1-\u02ff│├└─✔✖●◌⚠ℹ…·›]*$/;

export interface DiffOptions {
  color: boolean;
}

/** Nothing for a screen that is as it should be. `before`: null if it is not known what it shows. */
export function diffScreen(
  before: readonly ScreenLine[] | null,
  lines: readonly ScreenLine[],
  options: DiffOptions,
): string {
  let text = before ? '' : '\x1b[H\x1b[2J';
  lines.forEach((line, row) => {
    text += diffLine(before?.[row] ?? [], line, { row, ...options });
  });
  return text === '' ? '' : BEGIN + text + END;
}

function diffLine(before: ScreenLine, line: ScreenLine, { row, color }: DiffOptions & { row: number }): string {
  let from = 0;
  let column = 1;
  for (; from < line.length && isSame(before[from], line[from]); from++) column += line[from]?.width ?? 0;
  if (from === line.length && before.length === line.length) return '';
  let until = line.length;
  // Cells at the end stand where they stood: lines are as wide as the screen.
  for (let old = before.length; until > from && old > from && isSame(before[old - 1], line[until - 1]); old--) until--;
  let text = `\x1b[${row + 1};${column}H`;
  for (const [index, cell] of line.slice(from, until).entries()) {
    text += cellText(cell, color);
    column += cell.width;
    // Where the terminal may count otherwise, what is right of it must stand in its column all the same.
    if (!PLAIN.test(cell.text) && from + index < line.length - 1) text += `\x1b[${column}G`;
  }
  return text;
}

const isSame = (a: Cell | undefined, b: Cell | undefined): boolean =>
  a !== undefined && b !== undefined && a.text === b.text && a.color === b.color && a.inverse === b.inverse;

/** Colours turned round are no colour: they are shown on every terminal. */
function cellText({ text, color, inverse }: Cell, hasColor: boolean): string {
  if (inverse) return `\x1b[7m${text}\x1b[0m`;
  return paint({ color: hasColor } as Parameters<typeof paint>[0], color as Color | undefined, text);
}
