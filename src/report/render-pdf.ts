/** The report as PDF: the same tables and charts on pages, with numbers, an outline, and repeated heads of tables. */
import pdfmake from 'pdfmake';
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { cellText, noteText } from './cell-text.ts';
import type { Picture } from './draw-charts.ts';
import { PDF_CARDS, PDF_COLORS, PDF_STYLES, PDF_TABLE, PDF_WIDTH } from './pdf-layout.ts';
import type { KeyFigure, ReportHead } from './report-head.ts';
import { isNumeric, type ReportTable, type ReportValue } from './report-table.ts';
import type { ReportSection } from './report-tables.ts';

export interface PdfReport {
  head: ReportHead;
  sections: readonly ReportSection[];
  notes: readonly string[];
  pictures: readonly Picture[];
  /** Files of the font. */
  fonts: { normal: string; bold: string };
  /** The text in characters that the font has. */
  readable: (text: string) => string;
  /** Milliseconds since 1970: when it was made. */
  madeAt: number;
}

const MAX_ROWS = 25;
const MAX_DAYS = 62;
const MAX_NAME = 34;
/** Ids are for machines; a page has no room for them. */
const LEFT_OUT = ['event_id'];

export async function renderPdf(report: PdfReport): Promise<Buffer> {
  const { normal, bold } = report.fonts;
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy(path => path === normal || path === bold);
  pdfmake.setFonts({ Roboto: { normal, bold, italics: normal, bolditalics: bold } });
  return pdfmake.createPdf(documentOf(report)).getBuffer();
}

function documentOf(report: PdfReport): TDocumentDefinitions {
  const { head, sections, notes, readable, madeAt } = report;
  return {
    info: { title: readable(`${head.title}, ${head.about}`), creator: 'spanbook', creationDate: new Date(madeAt) },
    pageSize: 'A4',
    pageMargins: [40, 40, 40, 44],
    defaultStyle: { font: 'Roboto', fontSize: 9, color: PDF_COLORS.text },
    styles: PDF_STYLES,
    footer: (page, pages) => ({
      columns: [head.title, { text: `${page} of ${pages}`, alignment: 'right' }],
      style: 'note',
      margin: [40, 12, 40, 0],
    }),
    content: [
      { text: head.title, style: 'title' },
      { text: readable(head.about), style: 'about' },
      { text: readable(head.made), style: 'about' },
      cards(head.figures, readable),
      ...sections.flatMap(section => sectionContent(section, report)),
      { text: 'Notes', style: 'section', outline: true },
      ...notes.map((note): Content => ({ text: readable(noteText(note)), style: 'note' })),
    ],
  };
}

/** Three in a row. */
function cards(figures: readonly KeyFigure[], readable: (text: string) => string): Content {
  const card = ({ name, value, detail }: KeyFigure): TableCell => ({
    stack: [
      { text: name, fontSize: 8, color: PDF_COLORS.faint },
      { text: readable(value), fontSize: 16, bold: true },
      { text: readable(detail), fontSize: 7, color: PDF_COLORS.faint },
    ],
    fillColor: PDF_COLORS.card,
  });
  const rows = [figures.slice(0, 3), figures.slice(3, 6)].filter(row => row.length === 3);
  return {
    stack: rows.map(row => ({
      table: { widths: ['*', '*', '*'], body: [row.map(card)] },
      layout: PDF_CARDS,
      margin: [0, 6, 0, 0],
    })),
    margin: [0, 10, 0, 0],
  };
}

function sectionContent({ title, tables }: ReportSection, report: PdfReport): Content[] {
  const { pictures, head, readable } = report;
  const figures = pictures.filter(({ section }) => section === title);
  return [
    { text: title, style: 'section', outline: true, headlineLevel: 1 },
    ...(title === 'Money' ? [{ text: readable(head.trend), fontSize: 9 }] : []),
    ...figures.map(
      (picture): Content => ({
        stack: [
          { text: picture.title, style: 'table' },
          { svg: picture.svg, width: PDF_WIDTH },
        ],
        unbreakable: true,
      }),
    ),
    ...tables.flatMap(table => tableContent(table, report)),
  ];
}

function tableContent(table: ReportTable, { head, readable }: PdfReport): Content[] {
  const { title, columns: all, rows, total, empty, id } = table;
  const heading: Content = { text: title, style: 'table' };
  if (rows.length === 0) return [{ stack: [heading, { text: empty, style: 'note' }], unbreakable: true }];
  const columns = all.flatMap((column, index) => (LEFT_OUT.includes(column.key) ? [] : [{ ...column, index }]));
  const shown = id === 'daily' ? rows.slice(-MAX_DAYS) : rows.slice(0, MAX_ROWS);
  const left = rows.length - shown.length;
  const firstText = columns.findIndex(({ kind }) => kind === 'text');
  const firstName = columns.findIndex(({ key }) => key === 'name');
  const wide = firstText >= 0 ? firstText : Math.max(0, firstName);
  const line = (values: ReportTable['rows'][number], isTotal = false): TableCell[] =>
    columns.map(({ kind, index }, place) => ({
      text: readable(pageText(cellText(values[index] ?? null, kind, head.timeText), kind === 'name' && place !== wide)),
      style: 'cell',
      bold: isTotal,
      alignment: isNumeric(kind) ? 'right' : 'left',
      noWrap: kind !== 'name' && kind !== 'text',
      ...(isLongWord(values[index] ?? null) && { wordBreak: 'break-all' as const }),
    }));
  const heads = columns.map(
    ({ title: text, kind }): TableCell => ({ text, style: 'head', alignment: isNumeric(kind) ? 'right' : 'left' }),
  );
  return [
    { ...heading, headlineLevel: 2 },
    {
      table: {
        headerRows: 1,
        keepWithHeaderRows: 2,
        dontBreakRows: true,
        widths: columns.map((_, index) => (index !== wide ? 'auto' : id === 'totals' ? 200 : '*')),
        body: [heads, ...shown.map(row => line(row)), ...(total ? [line(total, true)] : [])],
      },
      layout: PDF_TABLE,
    },
    ...(left > 0 ? [{ text: `${left} more ${left === 1 ? 'row is' : 'rows are'} in the total.`, style: 'note' }] : []),
  ];
}

/** A word that is longer than its column is broken anywhere, or it would push the table off the page. */
const isLongWord = (value: ReportValue): boolean =>
  typeof value === 'string' && /\S{24}|[^ -~]/.test(value.slice(0, 1000));

/** Shorter than on a screen. */
function pageText(text: string, isName: boolean): string {
  const characters = [...text];
  return isName && characters.length > MAX_NAME ? `${characters.slice(0, MAX_NAME - 1).join('')}…` : text;
}
