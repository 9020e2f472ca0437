/** State, snapshot and size → the lines of the screen. */
import { formatCount } from '../../model/format-amount.ts';
import { noteText } from '../../query/event-kinds.ts';
import { emptyStateText } from '../empty-state.ts';
import type { Part } from '../render-row.ts';
import { detailLines } from './detail-lines.ts';
import { helpLines } from './help-lines.ts';
import type { RowList } from './row-list.ts';
import { alertLines, burnLine, headLine } from './screen-head.ts';
import { blankLine, type Page, type ScreenLine, screenLine } from './screen-line.ts';
import { titleRow, treeRow } from './tree-row.ts';
import type { WatchSnapshot } from './watch-snapshot.ts';
import type { WatchState } from './watch-state.ts';
import { shownText, whenText } from './watch-words.ts';

export interface Screen {
  lines: ScreenLine[];
  /** Rows of the list, or of the detail. */
  height: number;
  maxScroll: number;
}

/** Where the list goes, and what has room beside it. */
interface Layout {
  top: ScreenLine[];
  bottom: ScreenLine[];
  height: number;
}

/** Called before `settleState`, so that it knows the height of the list. */
export function layoutOf(page: Page, snapshot: WatchSnapshot, state: WatchState): Layout {
  const { rows } = page;
  const isTall = rows >= 20;
  const top = [headLine(page, snapshot)];
  const bottom = rows >= 3 ? [footLine(page, state)] : [];
  if (state.view === 'list') {
    if (rows >= 6) top.push(burnLine(page, snapshot));
    if (rows >= 9) top.push(...alertLines(page, snapshot, isTall ? 3 : 1));
    if (rows >= 14) bottom.unshift(...problemLines(page, snapshot, isTall ? Math.min(8, Math.floor(rows / 7)) : 1));
  }
  return { top, bottom, height: Math.max(0, rows - top.length - bottom.length - (hasTitle(page, state) ? 1 : 0)) };
}

const hasTitle = ({ rows }: Page, { view }: WatchState): boolean => view === 'list' && rows >= 6;

/** `state` must be settled in the list. */
export function renderScreen(
  page: Page,
  snapshot: WatchSnapshot,
  { state, list }: { state: WatchState; list: RowList },
): Screen {
  const { top, bottom, height } = layoutOf(page, snapshot, state);
  let maxScroll = 0;
  let body: ScreenLine[];
  if (state.view === 'list') {
    body = list.length === 0 ? emptyLines(page, snapshot) : listLines(page, snapshot, { state, list, height });
    if (hasTitle(page, state)) top.push(titleRow(page, listTitle(page, snapshot, { state, list })));
  } else {
    const id = state.selected ?? '';
    const all = state.view === 'help' ? helpLines(page) : detailLines(page, id, snapshot);
    maxScroll = Math.max(0, all.length - height);
    const from = Math.min(state.scroll, maxScroll);
    body = all.slice(from, from + height);
  }
  const filled = Array.from({ length: height }, (_, row) => body[row] ?? blankLine(page));
  return { lines: [...top, ...filled, ...bottom].slice(0, page.rows), height, maxScroll };
}

function listLines(
  page: Page,
  snapshot: WatchSnapshot,
  { state, list, height }: { state: WatchState; list: RowList; height: number },
): ScreenLine[] {
  const from = state.index - state.offset;
  const rows = list.slice(from, from + height);
  return rows.map((listed, row) => treeRow(page, listed, { snapshot, isSelected: row === state.offset }));
}

function listTitle(page: Page, snapshot: WatchSnapshot, { state, list }: { state: WatchState; list: RowList }): string {
  const { sort, running, problems, filter } = state;
  const isAll = list.runs === snapshot.runs.length;
  const runs = `${formatCount(list.runs)}${isAll ? '' : ` of ${formatCount(snapshot.runs.length)}`} runs`;
  const words = [
    `${runs}, ${sort === 'recent' ? 'running first' : `by ${sort}`}`,
    ...(running ? ['running only'] : []),
    ...(problems ? ['problems only'] : []),
    ...(filter === '' ? [] : [`with "${shownText(filter)}"`]),
  ];
  return words.join(` ${page.marks.dot} `);
}

function emptyLines(page: Page, snapshot: WatchSnapshot): ScreenLine[] {
  if (snapshot.runs.length > 0) return [screenLine(page, [{ text: '  No run is like that.', color: 'dim' }])];
  if (!snapshot.isWhole) return [];
  return emptyStateText(snapshot.stateDir)
    .split('\n')
    .map(text => screenLine(page, [{ text: `  ${text}` }]));
}

/** The newest first, below a line that parts them from the list. */
function problemLines(page: Page, { problems, now }: WatchSnapshot, most: number): ScreenLine[] {
  const { marks } = page;
  const lines = problems.slice(0, most).map(note => {
    const { type, message } = noteText(note);
    const isError = note.event_type === 'error';
    const places = new Set([...note.hierarchy.path.slice(0, 1), note.activity.name]);
    const where = [...places].map(name => shownText(name)).join(` ${marks.arrow} `);
    const left: Part[] = [
      { text: `${isError ? marks.failed : marks.warning} `, color: isError ? 'red' : 'yellow' },
      { text: `${whenText(note.timestamp, now)} `, color: 'dim' },
      { text: `${shownText(type ?? '')}: `, color: isError ? 'red' : 'yellow' },
      { text: shownText(message) },
      { text: ` (${where})`, color: 'dim' },
    ];
    return screenLine(page, left);
  });
  return lines.length === 0 ? [] : [screenLine(page, [{ text: 'Last errors and warnings', color: 'dim' }]), ...lines];
}

function footLine(page: Page, { isTyping, filter, view }: WatchState): ScreenLine {
  const { marks } = page;
  if (isTyping) {
    const right: Part[] = page.columns >= 60 ? [{ text: 'Enter: keep  Esc: clear', color: 'dim' }] : [];
    return screenLine(page, [{ text: `/${shownText(filter)}_` }], right);
  }
  const isAscii = marks.ellipsis === '...';
  const list = isAscii
    ? 'jk move  hl fold  Enter open  / find  s sort  r running  e errors  ? help'
    : '↑↓ move  ←→ fold  ⏎ open  / find  s sort  r running  e errors  ? help';
  const text = view === 'list' ? list : `${isAscii ? 'jk' : '↑↓'} scroll  Esc back`;
  return screenLine(page, [{ text, color: 'dim' }], [{ text: 'q quit', color: 'dim' }]);
}
