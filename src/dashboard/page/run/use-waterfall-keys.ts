/** The keys of a tree, and those that zoom. */
import type { Zoom } from './use-zoom.ts';
import type { WaterfallRow } from './waterfall-rows.ts';

interface KeysQuery {
  rows: readonly WaterfallRow[];
  /** By now: keys may come quicker than pictures are drawn. */
  cursor: () => number;
  zoom: Zoom;
  /** Lines of a page. */
  page: number;
  moveTo: (row: number) => void;
  toggle: (id: string) => void;
  select: (id: string | null) => void;
}

export function useWaterfallKeys(query: KeysQuery) {
  return (event: KeyboardEvent): void => {
    const action = actionsAt(query.cursor(), query)[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  };
}

function actionsAt(
  cursor: number,
  { rows, zoom, page, moveTo, toggle, select }: KeysQuery,
): Record<string, () => void> {
  const row = rows[cursor];
  const go = (to: number): void => moveTo(Math.max(0, Math.min(rows.length - 1, to)));
  const parent = (): number => rows.findIndex(({ item }) => item.id === row?.item.parent_id);
  return {
    ArrowDown: () => go(cursor + 1),
    j: () => go(cursor + 1),
    ArrowUp: () => go(cursor - 1),
    k: () => go(cursor - 1),
    PageDown: () => go(cursor + page),
    PageUp: () => go(cursor - page),
    Home: () => go(0),
    End: () => go(rows.length - 1),
    ArrowRight: () => (row?.isFolded ? toggle(row.item.id) : row?.hasChildren ? go(cursor + 1) : undefined),
    ArrowLeft: () => {
      if (row?.hasChildren && !row.isFolded) toggle(row.item.id);
      else if (parent() >= 0) go(parent());
    },
    Enter: () => select(row?.item.id ?? null),
    ' ': () => select(row?.item.id ?? null),
    Escape: () => select(null),
    '+': () => zoom.zoomBy(1 / 1.6),
    '=': () => zoom.zoomBy(1 / 1.6),
    '-': () => zoom.zoomBy(1.6),
    f: () => zoom.show(null),
  };
}
