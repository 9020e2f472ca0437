/** `pipeline anomalies`: what was out of the ordinary, each by its own history. */
import type { ActivityLevel } from '../../query/analysis/activity-kind.ts';
import { type Anomaly, findAnomalies } from '../../query/analysis/find-anomalies.ts';
import { askAnalysis } from '../ask-analysis.ts';
import { numberOption, type RunCommand, textOption } from '../command-spec.ts';
import { renderAnomalies } from '../render-anomalies.ts';
import { rangeOf, zoneOf } from '../usage-range.ts';

const DEFAULT_LIMIT = 20;
const COLUMNS = [
  'event_id',
  'level',
  'name',
  'status',
  'started_at',
  'ended_at',
  'kind',
  'value',
  'usual',
  'low',
  'high',
  'score',
  'history',
  'reason',
] as const satisfies readonly (keyof Anomaly)[];

export const run: RunCommand = async call => {
  const range = rangeOf(call, await zoneOf(call));
  const level = textOption(call, 'by') as ActivityLevel | undefined;
  const isWhole = call.json || call.options.csv === true;
  const limit = numberOption(call, 'limit') ?? (isWhole ? undefined : DEFAULT_LIMIT);
  // What they are compared with goes further back than `--since`.
  return askAnalysis(call, undefined, ({ table, now }) => {
    const found = findAnomalies(table.rows.values(), { now, level, limit, ...range });
    return {
      json: found,
      csv: () => ({ header: COLUMNS, rows: found.anomalies.map(row => COLUMNS.map(name => row[name])) }),
      lines: () => renderAnomalies(call.style, found),
    };
  });
};
