/** `pipeline durations`: how long activities take, how often they fail, and what they cost. */
import { type ActivityDurations, activityDurations } from '../../query/analysis/activity-durations.ts';
import type { ActivityLevel } from '../../query/analysis/activity-kind.ts';
import type { CsvTable } from '../../query/csv-text.ts';
import { askAnalysis } from '../ask-analysis.ts';
import { type RunCommand, textOption } from '../command-spec.ts';
import { renderDurations } from '../render-durations.ts';
import { rangeOf, zoneOf } from '../usage-range.ts';

const COLUMNS = [
  'level',
  'name',
  'count',
  'ended',
  'failed',
  'failure_share',
  'timed',
  'p50_ms',
  'p95_ms',
  'longest_ms',
  'total_ms',
  'total_cost',
  'p50_cost',
  'p95_cost',
  'tokens',
] as const satisfies readonly (keyof ActivityDurations)[];

export const run: RunCommand = async call => {
  const zone = await zoneOf(call);
  const range = rangeOf(call, zone);
  const level = textOption(call, 'by') as ActivityLevel | undefined;
  return askAnalysis(call, range.since, ({ table, now }) => {
    const rows = activityDurations(table.rows, { calendar: zone.calendar, now, level, ...range });
    const timeText = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());
    return {
      json: { time_zone: zone.zone, since: timeText(range.since), until: timeText(range.until), rows },
      csv: () => durationsCsv(rows),
      lines: () => renderDurations(call.style, rows),
    };
  });
};

/** All time first, with an empty start; then each period. */
const durationsCsv = (rows: readonly ActivityDurations[]): CsvTable => ({
  header: ['start', ...COLUMNS],
  rows: rows.flatMap(row => [
    [null, ...COLUMNS.map(name => row[name])],
    ...row.periods.map(period => [period.start, ...COLUMNS.map(name => ({ ...row, ...period })[name])]),
  ]),
});
