/** `GET /api/runs/{event_id}`: one run as a waterfall, and what decided how long it took. */
import { SpanbookError } from '../errors.ts';
import type { LiveView } from '../live/live-view.ts';
import type { Leaf, LeafSource } from '../model/leaf.ts';
import { findBottlenecks } from '../query/analysis/critical-path.ts';
import type { ActivityRow } from '../query/runs/activity-row.ts';
import { activityTree } from '../query/runs/activity-tree.ts';
import { leafParents } from '../query/runs/leaf-parents.ts';
import { rowsBelow, runRow } from '../query/runs/run-row.ts';
import { runTimeline } from '../query/runs/run-timeline.ts';
import { contentOf } from '../query/show-activity.ts';
import type { RunAnswer } from './answers.ts';

export interface RunAnswerOptions {
  id: string;
  /** Milliseconds since 1970. */
  now: number;
  /** Tells of requests and tools. */
  leaves: LeafSource;
  /** Base address of Jaeger's page; null if the settings name none. */
  jaegerUrl: string | null;
}

/** @throws SpanbookError `NOT_FOUND` if no activity has this id. */
export function runAnswer(view: LiveView, { id, now, leaves, jaegerUrl }: RunAnswerOptions): RunAnswer {
  const { table, state } = view.history;
  const asked = table.rows.get(id) ?? table.rows.get(`evt-${id}`);
  if (!asked) throw new SpanbookError('NOT_FOUND', `event id: expected that of an activity, got "${id}"`);
  const root = table.rootOf(asked.id) ?? asked;
  const rows = [root, ...rowsBelow(table, root)];
  const found = leavesOf(rows, leaves);
  const run = runRow(table, root, now);
  const tree = activityTree(table, root, { now, usageOf: view.usageOf });
  return {
    run: { ...run, usage: tree.usage },
    event_id: asked.id,
    items: runTimeline({ tree, leaves: found, notes: table.notes }),
    critical_path: findBottlenecks(table, root, { now, leaves: found }),
    content: contentOf(state, { event_id: asked.id, session_id: asked.sessionId ?? undefined }),
    jaeger_url: jaegerUrl === null || run.trace_id === null ? null : `${jaegerUrl}/trace/${run.trace_id}`,
    has_leaves: found.size > 0,
  };
}

/** Requests and tools of these activities, as far as transcripts tell. */
function leavesOf(rows: readonly ActivityRow[], source: LeafSource): Map<string, Leaf[]> {
  const found = source.leavesOf(leafParents(rows));
  for (const [span, leaves] of found) if (leaves.length === 0) found.delete(span);
  return found;
}
