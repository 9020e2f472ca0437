/** State and key → state. */
import type { RowList } from './row-list.ts';
import { SORTS, type WatchState } from './watch-state.ts';

export interface KeyScope {
  list: RowList;
  /** Rows of the list that the screen shows. */
  height: number;
  /** The most that the detail or the help can be scrolled by. */
  maxScroll: number;
}

/** What a key asks of the terminal rather than of the state. */
export type KeyRequest = 'quit' | 'suspend' | 'redraw';

const REQUESTS: Readonly<Record<string, KeyRequest>> = { 'ctrl-c': 'quit', 'ctrl-z': 'suspend', 'ctrl-l': 'redraw' };
const FOLD_ALL = { auto: 'open', open: 'closed', closed: 'auto' } as const;

export function pressKey(state: WatchState, key: string, scope: KeyScope): WatchState | KeyRequest {
  const request = REQUESTS[key];
  if (request) return request;
  if (state.isTyping) return typeKey(state, key);
  if (key === 'q') return 'quit';
  if (state.view !== 'list') return scrollKey(state, key, scope);
  return listKey(state, key, scope);
}

function typeKey(state: WatchState, key: string): WatchState {
  const { filter } = state;
  if (key === 'enter') return { ...state, isTyping: false };
  if (key === 'escape') return { ...state, isTyping: false, filter: '' };
  if (key === 'ctrl-u') return { ...state, filter: '' };
  if (key === 'backspace') {
    return filter === '' ? { ...state, isTyping: false } : { ...state, filter: [...filter].slice(0, -1).join('') };
  }
  return [...key].length === 1 ? { ...state, filter: filter + key } : state;
}

function scrollKey(state: WatchState, key: string, { height, maxScroll }: KeyScope): WatchState {
  const to = (scroll: number): WatchState => ({ ...state, scroll: Math.max(0, Math.min(maxScroll, scroll)) });
  switch (key) {
    case 'up':
    case 'k':
      return to(state.scroll - 1);
    case 'down':
    case 'j':
      return to(state.scroll + 1);
    case 'pageup':
      return to(state.scroll - height);
    case 'pagedown':
    case ' ':
      return to(state.scroll + height);
    case 'g':
    case 'home':
      return to(0);
    case 'G':
    case 'end':
      return to(maxScroll);
    case 'escape':
    case 'backspace':
    case 'left':
    case 'h':
      return { ...state, view: 'list', scroll: 0 };
    case '?':
      return { ...state, view: state.view === 'help' ? 'list' : 'help', scroll: 0 };
    default:
      return state.view === 'help' ? { ...state, view: 'list', scroll: 0 } : state;
  }
}

function listKey(state: WatchState, key: string, scope: KeyScope): WatchState {
  const { list, height } = scope;
  switch (key) {
    case 'up':
    case 'k':
      return move(state, scope, -1);
    case 'down':
    case 'j':
      return move(state, scope, 1);
    case 'pageup':
      return move(state, scope, -height);
    case 'pagedown':
      return move(state, scope, height);
    case 'home':
    case 'g':
      // What comes first from now on, too.
      return { ...state, selected: null, index: 0, offset: 0 };
    case 'end':
    case 'G':
      return move(state, scope, list.length);
    case 'enter':
      return list.length === 0
        ? state
        : { ...state, selected: list.at(state.index)?.row.id ?? null, view: 'detail', scroll: 0 };
    case 'right':
    case 'l':
      return fold(state, scope, true);
    case 'left':
    case 'h':
      return fold(state, scope, false);
    case ' ':
      return fold(state, scope, !list.at(state.index)?.isUnfolded);
    default:
      return choiceKey(state, key);
  }
}

function choiceKey(state: WatchState, key: string): WatchState {
  switch (key) {
    case 'a':
      return { ...state, folds: new Map(), foldAll: FOLD_ALL[state.foldAll] };
    case '/':
      return { ...state, isTyping: true };
    case 'escape':
      return { ...state, filter: '' };
    case 's':
      return { ...state, sort: SORTS[(SORTS.indexOf(state.sort) + 1) % SORTS.length] ?? 'recent' };
    case 'r':
      return { ...state, running: !state.running };
    case 'e':
      return { ...state, problems: !state.problems };
    case '?':
      return { ...state, view: 'help', scroll: 0 };
    default:
      return state;
  }
}

function move(state: WatchState, { list, height }: KeyScope, by: number): WatchState {
  const index = Math.max(0, Math.min(list.length - 1, state.index + by));
  const offset = Math.max(0, Math.min(height - 1, state.offset + index - state.index));
  return { ...state, index, offset, selected: list.at(index)?.row.id ?? null };
}

/** What is folded already leads to what is above it. */
function fold(state: WatchState, scope: KeyScope, isOpen: boolean): WatchState {
  const { list } = scope;
  const listed = list.at(state.index);
  if (!listed) return state;
  if (listed.hasChildren && listed.isUnfolded !== isOpen) {
    return { ...state, selected: listed.row.id, folds: new Map(state.folds).set(listed.row.id, isOpen) };
  }
  if (isOpen) return listed.hasChildren ? move(state, scope, 1) : state;
  if (listed.row.parentId === null) return state;
  const above = list.indexOf(listed.row.parentId);
  return above < 0 ? state : move(state, scope, above - state.index);
}

/** The state in a list that has moved: what is chosen stays chosen, and where it stands on the screen. */
export function settleState(state: WatchState, { list, height }: Omit<KeyScope, 'maxScroll'>): WatchState {
  const found = state.selected === null ? 0 : list.indexOf(state.selected);
  const last = Math.max(0, list.length - 1);
  const index = found >= 0 ? found : Math.min(state.index, last);
  const most = Math.max(0, list.length - height);
  const top = Math.max(0, Math.min(most, index - Math.min(state.offset, Math.max(0, height - 1))));
  return { ...state, index, offset: Math.max(0, Math.min(height - 1, index - top)) };
}
