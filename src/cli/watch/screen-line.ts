/** Lines of a screen as cells of known width, so that one can tell what of them changed. */
import type { Part } from '../render-row.ts';
import type { Marks } from '../style.ts';
import { cutText, textWidth } from '../text-width.ts';

export interface Cell extends Part {
  width: number;
  /** Shown with colours turned round: what is selected. */
  inverse?: boolean | undefined;
}

/** As wide as the screen, all cells together. */
export type ScreenLine = readonly Cell[];

export interface ScreenSize {
  columns: number;
  rows: number;
}

/** Where lines are made for. */
export interface Page extends ScreenSize {
  marks: Marks;
}

const GAP = 2;

/** The left parts cut to what the right ones leave; those are never cut unless they alone are too wide. */
export function screenLine(page: Page, left: readonly Part[], right: readonly Part[] = []): ScreenLine {
  const fixed = cellsIn(page, right, page.columns);
  const fixedWidth = widthOf(fixed);
  const room = Math.max(0, page.columns - (fixedWidth > 0 ? fixedWidth + GAP : 0));
  const fitting = cellsIn(page, left, room);
  const blank = page.columns - widthOf(fitting) - fixedWidth;
  return [...fitting, ...(blank > 0 ? [{ text: ' '.repeat(blank), width: blank }] : []), ...fixed];
}

/** Parts as they are, the first that does not fit cut, and none behind it. */
function cellsIn({ marks }: Page, parts: readonly Part[], columns: number): Cell[] {
  const cells: Cell[] = [];
  let room = columns;
  for (const { text, color } of parts) {
    if (text === '') continue;
    const fitting = cutText(text, room, marks.ellipsis);
    const width = textWidth(fitting);
    if (width > 0) cells.push({ text: fitting, color, width });
    room -= width;
    if (fitting !== text) break;
  }
  return cells;
}

export const widthOf = (cells: readonly Cell[]): number => cells.reduce((sum, { width }) => sum + width, 0);

export const blankLine = (page: Page): ScreenLine => screenLine(page, []);

/** The line as the one that is chosen. */
export const selectedLine = (line: ScreenLine): ScreenLine =>
  line.map(({ text, width }) => ({ text, width, inverse: true }));

/** Without its colours. */
export const lineText = (line: ScreenLine): string => line.map(({ text }) => text).join('');
