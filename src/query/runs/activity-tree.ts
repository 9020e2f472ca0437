/** An activity with all below it, for views of what runs: with what has been used so far, and what went wrong. */
import type { UsageRow } from '../../model/document-schema.ts';
import { addRows } from '../usage-below.ts';
import { type ActivityRow, type ActivityStatus, durationOf } from './activity-row.ts';
import type { ActivityTable } from './activity-table.ts';

export interface ActivityNode {
  event_id: string;
  level: ActivityRow['level'];
  name: string;
  label: string | null;
  stage: string | null;
  session_id: string | null;
  status: ActivityStatus;
  /** RFC 3339. */
  started_at: string;
  ended_at: string | null;
  /** Until its end, or until now. */
  duration_ms: number;
  /** Those that belong to this activity itself. */
  errors: number;
  warnings: number;
  /** With all below it, as far as it is known; cost in USD. */
  usage: UsageRow | null;
  /** In the order of their starts. */
  children: ActivityNode[];
}

export interface TreeOptions {
  /** Milliseconds since 1970. */
  now: number;
  /** What an open activity has used itself so far; null if nothing is known. */
  usageOf?: (row: ActivityRow) => UsageRow | null;
}

export function activityTree(table: ActivityTable, root: ActivityRow, options: TreeOptions): ActivityNode {
  const children = table
    .childrenOf(root.id)
    .toSorted((a, b) => a.startedAt - b.startedAt)
    .map(child => activityTree(table, child, options));
  return {
    event_id: root.id,
    level: root.level,
    name: root.name,
    label: root.label,
    stage: root.stage,
    session_id: root.sessionId,
    status: root.status,
    started_at: new Date(root.startedAt).toISOString(),
    ended_at: root.endedAt === null ? null : new Date(root.endedAt).toISOString(),
    duration_ms: durationOf(root, options.now),
    errors: root.errors,
    warnings: root.warnings,
    usage: usageOf(root, children, options),
    children,
  };
}

/** What the end says; before it, and until its usage is told, what its requests so far add up to. */
function usageOf(row: ActivityRow, children: readonly ActivityNode[], options: TreeOptions): UsageRow | null {
  if (row.usage) return row.usage.total;
  let sum = options.usageOf?.(row) ?? undefined;
  for (const { usage } of children) if (usage) sum = addRows(sum, usage);
  return sum ?? null;
}
