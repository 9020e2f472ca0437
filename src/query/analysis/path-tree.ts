/** A run with all below it as one tree of times: activities, and what they did themselves, so far as it is known. */
import type { Leaf, LeafKind } from '../../model/leaf.ts';
import type { ActivityRow } from '../runs/activity-row.ts';
import type { ActivityTable } from '../runs/activity-table.ts';
import { type ActivityLevel, isDated } from './activity-kind.ts';

/** `chat`: a model was waited for; `tool`: a tool; `wait`: a person. */
export type PathLevel = ActivityLevel | LeafKind;

export interface PathNode {
  /** Of the activity; for a leaf, of the activity that did it. */
  eventId: string;
  level: PathLevel;
  name: string;
  /** Milliseconds since 1970, inside of the node above. */
  from: number;
  to: number;
  children: PathNode[];
}

/** Leaves by the span of the activity that did them. */
export type LeavesBySpan = ReadonlyMap<string, readonly Leaf[]>;

export interface PathTree {
  root: PathNode;
  /** Activities without leaves, each with its node; the root is the first. */
  activities: { row: ActivityRow; node: PathNode }[];
}

const LEAF_PREFIX = /^(?:chat|execute_tool) /;

/** Children are cut to the time of what they stand in: clocks differ, and some outlive their parents. */
export function pathTree(
  table: ActivityTable,
  root: ActivityRow,
  { now, leaves = new Map() }: { now: number; leaves?: LeavesBySpan | undefined },
): PathTree {
  const window = { from: root.startedAt, to: Math.max(root.startedAt, root.endedAt ?? now) };
  const first = { row: root, node: activityNode(root, { now, window }) };
  const activities = [first];
  const seen = new Set([root.id]);
  // Grows while it is walked.
  for (const { row, node } of activities) {
    for (const child of table.childrenOf(row.id)) {
      if (seen.has(child.id) || !isDated(child)) continue;
      seen.add(child.id);
      const below = activityNode(child, { now, window: node });
      node.children.push(below);
      activities.push({ row: child, node: below });
    }
    addLeaves(node, leaves.get(spanOf(row)) ?? []);
  }
  return { root: first.node, activities };
}

/** The span of an activity. */
export const spanOf = ({ id }: ActivityRow): string => id.slice('evt-'.length);

interface Times {
  from: number;
  to: number;
}

function activityNode(row: ActivityRow, { now, window }: { now: number; window: Times }): PathNode {
  const times = inside(window, { from: row.startedAt, to: row.endedAt ?? now });
  return { eventId: row.id, level: row.level, name: row.name, ...times, children: [] };
}

/** A leaf may stand below another one, as a person's answer below the tool that asked. */
function addLeaves(owner: PathNode, leaves: readonly Leaf[]): void {
  const nodes = new Map<string, PathNode>();
  for (const { span, kind, name, startAt, endAt } of leaves) {
    const times = inside(owner, { from: startAt, to: endAt });
    const node = { eventId: owner.eventId, level: kind, name: name.replace(LEAF_PREFIX, ''), ...times, children: [] };
    nodes.set(span, node);
  }
  for (const { span, parent } of leaves) {
    const node = nodes.get(span);
    const above = nodes.get(parent);
    if (!node) continue;
    const isBelow = above && above !== node && above.level !== 'wait';
    if (isBelow) Object.assign(node, inside(above, node));
    (isBelow ? above : owner).children.push(node);
  }
}

/** The part of it that lies in the window; empty if none does. */
function inside(window: Times, { from, to }: Times): Times {
  const start = Math.min(window.to, Math.max(window.from, from));
  return { from: start, to: Math.min(window.to, Math.max(start, to)) };
}
