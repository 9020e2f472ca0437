/** `import`: past sessions from the transcripts of Claude Code. */
import { claudeDir } from '../../claude-code/find-transcripts.ts';
import { SpanbookError } from '../../errors.ts';
import { type ImportResult, importSpans } from '../../import-spans.ts';
import { safeText } from '../../query/safe-text.ts';
import { readDocumentHead } from '../../store/read-document.ts';
import { type CommandAnswer, type CommandCall, numberOption, textOption } from '../command-spec.ts';

export function run(call: CommandCall): CommandAnswer {
  const { stateDir, context, options, say } = call;
  if (options.spans !== true) {
    throw new SpanbookError('USAGE', 'import: expected --spans, got no word of what to import');
  }
  const folder = textOption(call, 'claudeDir') ?? claudeDir(context.env);
  const now = context.now();
  const since = numberOption(call, 'since');
  const result = importSpans({ stateDir, claudeDir: folder, since, now, say });
  // The document is brought up to date now, and not when somebody asks next.
  if (result.facts_added > 0) readDocumentHead(stateDir, say);
  return { json: { claude_dir: folder, ...result }, text: () => render(result, folder, stateDir).join('\n') };
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

const sizeText = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
