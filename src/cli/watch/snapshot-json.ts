/** What runs now, as a line of `watch --json`. */
import type { Burn } from '../../live/live-requests.ts';
import { getStatus, type PipelineStatus } from '../../query/get-status.ts';
import { type ActivityNode, activityTree } from '../../query/runs/activity-tree.ts';
import type { EventChoice } from './event-filter.ts';
import { orderRuns } from './order-runs.ts';
import type { WatchSnapshot } from './watch-snapshot.ts';

export interface SnapshotLine {
  type: 'snapshot';
  /** RFC 3339. */
  at: string;
  status: PipelineStatus;
  /** Runs in which something is open, the newest first. */
  active: ActivityNode[];
  /** Of the last minute, and of the last five. */
  burn: Burn[];
  /** USD since midnight; null until usage was read. */
  cost_today: number | null;
}

export function snapshotLine(snapshot: WatchSnapshot, choice: EventChoice): SnapshotLine {
  const { now, table, usageOf } = snapshot;
  const open = orderRuns(snapshot.runs, { ...choice, sort: 'recent', running: true, problems: false, now });
  return {
    type: 'snapshot',
    at: new Date(now).toISOString(),
    status: getStatus(snapshot.head),
    active: open.map(({ root }) => activityTree(table, root, { now, usageOf })),
    burn: [...snapshot.burn],
    cost_today: snapshot.money?.today ?? null,
  };
}
