/** `pipeline summary`: a report over everything. */
import { summarize } from '../../query/summarize.ts';
import { summaryText } from '../../query/summary-text.ts';
import { readHistory } from '../../store/read-document.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { emptyStateText } from '../empty-state.ts';

export function run({ stateDir, say, context }: CommandCall): CommandAnswer {
  const summary = summarize(readHistory(stateDir, say), context.now());
  const isEmpty = summary.statistics.total_events === 0;
  return { json: summary, text: () => (isEmpty ? emptyStateText(stateDir) : summaryText(summary)) };
}
