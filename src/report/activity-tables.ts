/** What ran, how long it took and what went wrong, as tables. */

import { allTokens } from '../query/all-tokens.ts';
import type { RunRow } from '../query/runs/run-row.ts';
import type { ReportData } from './report-data.ts';
import type { ReportColumn, ReportTable, ReportValue } from './report-table.ts';

const RUN_COLUMNS: readonly ReportColumn[] = [
  { key: 'started_at', title: 'Started', kind: 'time' },
  { key: 'name', title: 'Run', kind: 'name' },
  { key: 'status', title: 'Status', kind: 'name' },
  { key: 'duration_ms', title: 'Duration', kind: 'duration' },
  { key: 'agents', title: 'Agents', kind: 'count' },
  { key: 'errors', title: 'Errors', kind: 'count' },
  { key: 'warnings', title: 'Warnings', kind: 'count' },
  { key: 'tokens', title: 'Tokens', kind: 'count' },
  { key: 'cost', title: 'Cost', kind: 'money' },
  { key: 'event_id', title: 'Event', kind: 'name' },
];

const runValues = (run: RunRow): ReportValue[] => [
  run.started_at,
  run.label === null ? run.name : `${run.name}: ${run.label}`,
  run.status,
  run.duration_ms,
  run.agents,
  run.errors,
  run.warnings,
  run.usage ? allTokens(run.usage) : null,
  run.usage?.cost ?? null,
  run.event_id,
];

/** The last, the dearest, the longest, the failed. */
export function runTables({ runs }: ReportData): ReportTable[] {
  const table = (id: string, title: string, rows: readonly RunRow[], empty: string): ReportTable => ({
    id,
    title,
    columns: RUN_COLUMNS,
    rows: rows.map(runValues),
    empty,
  });
  return [
    table('runs', 'Last runs', runs.last, 'No runs in this time.'),
    table('dearest-runs', 'Dearest runs', runs.dearest, 'No run with a known cost in this time.'),
    table('longest-runs', 'Longest runs', runs.longest, 'No runs in this time.'),
    table('failed-runs', 'Failed runs', runs.failed, 'No run has failed.'),
  ];
}

export const durationsTable = ({ durations }: ReportData): ReportTable => ({
  id: 'durations',
  title: 'Durations',
  columns: [
    { key: 'level', title: 'Level', kind: 'name' },
    { key: 'name', title: 'Name', kind: 'name' },
    { key: 'count', title: 'Times', kind: 'count' },
    { key: 'failed', title: 'Failed', kind: 'count' },
    { key: 'p50_ms', title: 'p50', kind: 'duration' },
    { key: 'p95_ms', title: 'p95', kind: 'duration' },
    { key: 'longest_ms', title: 'Longest', kind: 'duration' },
    { key: 'total_ms', title: 'Together', kind: 'duration' },
    { key: 'total_cost', title: 'Cost', kind: 'money' },
  ],
  rows: durations.map(row => [
    row.level,
    row.name,
    row.count,
    row.failed,
    row.p50_ms,
    row.p95_ms,
    row.longest_ms,
    row.total_ms,
    row.total_cost === 0 && row.tokens === 0 ? null : row.total_cost,
  ]),
  empty: 'Nothing ran in this time.',
});

export const problemsTable = ({ problems }: ReportData): ReportTable => ({
  id: 'errors',
  title: 'Errors and warnings',
  columns: [
    { key: 'level', title: 'Level', kind: 'name' },
    { key: 'type', title: 'Type', kind: 'name' },
    { key: 'count', title: 'Times', kind: 'count' },
    { key: 'last_at', title: 'Last', kind: 'time' },
    { key: 'activity', title: 'In', kind: 'name' },
    { key: 'message', title: 'Last message', kind: 'text' },
  ],
  rows: problems.by_type.map(row => [row.level, row.type, row.count, row.last_at, row.activity, row.message]),
  empty: 'No errors and no warnings.',
});

export const anomaliesTable = ({ anomalies }: ReportData): ReportTable => ({
  id: 'anomalies',
  title: 'Out of the ordinary',
  columns: [
    { key: 'started_at', title: 'Started', kind: 'time' },
    { key: 'level', title: 'Level', kind: 'name' },
    { key: 'name', title: 'Name', kind: 'name' },
    { key: 'reason', title: 'Why', kind: 'text' },
  ],
  rows: anomalies.map(row => [row.started_at, row.level, row.name, row.reason]),
  empty: 'Nothing was out of the ordinary, as far as there is a history to compare with.',
});
