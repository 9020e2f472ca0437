/** Numbers and times as the axes of charts show them. */
import { formatMoney, formatShort } from '../model/format-amount.ts';

export type ChartMeasure = 'cost' | 'tokens' | 'requests';

/** `$0`, `$0.002`, `$12`, `$1,500`: round numbers, so no more decimals than there are. */
export function axisMoney(dollars: number): string {
  if (dollars === 0) return '$0';
  if (dollars >= 1000) return `$${formatShort(dollars)}`;
  return `$${String(Number(dollars.toPrecision(4)))}`;
}

/** With its unit, for a tooltip. */
export const measureText = (measure: ChartMeasure, value: number): string =>
  measure === 'cost' ? formatMoney(value) : formatShort(value);

export const axisText = (measure: ChartMeasure, value: number): string =>
  measure === 'cost' ? axisMoney(value) : formatShort(value);

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-11-26` as `26 Nov`, `2026-11-26 14:00 +01:00` as `14:00`. */
export function shortLabel(label: string): string {
  const [date = '', clock] = label.split(' ');
  if (clock !== undefined) return clock;
  const [, month = '', day = ''] = date.split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month}`;
}
