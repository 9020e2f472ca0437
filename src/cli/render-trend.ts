/** The trend of the cost for people. */
import { formatMoney } from '../model/format-amount.ts';
import type { CostTrend, TrendDirection } from '../query/usage/cost-trend.ts';
import { renderRow } from './render-row.ts';
import { renderTable } from './render-table.ts';
import type { Color, Style } from './style.ts';
import { countCell, moneyColumn } from './usage-cells.ts';

const COLORS: Readonly<Record<TrendDirection, Color>> = { rising: 'yellow', falling: 'green', flat: 'cyan' };

/** One line: `rising by $1.20 a day, on average $8.31`. */
export function trendLine(style: Style, { points, slope_per_day, direction, average_per_day }: CostTrend): string {
  const days = points.filter(({ in_trend }) => in_trend).length;
  if (days < 2) return renderRow(style, [{ text: 'Too few whole days for a trend.', color: 'dim' }]);
  const change = direction === 'flat' ? '' : ` by ${formatMoney(Math.abs(slope_per_day))} a day`;
  return renderRow(style, [
    { text: direction, color: COLORS[direction] },
    { text: `${change}, on average ${formatMoney(average_per_day)} a day over ${days} whole days` },
  ]);
}

/** A line for each day, with a bar. Days that are not in the trend are marked. */
export function trendTable(style: Style, { points }: CostTrend): string[] {
  const most = Math.max(...points.map(({ cost }) => cost));
  const hasUnpriced = points.some(({ unpriced_tokens }) => unpriced_tokens > 0);
  return renderTable(style, {
    columns: [
      { title: 'Day', cells: points.map(({ label }) => ({ text: label })) },
      {
        title: 'Reqs',
        align: 'right',
        cells: points.map(({ requests }) => countCell(requests)),
        spare: 1,
      },
      ...(hasUnpriced
        ? [
            {
              title: 'Unpriced',
              align: 'right' as const,
              cells: points.map(({ unpriced_tokens }) => countCell(unpriced_tokens)),
            },
          ]
        : []),
      moneyColumn(points),
    ],
    bars: points.map(({ cost }) => (most > 0 ? cost / most : 0)),
  });
}
