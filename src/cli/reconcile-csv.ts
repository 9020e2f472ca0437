/** What was reconciled, for `--csv`: sources and differences in one table, the first column says which. */
import type { CsvTable, CsvValue } from '../query/csv-text.ts';
import type { AmountColumns } from '../query/usage/amounts.ts';
import type { ReconcileAnswer } from '../query/usage/reconcile-answer.ts';

const AMOUNTS = [
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'cost',
] as const satisfies readonly (keyof AmountColumns)[];

const values = (row: AmountColumns): number[] => AMOUNTS.map(name => row[name]);

export function reconcileCsv({ sources, counted, differences }: ReconcileAnswer): CsvTable {
  const sourceRows = [...sources, { source: 'counted', ...counted }].map((row): CsvValue[] => [
    'source',
    row.source,
    null,
    null,
    null,
    null,
    row.requests,
    ...values(row),
  ]);
  const differenceRows = differences.map((row): CsvValue[] => [
    'difference',
    row.kind,
    row.session,
    row.request ?? null,
    row.model ?? null,
    row.cause,
    row.requests,
    ...values(row.difference),
  ]);
  return {
    header: ['what', 'kind', 'session', 'request', 'model', 'cause', 'requests', ...AMOUNTS],
    rows: [...sourceRows, ...differenceRows],
  };
}
