/** Where a report goes, and in which form: worked out before anything is read. */
import { statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { SpanbookError } from '../errors.ts';
import { type CommandCall, textOption } from './command-spec.ts';
import { REPORT_FORMATS, type ReportFormat } from './report-commands.ts';

export interface ReportTarget {
  format: ReportFormat;
  /** Null: standard output. */
  file: string | null;
}

const BINARY: readonly ReportFormat[] = ['pdf', 'xlsx'];
const ENDINGS: Readonly<Record<string, ReportFormat>> = { '.htm': 'html', '.markdown': 'md' };

/** @throws SpanbookError `USAGE` if it cannot go there. */
export function reportTarget(call: CommandCall): ReportTarget {
  const out = textOption(call, 'out');
  const file = out === undefined || out === '-' ? null : resolve(call.context.cwd, out);
  const format = formatOf(call, file);
  if (textOption(call, 'table') !== undefined && format !== 'csv') {
    throw new SpanbookError('USAGE', `--table: expected --format csv beside it, got ${format}`);
  }
  if (file !== null) checkFile(file, out ?? '');
  else if (call.json && format !== 'json') {
    throw new SpanbookError('USAGE', `--json: expected --out FILE beside --format ${format}, got none`);
  } else if (call.context.isTty && BINARY.includes(format)) {
    throw new SpanbookError(
      'USAGE',
      `--format ${format}: expected a file, got a terminal. Add --out report.${format}, or write > report.${format}`,
    );
  }
  return { format, file };
}

function formatOf(call: CommandCall, file: string | null): ReportFormat {
  const given = REPORT_FORMATS.find(format => format === textOption(call, 'format'));
  if (given) return given;
  if (file === null) return call.json ? 'json' : 'md';
  const ending = extname(file).toLowerCase();
  return REPORT_FORMATS.find(format => `.${format}` === ending) ?? ENDINGS[ending] ?? 'md';
}

function checkFile(file: string, asGiven: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (asGiven === '' || found?.isDirectory() === true) {
    throw new SpanbookError(
      'USAGE',
      `--out: expected a file, got ${asGiven === '' ? 'nothing' : `the folder ${file}`}`,
    );
  }
}
