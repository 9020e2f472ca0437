/** Cells of tables about usage: counts, money, shares. */
import { formatCount, formatMoney, formatShort } from '../model/format-amount.ts';
import type { UsageColumns } from '../query/usage/usage-columns.ts';
import type { Part } from './render-row.ts';
import type { TableColumn } from './render-table.ts';

const NOTHING = '-';
/** Of a dollar, with the point. */
const DECIMALS = 3;

type Priced = Pick<UsageColumns, 'cost' | 'requests' | 'unpriced_tokens'>;

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

/** `61%`, `<1%` for what is not nothing. */
export function formatShare(share: number): string {
  const percent = Math.round(share * 100);
  return percent === 0 && share > 0 ? '<1%' : `${formatCount(percent)}%`;
}
