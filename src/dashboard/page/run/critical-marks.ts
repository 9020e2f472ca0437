/** Which parts of which lines decided when the run ended. */
import type { PathSegment } from '../../../query/analysis/critical-path.ts';
import type { TimelineItem } from '../../../query/runs/run-timeline.ts';
import type { TimeSpan } from './time-scale.ts';

/** By the id of the item. Pieces of a request or a tool name the activity that it belongs to. */
export function criticalMarks(
  items: readonly TimelineItem[],
  path: readonly PathSegment[],
): ReadonlyMap<string, TimeSpan[]> {
  const ids = new Set(items.map(({ id }) => id));
  const leaves = leavesByOwner(items);
  const marks = new Map<string, TimeSpan[]>();
  for (const { event_id, level, name, started_at, ended_at } of path) {
    const span = { from: Date.parse(started_at), to: Date.parse(ended_at) };
    const leaf = (leaves.get(keyOf(event_id, level, name)) ?? []).find(
      item => item.started_ms <= span.from && (item.ended_ms ?? Number.POSITIVE_INFINITY) >= span.to,
    );
    const id = leaf?.id ?? event_id;
    if (!ids.has(id)) continue;
    const known = marks.get(id);
    if (known) known.push(span);
    else marks.set(id, [span]);
  }
  return marks;
}

const LEAF_KINDS: readonly string[] = ['chat', 'tool', 'wait'];
const keyOf = (owner: string, kind: string, name: string): string => `${owner} ${kind} ${name}`;

function leavesByOwner(items: readonly TimelineItem[]): Map<string, TimelineItem[]> {
  const owners = new Map<string, string>();
  const found = new Map<string, TimelineItem[]>();
  for (const item of items) {
    if (!LEAF_KINDS.includes(item.kind)) {
      owners.set(item.id, item.id);
      continue;
    }
    const owner = owners.get(item.parent_id ?? '') ?? '';
    owners.set(item.id, owner);
    const key = keyOf(owner, item.kind, item.name);
    const known = found.get(key);
    if (known) known.push(item);
    else found.set(key, [item]);
  }
  return found;
}
