/** A breakdown for people. */
import { addColumns } from '../query/usage/add-columns.ts';
import type { BreakdownRow } from '../query/usage/usage-breakdown.ts';
import type { UsageColumns } from '../query/usage/usage-columns.ts';
import type { UsageTotals } from '../query/usage/usage-totals.ts';
import type { Dimension } from '../usage/usage-cube.ts';
import { rangeText } from './range-text.ts';
import { renderRow } from './render-row.ts';
import { DIMENSION_TITLES, nameColumns } from './usage-names.ts';
import { usageNotes } from './usage-notes.ts';
import type { UsageScreen } from './usage-screen.ts';
import { usageTable } from './usage-table.ts';

export interface BreakdownText {
  by: readonly Dimension[];
  rows: readonly BreakdownRow[];
  /** Absent: no last line. */
  total?: UsageColumns | undefined;
  /** At most so many rows; the others are one. */
  limit: number;
}

/** `Usage by model, 2026-11-01 to 2026-11-26`, the table, and the notes. */
export function renderBreakdown(screen: UsageScreen, totals: UsageTotals, breakdown: BreakdownText): string[] {
  const { style, view, stateDir } = screen;
  const title = `Usage by ${breakdown.by.map(dimension => DIMENSION_TITLES[dimension].toLowerCase()).join(' and ')}`;
  return [
    renderRow(style, [{ text: title, color: 'bold' }, { text: `, ${rangeText(screen, totals)}` }]),
    '',
    ...breakdownTable(screen, breakdown),
    '',
    ...usageNotes(style, { view, totals, stateDir, rows: breakdown.rows }),
  ];
}

/** The table alone. */
export function breakdownTable(
  { style, view, home }: UsageScreen,
  { by, rows, total, limit }: BreakdownText,
): string[] {
  const shown = rows.slice(0, limit);
  const left = rows.slice(limit);
  const names = nameColumns(style, { view, by, rows: shown, home });
  const rest = left.length > 0 ? addColumns(left) : null;
  return usageTable(style, {
    names: names.map((column, index) => ({
      ...column,
      cells: rest ? [...column.cells, { text: index === 0 ? `${left.length} more` : '', color: 'dim' }] : column.cells,
    })),
    rows: rest ? [...shown, rest] : shown,
    total,
    shares: [...shown.map(row => row.share), ...(rest ? [left.reduce((sum, row) => sum + row.share, 0)] : [])],
  });
}
