/** The report as a workbook: a sheet for each table, numbers and dates as such, and every name as text. */
import writeXlsxFile, { type Cell, type Sheet } from 'write-excel-file/node';
import { limited } from './cell-text.ts';
import type { ReportData } from './report-data.ts';
import type { ReportHead } from './report-head.ts';
import { type ColumnKind, isNumeric, type ReportTable, type ReportValue } from './report-table.ts';
import type { ReportSection } from './report-tables.ts';

export interface XlsxReport {
  data: ReportData;
  head: ReportHead;
  sections: readonly ReportSection[];
}

/** A cell holds 32,767 characters, and nobody reads that many. */
const MAX_TEXT = 1000;
const FORMATS: Readonly<Partial<Record<ColumnKind, string>>> = {
  count: '#,##0',
  money: '"$"#,##0.00#######',
  share: '0.0%',
  duration: '#,##0',
};
const WIDTHS: Readonly<Partial<Record<ColumnKind, number>>> = { name: 34, text: 60, time: 17, day: 12 };
const DAY_FORMAT = 'yyyy-mm-dd';
const TIME_FORMAT = 'yyyy-mm-dd hh:mm';

type SheetOf = Sheet<never>;

export function renderXlsx({ data, head, sections }: XlsxReport): Promise<Buffer> {
  const tables = sections.flatMap(section => section.tables).filter(({ id }) => id !== 'totals');
  const sheets = [summarySheet(data, head), ...tables.map(table => tableSheet(table, head))];
  return writeXlsxFile(sheets as Sheet<Buffer>[], { fontFamily: 'Calibri', fontSize: 11 }).toBuffer();
}

function tableSheet({ id, columns, rows, total }: ReportTable, { timeText }: ReportHead): SheetOf {
  const line = (values: readonly ReportValue[], isTotal = false): Cell[] =>
    columns.map(({ kind }, index) => ({
      ...valueCell(values[index] ?? null, kind, timeText),
      ...(isTotal && { fontWeight: 'bold' as const, topBorderStyle: 'thin' as const }),
    }));
  return {
    sheet: sheetName(id),
    stickyRowsCount: 1,
    columns: columns.map(({ kind, title }) => ({ width: WIDTHS[kind] ?? Math.max(12, title.length + 3) })),
    data: [
      columns.map(({ title, kind }) => headCell(kind === 'duration' ? `${title} (ms)` : title, isNumeric(kind))),
      ...rows.map(row => line(row)),
      ...(total ? [line(total, true)] : []),
    ],
  };
}

/** `failed-runs` as `Failed runs`. */
const sheetName = (id: string): string => (id.slice(0, 1).toUpperCase() + id.slice(1)).replaceAll('-', ' ');

const headCell = (text: string, isRight = false): Cell => ({
  value: text,
  type: String,
  fontWeight: 'bold',
  backgroundColor: '#E8EDF3',
  ...(isRight && { align: 'right' as const }),
});

function valueCell(
  value: ReportValue,
  kind: ColumnKind,
  timeText: (at: string) => string,
): Exclude<Cell, null | undefined> & object {
  if (value === null) return { value: '', type: String };
  if (typeof value === 'number') {
    const format = FORMATS[kind];
    return { value, type: Number, ...(format && { format }) };
  }
  const date = dateOf(value, kind, timeText);
  if (date) return { value: date, type: Date, format: kind === 'day' ? DAY_FORMAT : TIME_FORMAT };
  return { value: limited(value, MAX_TEXT), type: String };
}

/** As the clocks of the zone show it: a workbook knows no zones. */
function dateOf(value: string, kind: ColumnKind, timeText: (at: string) => string): Date | null {
  if (kind !== 'day' && kind !== 'time') return null;
  const text = kind === 'day' ? value : timeText(value);
  const at = Date.parse(kind === 'day' ? `${text}T00:00Z` : `${text.replace(' ', 'T')}Z`);
  return Number.isNaN(at) ? null : new Date(at);
}

function summarySheet({ totals, notes }: ReportData, head: ReportHead): SheetOf {
  const text = (value: string): Cell => ({ value: limited(value, MAX_TEXT), type: String });
  const number = (name: string, value: number, format = '#,##0'): Cell[] => [
    text(name),
    { value, type: Number, format },
  ];
  return {
    sheet: 'Summary',
    columns: [{ width: 34 }, { width: 22 }, { width: 60 }],
    data: [
      [{ value: head.title, type: String, fontWeight: 'bold', fontSize: 16 }],
      [text(head.about)],
      [text(head.made)],
      [],
      [headCell('What'), headCell('Amount', true)],
      number('Cost at list prices, USD', totals.total_cost, '"$"#,##0.00#######'),
      number('Input tokens, not cached', totals.total_tokens_input),
      number('Cache read tokens', totals.total_tokens_cache_read),
      number('Cache write tokens, 5 minutes', totals.total_tokens_cache_write_5m),
      number('Cache write tokens, 1 hour', totals.total_tokens_cache_write_1h),
      number('Output tokens', totals.total_tokens_output),
      number('Tokens without a price', totals.unpriced_tokens),
      number('Requests', totals.requests),
      number('Requests without final usage', totals.output_incomplete_requests),
      number('Web searches', totals.web_searches),
      number('Sessions', totals.sessions_tracked),
      [],
      [text(head.trend)],
      ...notes.map((note): Cell[] => [text(note)]),
    ],
  };
}
