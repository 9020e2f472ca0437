/** A report in a form. What draws, and the libraries of the forms, are loaded for the forms that need them. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DOCUMENT_SCHEMA_VERSION } from '../model/render-document.ts';
import { limited } from '../report/cell-text.ts';
import type { ReportData } from '../report/report-data.ts';
import type { ReportHead } from '../report/report-head.ts';
import { reportSections, reportTable } from '../report/report-tables.ts';
import type { TableId } from '../report/table-ids.ts';
import type { ReportFormat } from './report-commands.ts';

export interface MakeOptions {
  head: ReportHead;
  /** Of a CSV. */
  table: TableId;
  /** Path of the executable; fonts lie beside it. */
  executable: string;
}

const WIDE = 1000;
const HALF = 500;
const NARROW = 360;
const PAGE = 700;
/** Of a name in a chart, which cuts it once more. */
const MAX_NAME = 200;

export async function makeReport(
  format: ReportFormat,
  data: ReportData,
  { head, table, executable }: MakeOptions,
): Promise<string | Uint8Array> {
  const sections = reportSections(data);
  const { notes } = data;
  switch (format) {
    case 'json':
      return `${JSON.stringify({ schema_version: DOCUMENT_SCHEMA_VERSION, ...data })}\n`;
    case 'csv': {
      const { renderTableCsv } = await import('../report/render-table-csv.ts');
      const asked = reportTable(data, table);
      return asked ? renderTableCsv(asked) : '';
    }
    case 'html': {
      const { drawCharts } = await import('../report/draw-charts.ts');
      const { renderHtml } = await import('../report/render-html.ts');
      const wide = drawCharts(data, { width: WIDE, halfWidth: HALF });
      return renderHtml({ head, sections, notes, wide, narrow: drawCharts(data, { width: NARROW }) });
    }
    case 'pdf':
      return makePdf(data, head, executable);
    case 'xlsx': {
      const { renderXlsx } = await import('../report/render-xlsx.ts');
      return renderXlsx({ data, head, sections });
    }
    default: {
      const { renderMarkdown } = await import('../report/render-markdown.ts');
      return renderMarkdown({ head, sections, notes });
    }
  }
}

async function makePdf(data: ReportData, head: ReportHead, executable: string): Promise<Uint8Array> {
  const { drawCharts } = await import('../report/draw-charts.ts');
  const { renderPdf } = await import('../report/render-pdf.ts');
  const { fontCharacters, inFont } = await import('../report/font-characters.ts');
  const folder = `${dirname(executable)}/fonts`;
  const fonts = { normal: `${folder}/Roboto-Regular.ttf`, bold: `${folder}/Roboto-Medium.ttf` };
  const has = fontCharacters(readFileSync(fonts.normal));
  const readable = (text: string): string => inFont(text, has);
  const pictures = drawCharts(data, {
    width: PAGE,
    font: 'Roboto',
    readable: name => readable(limited(name, MAX_NAME)),
  });
  const madeAt = Date.parse(data.generated_at);
  return renderPdf({ head, sections: reportSections(data), notes: data.notes, pictures, fonts, readable, madeAt });
}
