/** `pipeline compare`: before and after a time, or a commit. */
import { SpanbookError } from '../../errors.ts';
import type { ActivityLevel } from '../../query/analysis/activity-kind.ts';
import { type ComparedKind, comparePeriods } from '../../query/analysis/compare-periods.ts';
import type { CsvTable } from '../../query/csv-text.ts';
import { askAnalysis } from '../ask-analysis.ts';
import { type CommandCall, numberOption, type RunCommand, textOption } from '../command-spec.ts';
import { commitTime } from '../commit-time.ts';
import { renderComparison } from '../render-comparison.ts';
import { timeOption, zoneOf } from '../usage-range.ts';

const DAY_MILLIS = 86_400_000;
const SIDE = ['count', 'ended', 'failed', 'failure_share', 'p50_ms', 'p95_ms', 'p50_cost'] as const;
const CHANGE = ['change', 'p_value', 'p_adjusted', 'verdict'] as const;
const MEASURES = ['duration', 'cost', 'failures'] as const;

export const run: RunCommand = async call => {
  const at = await momentOf(call);
  const days = numberOption(call, 'days');
  const level = textOption(call, 'by') as ActivityLevel | undefined;
  const since = days === undefined ? undefined : at - days * DAY_MILLIS;
  return askAnalysis(call, since, ({ table, now }) => {
    const comparison = comparePeriods(table.rows.values(), { at, now, days, level });
    const commit = textOption(call, 'commit') ?? null;
    return {
      json: { commit, ...comparison },
      csv: () => comparisonCsv(comparison.rows),
      lines: () => renderComparison(call.style, comparison, commit),
    };
  });
};

async function momentOf(call: CommandCall): Promise<number> {
  const commit = textOption(call, 'commit');
  const at = timeOption(call, 'at', await zoneOf(call));
  if ((at === undefined) === (commit === undefined)) {
    const got = at === undefined ? 'neither' : 'both';
    throw new SpanbookError('USAGE', `pipeline compare: expected either --at T or --commit SHA, got ${got}`);
  }
  const { cwd: folder, env } = call.context;
  return at ?? commitTime({ folder, commit: commit ?? '', env });
}

const comparisonCsv = (rows: readonly ComparedKind[]): CsvTable => ({
  header: [
    'level',
    'name',
    ...['before', 'after'].flatMap(side => SIDE.map(name => `${side}_${name}`)),
    ...MEASURES.flatMap(measure => CHANGE.map(name => `${measure}_${name}`)),
  ],
  rows: rows.map(row => [
    row.level,
    row.name,
    ...SIDE.map(name => row.before[name]),
    ...SIDE.map(name => row.after[name]),
    ...MEASURES.flatMap(measure => CHANGE.map(name => row[measure][name])),
  ]),
});
