/** What activities used, beside the tree of runs: tokens and money, of each with all below it. */

import { formatCount, formatShort } from '../model/format-amount.ts';
import { allTokens } from '../query/all-tokens.ts';
import type { HierarchyNode } from '../query/build-hierarchy.ts';
import { usageOfTrees } from '../query/usage-below.ts';
import { type Part, renderRow } from './render-row.ts';
import { paint, type Style } from './style.ts';
import { textWidth } from './text-width.ts';
import { moneyColumn } from './usage-cells.ts';
import { LIST_PRICE_NOTE } from './usage-notes.ts';
import { wrapText } from './wrap-text.ts';

const GAP = '  ';
/** What names need. Columns that leave less are left out, tokens first. */
const MIN_NAME = 24;

export interface TreeUsage {
  /** The line of a day, with the titles of the columns; `rest`: what stands on the right of them. */
  titleLine(day: string): string;
  /** As wide for every activity, whether it used something or not. */
  cellsOf(node: HierarchyNode): Part[];
}

/** The columns that fit beside these trees; `rest`: columns on the right that are taken. Null where nothing was used. */
export function treeUsage(style: Style, roots: readonly HierarchyNode[], rest: number): TreeUsage | null {
  const used = nodesOf(roots).flatMap(node => (node.usage ? [{ node, row: node.usage.total }] : []));
  if (used.length === 0) return null;
  const rows = used.map(({ row }) => ({ ...row, cost: row.cost ?? 0, unpriced_tokens: row.unpriced_tokens ?? 0 }));
  const tokens = rows.map(row => formatShort(allTokens(row)));
  const costs = moneyColumn(rows).cells.map(({ text }) => text);
  const columns = fitting(style.columns - rest - GAP.length, [column('Cost', costs), column('Tokens', tokens)]);
  const blank = columns.map(({ width }) => ({ text: ' '.repeat(width) + GAP }));
  const cells = new Map(
    used.map(({ node }, index) => [
      node,
      columns.map(({ texts, width }) => ({ text: (texts[index] ?? '').padStart(width) + GAP })),
    ]),
  );
  return {
    titleLine(day) {
      const titles = columns.map(({ title, width }) => title.padStart(width)).join(GAP);
      const narrower = { ...style, columns: style.columns - rest - GAP.length };
      return renderRow(narrower, [{ text: day, color: 'dim' }], [{ text: titles, color: 'dim' }]);
    },
    cellsOf: node => cells.get(node) ?? blank,
  };
}

interface Column {
  title: string;
  texts: readonly string[];
  width: number;
}

const column = (title: string, texts: readonly string[]): Column => ({
  title,
  texts,
  width: Math.max(...[title, ...texts].map(textWidth)),
});

/** The first ones that leave room for names, the last of them first. */
function fitting(columns: number, wanted: readonly Column[]): Column[] {
  const kept: Column[] = [];
  let room = columns;
  for (const one of wanted) {
    room -= one.width + GAP.length;
    if (room < MIN_NAME) break;
    kept.unshift(one);
  }
  return kept;
}

const nodesOf = (nodes: readonly HierarchyNode[]): HierarchyNode[] =>
  nodes.flatMap(node => [node, ...nodesOf(node.children)]);

/** Below trees in which something was used: what the money is, and what is not in it. */
export function treeUsageNotes(style: Style, roots: readonly HierarchyNode[]): string[] {
  const usage = usageOfTrees(roots);
  if (!usage) return [];
  const lines = ['', ...wrapText(LIST_PRICE_NOTE, style.columns).map(line => paint(style, 'dim', line))];
  if (!usage.unpriced_tokens) return lines;
  const text = `${formatCount(usage.unpriced_tokens)} tokens have no price and are not in the cost. See: spanbook usage totals`;
  const [first = '', ...more] = wrapText(text, style.columns - 2);
  return [...lines, `${paint(style, 'yellow', style.marks.warning)} ${first}`, ...more.map(line => `  ${line}`)];
}
