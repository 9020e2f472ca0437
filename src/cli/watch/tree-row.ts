/** A row of the list: the activity in its tree, and its numbers in columns. */
import { formatMoney, formatShort } from '../../model/format-amount.ts';
import type { Part } from '../render-row.ts';
import type { Marks } from '../style.ts';
import { textWidth } from '../text-width.ts';
import type { ListedRow } from './row-list.ts';
import { type ActivitySums, sumActivity } from './run-summary.ts';
import { type Page, type ScreenLine, screenLine, selectedLine } from './screen-line.ts';
import type { WatchSnapshot } from './watch-snapshot.ts';
import { elapsedText, LOOKS, shownText, whenText } from './watch-words.ts';

type Column = 'problems' | 'started' | 'tokens' | 'cost' | 'time';
const WIDTHS: Record<Column, number> = { problems: 7, started: 8, tokens: 6, cost: 9, time: 7 };
const TITLES: Record<Column, string> = { problems: '', started: 'Began', tokens: 'Tokens', cost: 'Cost', time: 'Time' };

/** What fits beside the names on a screen of this width. */
function columnsOf(columns: number): readonly Column[] {
  if (columns >= 100) return ['problems', 'started', 'tokens', 'cost', 'time'];
  if (columns >= 70) return ['problems', 'tokens', 'cost', 'time'];
  if (columns >= 56) return ['problems', 'cost', 'time'];
  return ['problems', 'time'];
}

/** What the list shows, and the titles of its columns. */
export function titleRow(page: Page, text: string): ScreenLine {
  const titles = columnsOf(page.columns).map(name => TITLES[name].padStart(WIDTHS[name]));
  return screenLine(page, [{ text, color: 'dim' }], [{ text: titles.join(' '), color: 'dim' }]);
}

export function treeRow(
  page: Page,
  listed: ListedRow,
  options: { snapshot: WatchSnapshot; isSelected: boolean },
): ScreenLine {
  const { snapshot, isSelected } = options;
  const { row, run, lasts } = listed;
  const { marks } = page;
  const sums = row === run.root ? run : sumActivity(snapshot.table, row, snapshot.usageOf);
  const { mark, color } = LOOKS[row.status];
  const left: Part[] = [
    { text: isSelected ? `${marks.arrow.slice(0, 1)} ` : '  ' },
    { text: branchText(marks, lasts), color: 'dim' },
    { text: `${marks[mark]} `, color },
    ...(row.level === 'command' ? [] : [{ text: `${row.level} `, color: 'dim' as const }]),
    { text: shownText(row.name), color: 'bold' },
    ...(row.status === 'abandoned' || row.status === 'cancelled' ? [{ text: ` (${row.status})`, color }] : []),
    ...(listed.hasChildren && !listed.isUnfolded ? [{ text: ' [+]', color: 'cyan' as const }] : []),
    ...(row.label === null ? [] : [{ text: ` ${marks.dot} ${shownText(row.label)}`, color: 'dim' as const }]),
  ];
  const line = screenLine(page, left, numbers(page, { listed, sums, now: snapshot.now }));
  return isSelected ? selectedLine(line) : line;
}

function numbers(page: Page, { listed, sums, now }: { listed: ListedRow; sums: ActivitySums; now: number }): Part[] {
  const { row } = listed;
  const began = new Date(row.startedAt).toISOString();
  const texts: Record<Exclude<Column, 'problems'>, Part> = {
    started: { text: whenText(began, now), color: 'dim' },
    tokens: { text: sums.tokens === 0 ? '' : formatShort(sums.tokens) },
    cost: { text: costText(sums) },
    time: { text: elapsedText(row, now), color: row.endedAt === null ? 'cyan' : undefined },
  };
  return columnsOf(page.columns).flatMap((name, index): Part[] => {
    const gap = index === 0 ? [] : [{ text: ' ' }];
    if (name === 'problems') return [...gap, ...problemParts(page.marks, sums)];
    const { text, color } = texts[name];
    return [...gap, { text: text.padStart(WIDTHS[name]), color }];
  });
}

/** What has no price does not cost $0.00. */
const costText = ({ usage, cost }: ActivitySums): string =>
  !usage || usage.cost === undefined ? '' : formatMoney(cost);

/** `✖2 ⚠1`, as wide as its column. */
function problemParts(marks: Marks, { errors, warnings }: ActivitySums): Part[] {
  const few = (count: number): string => (count > 99 ? '99' : String(count));
  const parts: Part[] = [];
  if (errors > 0) parts.push({ text: `${marks.failed}${few(errors)}`, color: 'red' });
  if (errors > 0 && warnings > 0) parts.push({ text: ' ' });
  if (warnings > 0) parts.push({ text: `${marks.warning}${few(warnings)}`, color: 'yellow' });
  const width = parts.reduce((sum, { text }) => sum + textWidth(text), 0);
  return [{ text: ' '.repeat(Math.max(0, WIDTHS.problems - width)) }, ...parts];
}

/** Indentation beyond this is not shown: names need the room. */
const MAX_BRANCH = 24;

function branchText(marks: Marks, lasts: readonly boolean[]): string {
  const own = lasts.at(-1);
  if (own === undefined) return '';
  const above = lasts.slice(0, -1).map(isLast => (isLast ? ' '.repeat(3) : marks.pass));
  const text = above.join('') + (own ? marks.lastBranch : marks.branch);
  return text.length <= MAX_BRANCH ? text : `${marks.ellipsis} ${text.slice(4 - MAX_BRANCH)}`;
}
