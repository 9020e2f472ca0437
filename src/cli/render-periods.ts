/** Hours or days for people. */
import type { UsageColumns } from '../query/usage/usage-columns.ts';
import type { PeriodRow } from '../query/usage/usage-periods.ts';
import type { UsageTotals } from '../query/usage/usage-totals.ts';
import { renderRow } from './render-row.ts';
import type { TableColumn } from './render-table.ts';
import { usageNotes } from './usage-notes.ts';
import type { UsageScreen } from './usage-screen.ts';
import { usageTable } from './usage-table.ts';

export interface PeriodsText {
  unit: 'hour' | 'day';
  rows: readonly PeriodRow[];
  /** Absent: no last line. */
  total?: UsageColumns | undefined;
  /** Lines between the table and the notes. */
  below?: readonly string[] | undefined;
}

/** `The last 24 hours, +01:00`, the table, and the notes. */
export function renderPeriods(screen: UsageScreen, totals: UsageTotals, periods: PeriodsText): string[] {
  const { style, view, zone, stateDir } = screen;
  const { unit, rows } = periods;
  const clock = clockText(zone, unit === 'hour' ? commonOffset(rows) : null);
  return [
    renderRow(style, [
      { text: `The last ${rows.length} ${unit}${rows.length === 1 ? '' : 's'}`, color: 'bold' },
      { text: clock === null ? '' : `, ${clock}` },
    ]),
    '',
    ...periodsTable(screen, periods),
    ...(periods.below ?? []),
    '',
    ...usageNotes(style, { view, totals, stateDir }),
  ];
}

/** The table alone; the longest bar is the dearest period. */
export function periodsTable({ style }: UsageScreen, { unit, rows, total }: PeriodsText): string[] {
  const offset = unit === 'hour' ? commonOffset(rows) : null;
  const label = (row: PeriodRow): string => (offset === null ? row.label : row.label.slice(0, -offset.length - 1));
  const names: TableColumn[] = [
    { title: unit === 'hour' ? 'Hour' : 'Day', cells: rows.map(row => ({ text: label(row) })) },
  ];
  return usageTable(style, { names, rows, total, bars: barsOf(rows) });
}

/** Whose hours they are, as far as it needs to be said. */
function clockText(zone: string | null, offset: string | null): string | null {
  if (offset === null) return zone;
  return zone === null || zone === 'UTC' ? `UTC${offset}` : `${zone} (UTC${offset})`;
}

/** The offset from UTC, if it is the same in all hours. */
function commonOffset(rows: readonly PeriodRow[]): string | null {
  const [offset, ...others] = new Set(rows.map(({ label }) => label.slice(-6)));
  return offset === undefined || others.length > 0 ? null : offset;
}

/** By cost; by tokens where nothing has a price. */
function barsOf(rows: readonly PeriodRow[]): number[] {
  const tokens = (row: PeriodRow): number => row.input_tokens + row.output_tokens + row.cache_read_tokens;
  const weights = rows.some(({ cost }) => cost > 0) ? rows.map(({ cost }) => cost) : rows.map(tokens);
  const most = Math.max(...weights);
  return weights.map(weight => (most > 0 ? weight / most : 0));
}
