/** Cells of tables about kinds of activities. */
import { formatMoney } from '../model/format-amount.ts';
import { formatDuration } from '../query/format-duration.ts';
import { safeText } from '../query/safe-text.ts';
import type { Part } from './render-row.ts';
import type { TableColumn } from './render-table.ts';

const NOTHING: Part = { text: '-', color: 'dim' };

export const durationCell = (millis: number | null): Part =>
  millis === null ? NOTHING : { text: formatDuration(millis) };

export const moneyCell = (dollars: number | null): Part =>
  dollars === null ? NOTHING : { text: formatMoney(dollars) };

/** Level and name. */
export const kindColumns = (rows: readonly { level: string; name: string }[]): TableColumn[] => [
  { title: 'Level', cells: rows.map(({ level }) => ({ text: level })), spare: 1 },
  { title: 'Name', cells: rows.map(({ name }) => ({ text: safeText(name) })), cut: 'end' },
];
