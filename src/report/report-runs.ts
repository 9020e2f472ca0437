/** Which runs a report shows: the last, the dearest, the longest, and those that failed. */
import type { ActivityTable } from '../query/runs/activity-table.ts';
import { type RunFilter, RunLister, type RunQuery } from '../query/runs/list-runs.ts';
import type { RunRow } from '../query/runs/run-row.ts';

export interface ReportRuns {
  /** Of the time and the sessions of the report. */
  matching: number;
  last: RunRow[];
  dearest: RunRow[];
  longest: RunRow[];
  /** Failed or abandoned, the newest first. */
  failed: RunRow[];
}

const SHOWN = 10;

export interface ReportRunsQuery {
  /** Which runs count. */
  filter: RunFilter;
  /** How many of the last ones; of the others the first ten. */
  limit: number;
  /** Milliseconds since 1970. */
  now: number;
}

export function reportRuns(table: ActivityTable, { filter, limit, now }: ReportRunsQuery): ReportRuns {
  const lister = new RunLister(table);
  const list = (query: RunQuery): RunRow[] => lister.list({ ...filter, limit: SHOWN, ...query }, now).runs;
  const failed = [...list({ status: 'failed' }), ...list({ status: 'abandoned' })];
  const newest = failed.sort((a, b) => (a.started_at < b.started_at ? 1 : -1));
  return {
    matching: lister.list({ ...filter, limit: 0 }, now).matching,
    last: list({ order: 'started', limit }),
    dearest: list({ order: 'cost', minCost: Number.MIN_VALUE }),
    longest: list({ order: 'duration' }),
    failed: newest.slice(0, SHOWN),
  };
}
