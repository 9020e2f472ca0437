/** Rows of usage as a table: tokens of five kinds, requests, cost. */
import type { UsageColumns } from '../query/usage/usage-columns.ts';
import { renderTable, type TableColumn } from './render-table.ts';
import type { Style } from './style.ts';
import { countCell, formatShare, moneyColumn } from './usage-cells.ts';

export interface UsageTableQuery {
  names: readonly TableColumn[];
  rows: readonly UsageColumns[];
  /** What the last line says; absent: there is none. */
  total?: UsageColumns | undefined;
  /** Each row's part of the whole, if the table tells. */
  shares?: readonly number[] | undefined;
  /** Default: the shares. */
  bars?: readonly number[] | undefined;
}

/** Lines of a table with these names on the left. Columns that are nothing in every row are left out. */
export function usageTable(style: Style, { names, rows, total, shares, bars = shares }: UsageTableQuery): string[] {
  const numbers = (title: string, value: (row: UsageColumns) => number, spare = 0): TableColumn => ({
    title,
    align: 'right',
    cells: rows.map(row => countCell(value(row))),
    total: total && countCell(value(total)).text,
    spare,
  });
  const cacheWrite = (row: UsageColumns): number => row.cache_write_5m_tokens + row.cache_write_1h_tokens;
  const columns = [
    numbers('Input', row => row.input_tokens, 3),
    numbers('Cache\nread', row => row.cache_read_tokens, 5),
    numbers('Cache\nwrite', cacheWrite, 6),
    numbers('Output', row => row.output_tokens, 4),
    numbers('Reqs', row => row.requests, 2),
    ...(rows.some(row => row.unpriced_tokens > 0) ? [numbers('Un-\npriced', row => row.unpriced_tokens)] : []),
    moneyColumn(rows, total),
    ...(shares ? [shareColumn(shares)] : []),
  ];
  const [first, ...others] = names;
  if (!first) return [];
  const named = [{ ...first, total: total && 'Total' }, ...others];
  return renderTable(style, { columns: [...named, ...columns], bars });
}

const shareColumn = (shares: readonly number[]): TableColumn => ({
  title: 'Share',
  align: 'right',
  cells: shares.map(share => ({ text: formatShare(share) })),
  spare: 1,
});
