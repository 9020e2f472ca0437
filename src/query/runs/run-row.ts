/** A run as lists show it: the activity at the top, and what all below it adds up to. */
import type { UsageRow } from '../../model/document-schema.ts';
import { addRows } from '../usage-below.ts';
import { type ActivityRow, type ActivityStatus, durationOf } from './activity-row.ts';
import type { ActivityTable } from './activity-table.ts';

export interface RunRow {
  event_id: string;
  level: ActivityRow['level'];
  name: string;
  label: string | null;
  stage: string | null;
  system_name: string | null;
  session_id: string | null;
  trace_id: string | null;
  status: ActivityStatus;
  /** RFC 3339. */
  started_at: string;
  ended_at: string | null;
  /** Until its end, or until now. */
  duration_ms: number;
  agents: number;
  skills: number;
  checkpoints: number;
  /** Of the run and of all below it. */
  errors: number;
  warnings: number;
  /** What has ended of it; null if nothing has used anything. Cost in USD. */
  usage: UsageRow | null;
  /** Names of the agents and of the skills in it, each once. */
  agent_names: string[];
  skill_names: string[];
}

/** `now`: milliseconds since 1970. */
export function runRow(table: ActivityTable, root: ActivityRow, now: number): RunRow {
  const counts = { agent: 0, skill: 0, checkpoint: 0, command: 0 };
  const names = { agent: new Set<string>(), skill: new Set<string>() };
  let { errors, warnings } = root;
  for (const row of rowsBelow(table, root)) {
    counts[row.level]++;
    if (row.level === 'agent' || row.level === 'skill') names[row.level].add(row.name);
    errors += row.errors;
    warnings += row.warnings;
  }
  return {
    event_id: root.id,
    level: root.level,
    name: root.name,
    label: root.label,
    stage: root.stage,
    system_name: root.systemName,
    session_id: root.sessionId,
    trace_id: root.traceId,
    status: root.status,
    started_at: new Date(root.startedAt).toISOString(),
    ended_at: root.endedAt === null ? null : new Date(root.endedAt).toISOString(),
    duration_ms: durationOf(root, now),
    agents: counts.agent,
    skills: counts.skill,
    checkpoints: counts.checkpoint,
    errors,
    warnings,
    usage: usageOf(table, root) ?? null,
    agent_names: [...names.agent].sort(),
    skill_names: [...names.skill].sort(),
  };
}

/** All that is below an activity, each before what is below it. */
export function rowsBelow(table: ActivityTable, root: ActivityRow): ActivityRow[] {
  const found: ActivityRow[] = [];
  const open = [...table.childrenOf(root.id)].reverse();
  for (let row = open.pop(); row; row = open.pop()) {
    found.push(row);
    for (const child of table.childrenOf(row.id).toReversed()) open.push(child);
  }
  return found;
}

/** Of what is still open, that which has ended inside it. */
function usageOf(table: ActivityTable, root: ActivityRow): UsageRow | undefined {
  if (root.usage) return root.usage.total;
  let sum: UsageRow | undefined;
  for (const child of table.childrenOf(root.id)) {
    const below = usageOf(table, child);
    if (below) sum = addRows(sum, below);
  }
  return sum;
}
