/** What the commands of analysis have in common: the activities as rows, `--csv`, and words for nothing. */
import { SpanbookError } from '../errors.ts';
import type { PipelineDocument } from '../model/document-schema.ts';
import { documentTable } from '../query/analysis/document-table.ts';
import { type CsvTable, csvText } from '../query/csv-text.ts';
import { readHistory } from '../store/read-document.ts';
import type { CommandAnswer, CommandCall, KnownHistory } from './command-spec.ts';
import { emptyStateText } from './empty-state.ts';

export interface AnalysisQuestion extends KnownHistory {
  /** Milliseconds since 1970. */
  now: number;
}

export interface AnalysisReply {
  json: object;
  csv(): CsvTable;
  /** For people; asked for only if there is any activity. */
  lines(): string[];
}

/** `since`: what ended before it is not needed, in milliseconds since 1970. */
export async function askAnalysis(
  call: CommandCall,
  since: number | undefined,
  reply: (question: AnalysisQuestion) => AnalysisReply | Promise<AnalysisReply>,
): Promise<CommandAnswer> {
  const { options, json, stateDir, say, context } = call;
  if (json && options.csv === true) throw new SpanbookError('USAGE', '--csv: expected no --json beside it, got both');
  const { document, table } = call.history ?? historyOf(readHistory(stateDir, say, since));
  const answered = await reply({ document, table, now: context.now() });
  const text = (): string => {
    if (options.csv === true) return csvText(answered.csv());
    // The oldest archives may have been left out.
    if (table.rows.size === 0 && document.statistics.total_events === 0) return emptyStateText(stateDir);
    return answered.lines().join('\n');
  };
  return { json: answered.json, text };
}

const historyOf = (document: PipelineDocument): KnownHistory => ({ document, table: documentTable(document) });
