/** `import`: past sessions from the transcripts of Claude Code. */
import { claudeDir } from '../../claude-code/claude-dir.ts';
import { findTranscripts } from '../../claude-code/find-transcripts.ts';
import { SpanbookError } from '../../errors.ts';
import { type ImportResult, importSpans } from '../../import-spans.ts';
import { formatMoney } from '../../model/format-amount.ts';
import { safeText } from '../../query/safe-text.ts';
import { type UsageTotals, usageTotals } from '../../query/usage/usage-totals.ts';
import { readDocumentHead } from '../../store/read-document.ts';
import { type CommandAnswer, type CommandCall, numberOption, textOption } from '../command-spec.ts';
import { readAndKeepUsage } from '../open-usage.ts';
import { sizeText } from '../size-text.ts';

export async function run(call: CommandCall): Promise<CommandAnswer> {
  const { stateDir, context, options, say } = call;
  const folder = textOption(call, 'claudeDir') ?? claudeDir(context.env);
  const now = context.now();
  const since = numberOption(call, 'since');
  if (options.spans !== true && since !== undefined) {
    throw new SpanbookError(
      'USAGE',
      'import: expected --spans with --since, got --since alone; usage is read as a whole',
    );
  }
  const result = options.spans === true ? importSpans({ stateDir, claudeDir: folder, since, now, say }) : null;
  if (!result) requireTranscripts(folder);
  const { news, view } = await readAndKeepUsage(call, [folder], { tellsAll: (result?.facts_added ?? 0) > 0 });
  // The document is brought up to date now, and not when somebody asks next.
  if ((result?.facts_added ?? 0) > 0) readDocumentHead(stateDir, say);
  const usage = { requests_added: news?.requests ?? 0, bytes_read: news?.bytes_read ?? 0, ...usageTotals(view) };
  return {
    json: { claude_dir: folder, ...result, usage },
    text: () => [...(result ? render(result, folder, stateDir) : []), ...renderUsage(usage)].join('\n'),
  };
}

function requireTranscripts(folder: string): void {
  if (findTranscripts(folder)) return;
  throw new SpanbookError(
    'NOT_FOUND',
    `${folder}: expected a folder of Claude Code with "projects" in it, got none; name it with --claude-dir`,
  );
}

interface ImportedUsage extends UsageTotals {
  requests_added: number;
  bytes_read: number;
}

function renderUsage({ requests_added, bytes_read, totals }: ImportedUsage): string[] {
  const read = bytes_read > 0 ? ` (read ${sizeText(bytes_read)})` : '';
  const unpriced = totals.unpriced_tokens > 0 ? `, ${totals.unpriced_tokens} tokens without a price` : '';
  return [
    `Usage: ${counted(requests_added, 'requests')} added${read}; ${counted(totals.requests, 'requests')} in all,` +
      ` ${formatMoney(totals.total_cost)} at list price${unpriced}`,
    'See it: spanbook usage report',
  ];
}

function render(result: ImportResult, folder: string, stateDir: string): string[] {
  const { added, files_found, files_read, bytes_read, sessions_read, skipped } = result;
  const counts = Object.entries(added).flatMap(([kind, count]) => (count > 0 ? [counted(count, kind)] : []));
  const read =
    files_read === 0
      ? `None of the ${files_found} transcripts in ${safeText(folder)} changed since the last import`
      : `Read ${counted(files_read, 'transcripts')} (${sizeText(bytes_read)}) of ${counted(sessions_read, 'sessions')}` +
        ` in ${safeText(folder)}`;
  const lines = [read, counts.length > 0 ? `Added ${counts.join(', ')} to ${stateDir}` : 'Nothing is new'];
  if (skipped.damaged > 0) lines.push(`Skipped ${counted(skipped.damaged, 'damaged lines')}`);
  const unknown = Object.entries(skipped.unknown).map(([type, count]) => `${count} × ${safeText(type)}`);
  if (unknown.length > 0) lines.push(`Passed by records of unknown kinds: ${unknown.join(', ')}`);
  if (counts.length > 0) lines.push('', 'See them: spanbook pipeline hierarchy, spanbook pipeline sessions');
  return lines;
}

/** `1 skill`, `2 skills`. */
const counted = (count: number, things: string): string => `${count} ${count === 1 ? things.slice(0, -1) : things}`;
