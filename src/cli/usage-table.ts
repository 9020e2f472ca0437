/** Rows of usage as a table: tokens of five kinds, requests, cost. */
import { formatCount, formatMoney, formatShort } from '../model/format-amount.ts';
import type { UsageColumns } from '../query/usage/usage-columns.ts';
import type { Part } from './render-row.ts';
import { renderTable, type TableColumn } from './render-table.ts';
import type { Style } from './style.ts';

const NOTHING = '-';
/** Of a dollar, with the point. */
const DECIMALS = 3;

type Priced = Pick<UsageColumns, 'cost' | 'requests' | 'unpriced_tokens'>;

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

/** Nothing is easier to pass over than a zero. */
export const countCell = (count: number): Part =>
  count === 0 ? { text: NOTHING, color: 'dim' } : { text: formatShort(count) };

/** Sums of money with their points below each other. */
export function moneyColumn(rows: readonly Priced[], total?: Priced): TableColumn {
  const texts = [...rows, ...(total ? [total] : [])].map(moneyText);
  const decimals = (text: string): number => (text === NOTHING ? DECIMALS : text.length - text.lastIndexOf('.'));
  const most = Math.max(0, ...texts.map(decimals));
  const aligned = texts.map(text => text + ' '.repeat(most - decimals(text)));
  return {
    title: 'Cost',
    align: 'right',
    cells: aligned.slice(0, rows.length).map(text => ({ text })),
    total: total && aligned.at(-1),
  };
}

/** What is nothing, or of what no price is known, does not cost $0.00. */
const moneyText = ({ cost, requests, unpriced_tokens }: Priced): string =>
  cost === 0 && (requests === 0 || unpriced_tokens > 0) ? NOTHING : formatMoney(cost);

const shareColumn = (shares: readonly number[]): TableColumn => ({
  title: 'Share',
  align: 'right',
  cells: shares.map(share => ({ text: formatShare(share) })),
  spare: 1,
});

/** `61%`, `<1%` for what is not nothing. */
export function formatShare(share: number): string {
  const percent = Math.round(share * 100);
  return percent === 0 && share > 0 ? '<1%' : `${formatCount(percent)}%`;
}
