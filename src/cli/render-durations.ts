/** Durations of activities for people. */
import { formatCount } from '../model/format-amount.ts';
import type { ActivityDurations, DurationPeriod } from '../query/analysis/activity-durations.ts';
import { durationCell, kindColumns, moneyCell } from './kind-cells.ts';
import type { Part } from './render-row.ts';
import { renderRow } from './render-row.ts';
import { renderTable, type TableColumn } from './render-table.ts';
import type { Style } from './style.ts';
import { countCell, formatShare } from './usage-cells.ts';

/** Days of which the course is drawn. */
const DRAWN = 12;

export function renderDurations(style: Style, rows: readonly ActivityDurations[]): string[] {
  if (rows.length === 0) return ['No activity in what you asked for.', 'See: spanbook pipeline durations'];
  const number = (title: string, cell: (row: ActivityDurations) => Part, spare?: number): TableColumn => ({
    title,
    align: 'right',
    cells: rows.map(cell),
    ...(spare === undefined ? {} : { spare }),
  });
  const isPaid = rows.some(({ total_cost }) => total_cost > 0);
  const isDrawn = rows.some(({ periods }) => periods.length > 1);
  return [
    ...renderTable(style, {
      columns: [
        ...kindColumns(rows),
        number('Count', ({ count }) => countCell(count)),
        number('Failed', failedCell),
        number('Half\nunder', ({ p50_ms }) => durationCell(p50_ms)),
        number('95%\nunder', ({ p95_ms }) => durationCell(p95_ms)),
        number('Longest', ({ longest_ms }) => durationCell(longest_ms), 3),
        number('Total', ({ total_ms }) => durationCell(total_ms), 4),
        ...(isPaid ? [number('Cost', costCell), number('Half\nunder', ({ p50_cost }) => moneyCell(p50_cost), 5)] : []),
        ...(isDrawn ? [{ title: 'Days', cells: rows.map(row => courseCell(style, row.periods)), spare: 2 }] : []),
      ],
    }),
    '',
    renderRow(style, [{ text: 'Times are of those that completed or failed. See docs/analysis.md.', color: 'dim' }]),
  ];
}

const failedCell = ({ failed, failure_share }: ActivityDurations): Part =>
  failed === 0
    ? { text: '-', color: 'dim' }
    : { text: `${formatCount(failed)} ${formatShare(failure_share ?? 0).padStart(4)}`, color: 'red' };

const costCell = ({ total_cost }: ActivityDurations): Part => moneyCell(total_cost > 0 ? total_cost : null);

/** The median of each of the last days with any, as a row of bars. */
function courseCell({ marks }: Style, periods: readonly DurationPeriod[]): Part {
  const steps = marks.bar.length > 1 ? [...'▁▂▃▄▅▆▇█'] : [...'_.-=#'];
  const medians = periods.flatMap(({ p50_ms }) => p50_ms ?? []).slice(-DRAWN);
  const most = Math.max(...medians);
  const step = (value: number): string => steps[Math.round((value / (most || 1)) * (steps.length - 1))] ?? '';
  return { text: medians.map(step).join(''), color: 'cyan' };
}
