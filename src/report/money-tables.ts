/** Budgets, alerts and advice as tables. */
import type { ReportData } from './report-data.ts';
import type { ReportTable } from './report-table.ts';

export const budgetsTable = ({ budgets }: ReportData): ReportTable => ({
  id: 'budgets',
  title: 'Budgets',
  columns: [
    { key: 'name', title: 'Budget', kind: 'name' },
    { key: 'period', title: 'Period', kind: 'name' },
    { key: 'level', title: 'Level', kind: 'name' },
    { key: 'used', title: 'Used', kind: 'money' },
    { key: 'limit', title: 'Limit', kind: 'money' },
    { key: 'share', title: 'Share', kind: 'share' },
    { key: 'expected', title: 'Likely at its end', kind: 'money' },
  ],
  rows: budgets.map(row => [
    row.name,
    row.period,
    row.level,
    row.used,
    row.limit,
    row.share,
    row.forecast?.expected ?? null,
  ]),
  empty: 'No budgets are set.',
});

export const alertsTable = ({ alerts }: ReportData): ReportTable => ({
  id: 'alerts',
  title: 'Alerts',
  columns: [
    { key: 'at', title: 'At', kind: 'time' },
    { key: 'level', title: 'Level', kind: 'name' },
    { key: 'message', title: 'What', kind: 'text' },
  ],
  rows: alerts.toReversed().map(row => [row.at, row.level, row.message]),
  empty: 'No alerts in this time.',
});

export const adviceTable = ({ recommendations }: ReportData): ReportTable => ({
  id: 'advice',
  title: 'What would save money',
  columns: [
    { key: 'message', title: 'Advice', kind: 'text' },
    { key: 'saved', title: 'Saved in 30 days', kind: 'money' },
  ],
  rows: recommendations.map(row => [row.message, row.saved]),
  empty: 'Nothing was found.',
});
