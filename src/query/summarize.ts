/** A report over everything: what ran how often, how long it took, and what went wrong most. */
import type { PipelineDocument, PipelineStatistics, UsageRow } from '../model/document-schema.ts';
import { buildHierarchy, type HierarchyNode } from './build-hierarchy.ts';
import { isNote, noteText } from './event-kinds.ts';
import { listActive, type RunningActivity } from './list-active.ts';
import { addRows, usageOfTrees } from './usage-below.ts';

export interface ActivitySummary {
  level: HierarchyNode['level'];
  name: string;
  count: number;
  running: number;
  failed: number;
  errors: number;
  warnings: number;
  /** Of those that have ended. */
  total_ms: number;
  average_ms: number;
  longest_ms: number;
  /** Of those that have ended, with all below them; an activity inside another one of this row is counted there. */
  usage?: UsageRow;
}

export interface ProblemSummary {
  level: 'error' | 'warning';
  type: string;
  count: number;
  last_at: string;
  last_message: string;
}

export interface Summary {
  system_name: string | null;
  stage: string | null;
  pipeline_status: PipelineDocument['pipeline_status'];
  pipeline_started_at: string | null;
  pipeline_updated_at: string | null;
  statistics: PipelineStatistics;
  /** Of everything that has ended; absent if nothing was used. */
  usage?: UsageRow;
  active: RunningActivity[];
  activities: ActivitySummary[];
  problems: ProblemSummary[];
}

const LEVEL_ORDER: readonly string[] = ['command', 'agent', 'skill', 'checkpoint'];

/** `now`: milliseconds since 1970. Rows are sorted by level, then by time taken. */
export function summarize(document: PipelineDocument, now: number): Summary {
  const rows = new Map<string, ActivitySummary>();
  const { nodes, roots } = buildHierarchy(document, now);
  for (const node of nodes.values()) count(rows, node);
  countUsage(rows, roots, new Set());
  const activities = [...rows.values()].sort(
    (a, b) => LEVEL_ORDER.indexOf(a.level) - LEVEL_ORDER.indexOf(b.level) || b.total_ms - a.total_ms,
  );
  for (const row of activities) {
    const ended = row.count - row.running;
    row.average_ms = ended === 0 ? 0 : Math.round(row.total_ms / ended);
  }
  const { system_name, stage, pipeline_status, pipeline_started_at, pipeline_updated_at, statistics } = document;
  return {
    system_name,
    stage,
    pipeline_status,
    pipeline_started_at,
    pipeline_updated_at,
    statistics,
    usage: usageOfTrees(roots),
    active: listActive(document, now),
    activities,
    problems: problemsOf(document),
  };
}

function count(rows: Map<string, ActivitySummary>, node: HierarchyNode): void {
  const { level, name } = node;
  const key = rowKey(node);
  const empty = { count: 0, running: 0, failed: 0, errors: 0, warnings: 0, total_ms: 0, average_ms: 0, longest_ms: 0 };
  const row = rows.get(key) ?? { level, name, ...empty };
  rows.set(key, row);
  row.count++;
  row.errors += node.errors;
  row.warnings += node.warnings;
  if (node.status === 'running') {
    row.running++;
    return;
  }
  if (node.status === 'failed' || node.status === 'abandoned') row.failed++;
  row.total_ms += node.duration_ms;
  row.longest_ms = Math.max(row.longest_ms, node.duration_ms);
}

const rowKey = ({ level, name }: HierarchyNode): string => `${level} ${name}`;

/** `around`: rows of the activities that these stand in, and that have counted them already. */
function countUsage(
  rows: ReadonlyMap<string, ActivitySummary>,
  nodes: readonly HierarchyNode[],
  around: ReadonlySet<string>,
): void {
  for (const node of nodes) {
    const key = rowKey(node);
    const row = rows.get(key);
    if (row && node.usage && !around.has(key)) row.usage = addRows(row.usage, node.usage.total);
    // What is still open has counted nothing.
    countUsage(rows, node.children, node.usage ? new Set([...around, key]) : around);
  }
}

function problemsOf(document: PipelineDocument): ProblemSummary[] {
  const rows = new Map<string, ProblemSummary>();
  for (const event of document.events) {
    if (!isNote(event) || event.event_type === 'info') continue;
    const { type, message } = noteText(event);
    const key = `${event.level} ${type}`;
    const row = rows.get(key) ?? { level: event.level, type: type ?? '', count: 0, last_at: '', last_message: '' };
    rows.set(key, row);
    row.count++;
    row.last_at = event.timestamp;
    row.last_message = message;
  }
  return [...rows.values()].sort((a, b) => a.level.localeCompare(b.level) || b.count - a.count);
}
