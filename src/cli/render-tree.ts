/** The tree of runs: one line an activity, with what went wrong under the activity that it belongs to. */
import type { Hierarchy, HierarchyNode } from '../query/build-hierarchy.ts';
import { type NoteEvent, noteText } from '../query/event-kinds.ts';
import { formatDuration } from '../query/format-duration.ts';
import { safeText } from '../query/safe-text.ts';
import { clockTime, dayTitle } from './local-time.ts';
import { type Part, renderRow } from './render-row.ts';
import { type Color, type Marks, paint, type Style } from './style.ts';
import { textWidth } from './text-width.ts';
import { type TreeUsage, treeUsage } from './tree-usage.ts';

const CLOCK_WIDTH = 8;
const DURATION_WIDTH = 7;
const GAP_WIDTH = 2;
/** Indentation beyond this is not shown: names need the room. */
const MAX_PREFIX = 30;

const LOOKS: Record<HierarchyNode['status'], { mark: keyof Marks; color: Color }> = {
  completed: { mark: 'completed', color: 'green' },
  failed: { mark: 'failed', color: 'red' },
  running: { mark: 'running', color: 'cyan' },
  cancelled: { mark: 'cancelled', color: 'yellow' },
  abandoned: { mark: 'cancelled', color: 'yellow' },
};

const NOTE_LOOKS = {
  error: { mark: 'failed', color: 'red' },
  warning: { mark: 'warning', color: 'yellow' },
  info: { mark: 'info', color: 'dim' },
} as const;

/**
 * The lines of these trees, with a title for every day (local) on which one of them began. Tokens and money have columns
 * of their own if anything was used.
 */
export function renderTree(style: Style, roots: readonly HierarchyNode[], hierarchy: Hierarchy): string[] {
  const usage = treeUsage(style, roots, CLOCK_WIDTH + GAP_WIDTH + DURATION_WIDTH);
  const lines: string[] = [];
  let day = '';
  for (const root of roots) {
    const title = dayTitle(root.started_at);
    const titleLine = usage?.titleLine(title) ?? paint(style, 'dim', title);
    if (title !== day) lines.push(...(day === '' ? [] : ['']), titleLine);
    day = title;
    pushNode(lines, root, { style, hierarchy, usage, prefix: '', branch: '' });
  }
  return lines;
}

interface Position {
  style: Style;
  hierarchy: Hierarchy;
  usage: TreeUsage | null;
  /** What stands before the lines of this node and of all below it. */
  prefix: string;
  /** The branch that leads to this node itself. */
  branch: string;
}

function pushNode(lines: string[], node: HierarchyNode, at: Position): void {
  const { style, hierarchy, prefix, branch } = at;
  lines.push(nodeLine(node, at));
  const { marks } = style;
  const below = branch === '' ? prefix : prefix + (branch === marks.lastBranch ? ' '.repeat(3) : marks.pass);
  const items = itemsOf(node, hierarchy);
  items.forEach((item, index) => {
    const itemBranch = index === items.length - 1 ? marks.lastBranch : marks.branch;
    if ('children' in item) pushNode(lines, item, { ...at, prefix: below, branch: itemBranch });
    else lines.push(noteLine(style, item, below + itemBranch));
  });
}

/** Children in their order, and each note before the first child that began after it. */
function itemsOf(node: HierarchyNode, { notes, order }: Hierarchy): (HierarchyNode | NoteEvent)[] {
  const place = (item: { event_id: string }): number => order.get(item.event_id) ?? -1;
  const own = notes.get(node.event_id) ?? [];
  const items: (HierarchyNode | NoteEvent)[] = [];
  let next = 0;
  for (const child of node.children) {
    for (let note = own[next]; note && place(note) < place(child); note = own[++next]) items.push(note);
    items.push(child);
  }
  return [...items, ...own.slice(next)];
}

function nodeLine(node: HierarchyNode, { style, usage, prefix, branch }: Position): string {
  const { mark, color } = LOOKS[node.status];
  const left: Part[] = [
    ...indent(style, prefix + branch),
    { text: `${style.marks[mark]} `, color },
    { text: `${node.level} `, color: 'dim' },
    { text: safeText(node.name), color: 'bold' },
  ];
  if (node.status === 'cancelled' || node.status === 'abandoned' || node.status === 'failed') {
    left.push({ text: ` (${node.status})`, color });
  }
  if (node.label !== undefined) left.push({ text: ` ${style.marks.dot} ${safeText(node.label)}`, color: 'dim' });
  return renderRow(style, left, [
    ...(usage?.cellsOf(node) ?? []),
    { text: clockTime(node.started_at), color: 'dim' },
    { text: `  ${formatDuration(node.duration_ms).padStart(DURATION_WIDTH)}` },
  ]);
}

/** A line for an error, a warning or a message. */
export function noteLine(style: Style, note: NoteEvent, prefix: string): string {
  const { mark, color } = NOTE_LOOKS[note.event_type];
  const { type, message } = noteText(note);
  const left: Part[] = [...indent(style, prefix), { text: `${style.marks[mark]} `, color }];
  if (type !== null) left.push({ text: `${safeText(type)}${message === '' ? '' : ': '}`, color });
  left.push({ text: safeText(message) });
  // A moment has no duration: its time stands in the column of the others, and nothing behind it.
  const columns = style.columns - DURATION_WIDTH - GAP_WIDTH;
  return renderRow({ ...style, columns }, left, [{ text: clockTime(note.timestamp), color: 'dim' }]);
}

function indent(style: Style, prefix: string): Part[] {
  if (textWidth(prefix) <= MAX_PREFIX) return [{ text: prefix, color: 'dim' }];
  return [{ text: `${style.marks.ellipsis} ${prefix.slice(-(MAX_PREFIX - 4))}`, color: 'dim' }];
}
