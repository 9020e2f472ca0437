/** What the person who watches has chosen: plain data, changed by keys alone. */

export const SORTS = ['recent', 'duration', 'cost', 'tokens', 'errors'] as const;
export type Sort = (typeof SORTS)[number];

export interface WatchState {
  view: 'list' | 'detail' | 'help';
  /** `event_id` of the activity that is chosen; null: whatever stands first. */
  selected: string | null;
  /** Where the chosen one stood last, in the list and on the screen: for when it is gone, and while others move. */
  index: number;
  offset: number;
  sort: Sort;
  running: boolean;
  problems: boolean;
  filter: string;
  /** The filter is being typed. */
  isTyping: boolean;
  /** By `event_id`; true: what is below it is shown. */
  folds: ReadonlyMap<string, boolean>;
  /** For all that are not in `folds`; `auto`: what runs is open. */
  foldAll: 'auto' | 'open' | 'closed';
  /** The first line of the detail or the help that is shown. */
  scroll: number;
}

export const initialState = (filter = ''): WatchState => ({
  view: 'list',
  selected: null,
  index: 0,
  offset: 0,
  sort: 'recent',
  running: false,
  problems: false,
  filter,
  isTyping: false,
  folds: new Map(),
  foldAll: 'auto',
  scroll: 0,
});
