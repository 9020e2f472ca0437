/** `pipeline bottlenecks [ID]`: what a run waited for. */
import { SpanbookError } from '../../errors.ts';
import { ClaudeCodeLeaves } from '../../leaf-source.ts';
import type { Leaf } from '../../model/leaf.ts';
import { type Bottlenecks, findBottlenecks } from '../../query/analysis/critical-path.ts';
import { findRun, lastRun } from '../../query/analysis/find-run.ts';
import type { ActivityRow } from '../../query/runs/activity-row.ts';
import { leafParents } from '../../query/runs/leaf-parents.ts';
import { rowsBelow } from '../../query/runs/run-row.ts';
import { type AnalysisQuestion, askAnalysis } from '../ask-analysis.ts';
import type { CommandCall, RunCommand } from '../command-spec.ts';
import { claudeDirsOf, openUsage } from '../open-usage.ts';
import { renderBottlenecks } from '../render-bottlenecks.ts';

const COLUMNS = ['event_id', 'level', 'name', 'started_at', 'ended_at', 'own_ms', 'share'] as const;

export const run: RunCommand = call =>
  askAnalysis(call, undefined, async question => {
    const row = runOf(call, question);
    const { table, now } = question;
    const found: Bottlenecks | null = row
      ? findBottlenecks(table, row, { now, leaves: await leavesOf(call, [row, ...rowsBelow(table, row)]) })
      : null;
    return {
      json: { run: found },
      csv: () => ({ header: COLUMNS, rows: (found?.path ?? []).map(part => COLUMNS.map(name => part[name])) }),
      lines: () => (found ? renderBottlenecks(call.style, found) : ['No run is known.']),
    };
  });

/** Null: none was named, and there is none. */
function runOf({ argument }: CommandCall, { table, document }: AnalysisQuestion): ActivityRow | null {
  if (argument === '') return lastRun(table);
  const found = findRun(table, document.events, argument);
  if (found.status === 'found') return found.row;
  if (found.status === 'several') {
    throw new SpanbookError(
      'BAD_INPUT',
      `event id: expected one activity, got "${argument}", with which ${found.count} begin`,
    );
  }
  throw new SpanbookError(
    'NOT_FOUND',
    `event id: expected one that was recorded, got "${argument}". See: spanbook pipeline events`,
  );
}

/** Of activities of a client: what its transcripts say that they did themselves. */
async function leavesOf(call: CommandCall, rows: readonly ActivityRow[]): Promise<Map<string, Leaf[]>> {
  const parents = leafParents(rows);
  let found = new Map<string, Leaf[]>();
  if (parents.length === 0) return found;
  const pricingPath = `${call.context.configDir}/usage_pricing.json`;
  // The ledger may lie somewhere else, and be gone afterwards.
  const look = (stateDir: string): void => {
    const leaves = new ClaudeCodeLeaves({ stateDir, claudeDirs: claudeDirsOf(call), pricingPath });
    found = leaves.leavesOf(parents);
    leaves.close();
  };
  await openUsage(call, { look });
  return found;
}
