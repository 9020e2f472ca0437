/** All tables of a report, in its order. */
import { anomaliesTable, durationsTable, problemsTable, runTables } from './activity-tables.ts';
import { adviceTable, alertsTable, budgetsTable } from './money-tables.ts';
import type { ReportData } from './report-data.ts';
import type { ReportTable } from './report-table.ts';
import type { TableId } from './table-ids.ts';
import { breakdownTables, dailyTable, totalsTable } from './usage-tables.ts';

export interface ReportSection {
  title: string;
  tables: readonly ReportTable[];
}

/** The tables by what they are about. */
export const reportSections = (data: ReportData): ReportSection[] => [
  { title: 'Usage', tables: [totalsTable(data), dailyTable(data)] },
  { title: 'What it belongs to', tables: breakdownTables(data) },
  { title: 'Money', tables: [budgetsTable(data), alertsTable(data), adviceTable(data)] },
  { title: 'Runs', tables: runTables(data) },
  { title: 'Durations', tables: [durationsTable(data)] },
  { title: 'What went wrong', tables: [problemsTable(data), anomaliesTable(data)] },
];

export const reportTable = (data: ReportData, id: TableId): ReportTable | undefined =>
  reportSections(data)
    .flatMap(({ tables }) => tables)
    .find(table => table.id === id);
