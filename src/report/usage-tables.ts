/** What was used, as tables. */
import type { BreakdownRow } from '../query/usage/usage-breakdown.ts';
import type { UsageColumns } from '../query/usage/usage-columns.ts';
import { REPORT_DIMENSIONS, type ReportData, type ReportDimension } from './report-data.ts';
import type { ReportColumn, ReportTable, ReportValue } from './report-table.ts';

const USAGE_COLUMNS: readonly (ReportColumn & { key: keyof UsageColumns })[] = [
  { key: 'input_tokens', title: 'Input', kind: 'count' },
  { key: 'cache_read_tokens', title: 'Cache read', kind: 'count' },
  { key: 'cache_write_5m_tokens', title: 'Cache write 5 m', kind: 'count' },
  { key: 'cache_write_1h_tokens', title: 'Cache write 1 h', kind: 'count' },
  { key: 'output_tokens', title: 'Output', kind: 'count' },
  { key: 'requests', title: 'Requests', kind: 'count' },
  { key: 'unpriced_tokens', title: 'Unpriced', kind: 'count' },
  { key: 'cost', title: 'Cost', kind: 'money' },
];

/** Unpriced tokens are shown where there are any. */
const usageColumnsOf = ({ total }: ReportData) =>
  USAGE_COLUMNS.filter(({ key }) => key !== 'unpriced_tokens' || total.unpriced_tokens > 0);

/** The sums, to the token and to the nano-dollar. */
export function totalsTable({ totals }: ReportData): ReportTable {
  const rows: [string, number][] = [
    ['Input tokens, not cached', totals.total_tokens_input],
    ['Cache read tokens', totals.total_tokens_cache_read],
    ['Cache write tokens, 5 minutes', totals.total_tokens_cache_write_5m],
    ['Cache write tokens, 1 hour', totals.total_tokens_cache_write_1h],
    ['Output tokens', totals.total_tokens_output],
    ['Tokens without a price', totals.unpriced_tokens],
    ['Requests', totals.requests],
    ['Requests without final usage', totals.output_incomplete_requests],
    ['Web searches', totals.web_searches],
    ['Sessions', totals.sessions_tracked],
  ];
  return {
    id: 'totals',
    title: 'Totals',
    columns: [
      { key: 'what', title: 'What', kind: 'text' },
      { key: 'amount', title: 'Amount', kind: 'count' },
    ],
    rows,
    empty: '',
  };
}

export function dailyTable(data: ReportData): ReportTable {
  const columns = usageColumnsOf(data);
  return {
    id: 'daily',
    title: 'Usage by day',
    columns: [{ key: 'day', title: 'Day', kind: 'day' }, ...columns],
    rows: data.daily.map(row => [row.label, ...columns.map(({ key }) => row[key])]),
    total: ['Total', ...columns.map(({ key }) => data.total[key])],
    empty: 'No usage in this time.',
  };
}

const TITLES: Readonly<Record<ReportDimension, string>> = {
  model: 'Models',
  stage: 'Stages',
  command: 'Commands',
  agent: 'Agents',
  skill: 'Skills',
  project: 'Projects',
  session: 'Sessions',
};

export const breakdownTables = (data: ReportData): ReportTable[] =>
  REPORT_DIMENSIONS.map(dimension => breakdownTable(data, dimension));

function breakdownTable(data: ReportData, dimension: ReportDimension): ReportTable {
  const columns = usageColumnsOf(data);
  const rows = data[`by_${dimension}`].filter(row => row.requests > 0);
  return {
    id: `${dimension}s`,
    title: TITLES[dimension],
    columns: [
      { key: dimension, title: TITLES[dimension].slice(0, -1), kind: 'name' },
      ...columns,
      { key: 'share', title: 'Share', kind: 'share' },
    ],
    rows: rows.map((row): ReportValue[] => [
      nameOf(row, dimension),
      // What has no price does not cost nothing.
      ...columns.map(({ key }) => (key === 'cost' && row.cost === 0 && row.unpriced_tokens > 0 ? null : row[key])),
      row.share,
    ]),
    total: ['Total', ...columns.map(({ key }) => data.total[key]), rows.length > 0 ? 1 : null],
    empty: 'No usage in this time.',
  };
}

/** Of a model its name for people, and its id where they differ. */
function nameOf({ key, model_name }: BreakdownRow, dimension: ReportDimension): string {
  const isTold = dimension === 'model' || dimension === 'project' || dimension === 'session';
  if (key === null || key === undefined) return isTold ? 'unknown' : 'unattributed';
  return typeof model_name === 'string' && model_name !== key ? `${model_name} (${key})` : key;
}
