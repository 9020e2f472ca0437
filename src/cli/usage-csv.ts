/** Rows of usage for `--csv`: the columns of the JSON, under the same names. */
import type { CsvTable, CsvValue } from '../query/csv-text.ts';
import type { BreakdownRow } from '../query/usage/usage-breakdown.ts';
import type { UsageColumns } from '../query/usage/usage-columns.ts';
import type { PeriodRow } from '../query/usage/usage-periods.ts';
import type { SeriesValues, UsageSeries } from '../query/usage/usage-series.ts';
import type { Dimension } from '../usage/usage-cube.ts';
import { keysOf, unknownName } from './usage-keys.ts';

const COLUMN_NAMES = [
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'cost',
  'unpriced_tokens',
  'requests',
  'output_incomplete_requests',
] as const satisfies readonly (keyof UsageColumns)[];

const columnValues = (row: UsageColumns): number[] => COLUMN_NAMES.map(name => row[name]);

/** A column for each dimension, under its name. */
export function breakdownCsv(by: readonly Dimension[], rows: readonly BreakdownRow[]): CsvTable {
  const hasModel = by.includes('model');
  return {
    header: [...by, ...(hasModel ? ['model_name'] : []), ...COLUMN_NAMES, 'share', 'method'],
    rows: rows.map((row): CsvValue[] => [
      ...keysOf(row).map((key, index) => key ?? unknownName(by[index] ?? 'model')),
      ...(hasModel ? [row.model_name ?? null] : []),
      ...columnValues(row),
      row.share,
      row.method,
    ]),
  };
}

/** Hours or days. */
export const periodsCsv = (rows: readonly PeriodRow[]): CsvTable => ({
  header: ['start', 'label', ...COLUMN_NAMES],
  rows: rows.map(row => [row.start, row.label, ...columnValues(row)]),
});

/** Breakdowns by several dimensions in one table: the first column says which. */
export const sectionsCsv = (sections: readonly (readonly [Dimension, readonly BreakdownRow[]])[]): CsvTable => ({
  header: ['dimension', 'key', 'model_name', ...COLUMN_NAMES, 'share', 'method'],
  rows: sections.flatMap(([dimension, rows]) =>
    rows.map((row): CsvValue[] => [
      dimension,
      row.key ?? unknownName(dimension),
      row.model_name ?? null,
      ...columnValues(row),
      row.share,
      row.method,
    ]),
  ),
});

/** Hours or days by what they belong to: a row for each of both. */
export function seriesCsv({ by, starts, labels, series, others }: UsageSeries): CsvTable {
  const parts: [string, SeriesValues][] = series.map(row => [row.key ?? unknownName(by), row]);
  if (others) parts.push(['(others)', others]);
  return {
    header: ['start', 'label', by, 'cost', 'tokens', 'requests'],
    rows: starts.flatMap((start, at) =>
      parts.map(([name, { cost, tokens, requests }]): CsvValue[] => [
        start,
        labels[at] ?? null,
        name,
        cost[at] ?? null,
        tokens[at] ?? null,
        requests[at] ?? null,
      ]),
    ),
  };
}
