/** The lines of a waterfall: what is folded, or fits no search, is left out. */
import type { TimelineItem } from '../../../query/runs/run-timeline.ts';

export interface WaterfallRow {
  item: TimelineItem;
  hasChildren: boolean;
  isFolded: boolean;
  /** It has what is searched for; what is above it is shown for the way to it. */
  isMatch: boolean;
}

export interface WaterfallQuery {
  folded: ReadonlySet<string>;
  search: string;
}

/** `items`: each before what is below it. */
export function waterfallRows(items: readonly TimelineItem[], { folded, search }: WaterfallQuery): WaterfallRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = words.length > 0 ? withTheWay(items, words) : null;
  const rows: WaterfallRow[] = [];
  // Below an item that is folded until the depth is that of the item again.
  let hiddenBelow = Number.POSITIVE_INFINITY;
  for (const [index, item] of items.entries()) {
    if (item.depth > hiddenBelow) continue;
    hiddenBelow = Number.POSITIVE_INFINITY;
    if (kept && !kept.has(item.id)) continue;
    const hasChildren = (items[index + 1]?.depth ?? -1) > item.depth;
    const isFolded = !kept && hasChildren && folded.has(item.id);
    if (isFolded) hiddenBelow = item.depth;
    rows.push({ item, hasChildren, isFolded, isMatch: kept?.get(item.id) === true });
  }
  return rows;
}

/** True: it fits itself. */
function withTheWay(items: readonly TimelineItem[], words: readonly string[]): Map<string, boolean> {
  const parents = new Map(items.map(item => [item.id, item.parent_id]));
  const kept = new Map<string, boolean>();
  for (const item of items) {
    if (!fits(item, words)) continue;
    kept.set(item.id, true);
    let above = item.parent_id;
    while (above !== null && !kept.has(above)) {
      kept.set(above, false);
      above = parents.get(above) ?? null;
    }
  }
  return kept;
}

/** Of names and errors only so much is looked at: they may be megabytes. */
const SEARCHED = 4000;

function fits({ name, label, kind, status, error, id }: TimelineItem, words: readonly string[]): boolean {
  const text = [name, label ?? '', kind === 'chat' ? 'request' : kind, status, error ?? '', id]
    .map(part => part.slice(0, SEARCHED))
    .join('\n')
    .toLowerCase();
  return words.every(word => text.includes(word));
}

/** All that has something below it and is deeper than this: what to fold to see the outline. */
export const foldedFrom = (items: readonly TimelineItem[], depth: number): Set<string> =>
  new Set(
    items.flatMap((item, index) =>
      item.depth >= depth && (items[index + 1]?.depth ?? -1) > item.depth ? [item.id] : [],
    ),
  );

/** With all above it unfolded. */
export function unfoldedTo(items: readonly TimelineItem[], id: string, folded: ReadonlySet<string>): Set<string> {
  const parents = new Map(items.map(item => [item.id, item.parent_id]));
  const next = new Set(folded);
  for (let above = parents.get(id) ?? null; above !== null; above = parents.get(above) ?? null) {
    if (!next.delete(above) && !parents.has(above)) break;
  }
  return next;
}
