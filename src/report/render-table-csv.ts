/** One table of the report as CSV: all its rows, the columns named as in JSON. */
import { csvText } from '../query/csv-text.ts';
import type { ReportTable } from './report-table.ts';

export const renderTableCsv = ({ columns, rows }: ReportTable): string =>
  csvText({ header: columns.map(({ key }) => key), rows });
