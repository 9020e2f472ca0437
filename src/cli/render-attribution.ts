/** The attribution report for people. */
import { formatCount } from '../model/format-amount.ts';
import { ATTRIBUTIONS, type AttributionReport } from '../query/usage/attribution-report.ts';
import type { UsageTotals } from '../query/usage/usage-totals.ts';
import { rangeText } from './range-text.ts';
import { breakdownTable } from './render-breakdown.ts';
import { renderRow } from './render-row.ts';
import { renderTable } from './render-table.ts';
import type { Style } from './style.ts';
import { DIMENSION_TITLES } from './usage-names.ts';
import { usageNotes } from './usage-notes.ts';
import type { UsageScreen } from './usage-screen.ts';

const MAX_ROWS = 10;

/** A table for each dimension, one of how it is known, and the notes. */
export function renderAttribution(screen: UsageScreen, totals: UsageTotals, report: AttributionReport): string[] {
  const { style, view, stateDir } = screen;
  const tables = ATTRIBUTIONS.flatMap(dimension => {
    const rows = report[`by_${dimension}`];
    return [...breakdownTable(screen, { by: [dimension], rows, total: report.total, limit: MAX_ROWS }), ''];
  });
  return [
    renderRow(style, [{ text: 'Attribution', color: 'bold' }, { text: `, ${rangeText(screen, totals)}` }]),
    '',
    ...tables,
    ...surenessTable(style, report),
    '',
    ...usageNotes(style, { view, totals, stateDir }),
  ];
}

/** How it is known what requests belong to. */
function surenessTable(style: Style, { methods }: AttributionReport): string[] {
  const column = (title: string, name: 'exact' | 'inherited' | 'time-window' | 'unattributed') => ({
    title,
    align: 'right' as const,
    cells: methods.map(row => ({ text: formatCount(row[name]) })),
  });
  return renderTable(style, {
    columns: [
      { title: 'Requests', cells: methods.map(({ dimension }) => ({ text: DIMENSION_TITLES[dimension] })) },
      column('Exact', 'exact'),
      column(`Inherited ${style.marks.inherited}`, 'inherited'),
      column(`By time ${style.marks.timeWindow}`, 'time-window'),
      column('Unattributed', 'unattributed'),
    ],
  });
}
