/** `pipeline errors`: errors and warnings, the latest last. */
import type { ErrorEvent, WarningEvent } from '../../model/document-schema.ts';
import { filterEvents, oldestOf } from '../../query/filter-events.ts';
import { listErrors } from '../../query/list-errors.ts';
import { safeText } from '../../query/safe-text.ts';
import { localTime } from '../../query/summary-text.ts';
import { readHistory } from '../../store/read-document.ts';
import { type CommandAnswer, type CommandCall, numberOption } from '../command-spec.ts';
import { renderRow } from '../render-row.ts';
import { noteLine } from '../render-tree.ts';
import { paint, type Style } from '../style.ts';

const DEFAULT_LIMIT = 50;

export function run(call: CommandCall): CommandAnswer {
  const { stateDir, say, style } = call;
  const now = call.context.now();
  const filter = { recentMinutes: numberOption(call, 'recent') };
  const document = readHistory(stateDir, say, oldestOf(filter, now));
  const all = listErrors(filterEvents(document.events, filter, now));
  const limit = numberOption(call, 'limit') ?? (call.json ? Number.MAX_SAFE_INTEGER : DEFAULT_LIMIT);
  const errors = all.errors.slice(-limit);
  const warnings = all.warnings.slice(-limit);
  return {
    json: { errors, warnings },
    text() {
      if (errors.length + warnings.length === 0) return 'No errors and no warnings.';
      const lines = [
        ...section(style, 'Errors', { shown: errors, total: all.errors.length }),
        ...section(style, 'Warnings', { shown: warnings, total: all.warnings.length }),
      ];
      return lines.join('\n').trimStart();
    },
  };
}

interface Listed {
  shown: readonly (ErrorEvent | WarningEvent)[];
  total: number;
}

function section(style: Style, title: string, { shown, total }: Listed): string[] {
  if (shown.length === 0) return [];
  const count = shown.length < total ? `the last ${shown.length} of ${total}` : String(total);
  const lines = ['', paint(style, 'bold', `${title} (${count})`)];
  for (const event of shown) {
    const names = [...event.hierarchy.path].map(safeText).join(` ${style.marks.arrow} `);
    lines.push(noteLine(style, event, '  '));
    const where = `    ${localTime(event.timestamp).slice(0, 10)}${names === '' ? '' : ` in ${names}`}`;
    lines.push(renderRow(style, [{ text: where, color: 'dim' }]));
  }
  return lines;
}
