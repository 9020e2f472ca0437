/** The report as Markdown, as GitHub shows it. Names are text in it: no markup, no HTML, no links. */
import { cellText, noteText } from './cell-text.ts';
import type { ReportHead } from './report-head.ts';
import { isNumeric, type ReportTable } from './report-table.ts';
import type { ReportSection } from './report-tables.ts';

export interface MarkdownReport {
  head: ReportHead;
  sections: readonly ReportSection[];
  notes: readonly string[];
}

const MAX_ROWS = 15;
const MAX_DAYS = 31;
/** What may begin markup inside a line, math and references with it. */
const MARKUP = /[\\`*_[\]<>|~&$#]/g;

/** A text with each sign that could be markup, or make a link or a mention, written so that it stands for itself. */
export const markdownText = (text: string): string =>
  text
    .replace(MARKUP, sign => (sign === '<' ? '&lt;' : sign === '>' ? '&gt;' : sign === '&' ? '&amp;' : `\\${sign}`))
    .replace(/:(?=\/\/)/g, '&#58;')
    .replace(/\bwww\./gi, www => `${www.slice(0, -1)}&#46;`)
    .replace(/@/g, '&#64;');

export function renderMarkdown({ head, sections, notes }: MarkdownReport): string {
  const figures = head.figures.map(
    ({ name, value, detail }) => `| ${markdownText(name)} | **${markdownText(value)}** | ${markdownText(detail)} |`,
  );
  const lines = [
    `# ${head.title}`,
    '',
    markdownText(head.about),
    '',
    `_${markdownText(head.made)}_`,
    '',
    '| | | |',
    '|---|---:|---|',
    ...figures,
    '',
    ...sections.flatMap(({ title, tables }) => [
      `## ${title}`,
      '',
      ...(title === 'Money' ? [markdownText(head.trend), ''] : []),
      ...tables.flatMap(table => tableLines(table, head)),
    ]),
    '## Notes',
    '',
    ...notes.map(note => `- ${markdownText(noteText(note))}`),
  ];
  return `${lines.join('\n')}\n`;
}

function tableLines({ id, title, columns, rows, total, empty }: ReportTable, { timeText }: ReportHead): string[] {
  if (rows.length === 0) return [`### ${title}`, '', empty, ''];
  const shown = id === 'daily' ? rows.slice(-MAX_DAYS) : rows.slice(0, MAX_ROWS);
  const line = (values: ReportTable['rows'][number], mark = ''): string =>
    `| ${columns
      .map(({ kind }, index) => {
        const text = markdownText(cellText(values[index] ?? null, kind, timeText));
        return text === '' ? text : `${mark}${text}${mark}`;
      })
      .join(' | ')} |`;
  const left = rows.length - shown.length;
  return [
    `### ${title}`,
    '',
    `| ${columns.map(column => column.title).join(' | ')} |`,
    `|${columns.map(({ kind }) => (isNumeric(kind) ? '---:' : '---')).join('|')}|`,
    ...shown.map(row => line(row)),
    ...(total ? [line(total, '**')] : []),
    '',
    ...(left > 0 ? [`${left} more ${left === 1 ? 'row is' : 'rows are'} in the total.`, ''] : []),
  ];
}
