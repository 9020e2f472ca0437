/**
 * What decided when a run ended: walked backwards from its end, at each moment the activity that was waited for. That is
 * the child that ended last before the moment; where none had just ended, one that still ran; where none ran, the
 * activity itself. The pieces cover the time of the run, each moment once.
 */
import { type ActivityRow, type ActivityStatus, durationOf } from '../runs/activity-row.ts';
import type { ActivityTable } from '../runs/activity-table.ts';
import { type ActivityLevel, isDated } from './activity-kind.ts';
import { type LeavesBySpan, type PathLevel, type PathNode, pathTree } from './path-tree.ts';

export interface PathSegment {
  /** Of the activity; for a request, a tool or a wait: of the activity that it belongs to. */
  event_id: string;
  level: PathLevel;
  name: string;
  /** RFC 3339. */
  started_at: string;
  ended_at: string;
  own_ms: number;
  /** Of the run. */
  share: number;
}

/** All pieces of one level and name. */
export interface PathCause {
  level: PathLevel;
  name: string;
  segments: number;
  own_ms: number;
  share: number;
}

export interface ActivityTime {
  event_id: string;
  parent_event_id: string | null;
  level: ActivityLevel;
  name: string;
  started_at: string;
  /** Cut to the time of what it stands in. */
  duration_ms: number;
  /** Time in which no activity below it ran. */
  self_ms: number;
  /** Its own part of the path, with its requests and tools, without the activities below it. */
  critical_ms: number;
}

export interface Bottlenecks {
  event_id: string;
  level: ActivityLevel;
  name: string;
  label: string | null;
  status: ActivityStatus;
  started_at: string;
  ended_at: string | null;
  /** Until its end, or until now. The sum of `own_ms` over `path`. */
  duration_ms: number;
  /** True: it is known when requests and tools of its activities ran. */
  has_leaves: boolean;
  /** In the order of time. */
  path: PathSegment[];
  /** The most first. */
  causes: PathCause[];
  /** The run and all below it, the most of its own time first. */
  activities: ActivityTime[];
}

export interface BottleneckQuery {
  /** Milliseconds since 1970. */
  now: number;
  leaves?: LeavesBySpan | undefined;
}

export function findBottlenecks(table: ActivityTable, asked: ActivityRow, query: BottleneckQuery): Bottlenecks {
  // Of times that somebody edited nothing is known.
  const run = isDated(asked) ? asked : { ...asked, startedAt: 0, endedAt: 0 };
  const { root, activities } = pathTree(table, run, query);
  const duration = durationOf(run, query.now);
  const pieces = criticalPieces(root);
  const critical = new Map<string, number>();
  const causes = new Map<string, PathCause>();
  const shareOf = (millis: number): number => (duration === 0 ? 0 : millis / duration);
  for (const { node, from, to } of pieces) {
    critical.set(node.eventId, (critical.get(node.eventId) ?? 0) + to - from);
    const key = `${node.level} ${node.name}`;
    const cause = causes.get(key) ?? { level: node.level, name: node.name, segments: 0, own_ms: 0, share: 0 };
    causes.set(key, cause);
    cause.segments++;
    cause.own_ms += to - from;
    cause.share = shareOf(cause.own_ms);
  }
  const isActivity = new Set(activities.map(({ node }) => node));
  return {
    event_id: run.id,
    level: run.level,
    name: run.name,
    label: run.label,
    status: run.status,
    started_at: timeText(run.startedAt),
    ended_at: run.endedAt === null ? null : timeText(run.endedAt),
    duration_ms: duration,
    has_leaves: activities.some(({ node }) =>
      node.children.some(child => !isActivity.has(child) && child.to > child.from),
    ),
    path: pieces.map(({ node, from, to }) => ({
      event_id: node.eventId,
      level: node.level,
      name: node.name,
      started_at: timeText(from),
      ended_at: timeText(to),
      own_ms: to - from,
      share: shareOf(to - from),
    })),
    causes: [...causes.values()].sort((a, b) => b.own_ms - a.own_ms),
    activities: activities
      .map(({ row, node }) => ({
        event_id: row.id,
        parent_event_id: row.parentId,
        level: row.level,
        name: row.name,
        started_at: timeText(row.startedAt),
        duration_ms: node.to - node.from,
        self_ms: node.to - node.from - coveredBy(node.children.filter(child => isActivity.has(child))),
        critical_ms: critical.get(row.id) ?? 0,
      }))
      .sort((a, b) => b.self_ms - a.self_ms),
  };
}

const timeText = (at: number): string => new Date(at).toISOString();

interface Piece {
  node: PathNode;
  from: number;
  to: number;
}

/** Pieces in the order of time; one begins where the one before it ends. */
export function criticalPieces(root: PathNode): Piece[] {
  const pieces: Piece[] = [];
  const byEnd = new Map<PathNode, PathNode[]>();
  // Not by recursion: a document may be deeper than the stack.
  const open: Piece[] = [{ node: root, from: root.from, to: root.to }];
  for (let window = open.pop(); window; window = open.pop()) {
    const { node } = window;
    const sorted = byEnd.get(node) ?? node.children.filter(({ from, to }) => to > from).sort((a, b) => b.to - a.to);
    byEnd.set(node, sorted);
    for (const part of partsOf(window, sorted)) (part.node === node ? pieces : open).push(part);
  }
  return joined(pieces.sort((a, b) => a.from - b.from));
}

/** A window of a node's time, split into its own pieces and windows of its children. `sorted`: the last to end first. */
function partsOf({ node, from, to }: Piece, sorted: readonly PathNode[]): Piece[] {
  const parts: Piece[] = [];
  let next = 0;
  /** Of those that ended after the moment, the one that started first: it still ran then, or none of them did. */
  let running: PathNode | null = null;
  for (let at = to; at > from; ) {
    for (let child = sorted[next]; child && child.to > at; child = sorted[++next]) {
      if (!running || child.from < running.from) running = child;
    }
    const finished = sorted[next];
    const gapFrom = Math.max(from, finished?.to ?? from);
    let part: Piece = { node, from: gapFrom, to: at };
    if (gapFrom >= at && finished) part = { node: finished, from: Math.max(from, finished.from), to: at };
    else if (running && running.from < at) part = { node: running, from: Math.max(gapFrom, running.from), to: at };
    parts.push(part);
    at = part.from;
  }
  return parts;
}

function joined(pieces: readonly Piece[]): Piece[] {
  const whole: Piece[] = [];
  for (const piece of pieces) {
    const last = whole.at(-1);
    if (last && last.node === piece.node && last.to === piece.from) last.to = piece.to;
    else whole.push({ ...piece });
  }
  return whole;
}

/** Time in which at least one of them ran. */
function coveredBy(nodes: readonly PathNode[]): number {
  let covered = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { from, to } of nodes.toSorted((a, b) => a.from - b.from)) {
    if (to <= end) continue;
    covered += to - Math.max(from, end);
    end = to;
  }
  return covered;
}
