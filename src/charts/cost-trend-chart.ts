/** The cost of each day, and the line through them. */
import { formatMoney } from '../model/format-amount.ts';
import type { CostTrend } from '../query/usage/cost-trend.ts';
import { axisMoney, shortLabel } from './axis-text.ts';
import { baseOption, type ChartOption, categoryAxis, valueAxis } from './chart-option.ts';
import { CHART_COLORS, type ChartLook } from './chart-theme.ts';

const NAMES = { day: 'Cost of the day', line: 'Trend' };

/** The line is that of whole days: it ends before today. */
export function costTrendChart(trend: CostTrend, look: ChartLook): ChartOption {
  const colors = CHART_COLORS[look.theme];
  const { points, direction, average_per_day } = trend;
  const line = lineOf(trend);
  return {
    ...baseOption({
      look,
      label: `Cost by day, ${direction}, ${formatMoney(average_per_day)} on the average day`,
      legend: [NAMES.day, ...(line.some(value => value !== null) ? [NAMES.line] : [])],
      tooltip: index => ({
        title: points[index]?.label ?? '',
        lines: [
          { name: NAMES.day, value: formatMoney(points[index]?.cost ?? 0) },
          ...(typeof line[index] === 'number' ? [{ name: NAMES.line, value: formatMoney(line[index]) }] : []),
        ],
      }),
    }),
    xAxis: categoryAxis(
      colors,
      points.map(({ label }) => shortLabel(label)),
    ),
    yAxis: valueAxis(colors, axisMoney),
    series: [
      {
        type: 'bar',
        id: 'day',
        name: NAMES.day,
        data: points.map(({ cost }) => cost),
        barMaxWidth: 28,
        itemStyle: { color: colors.accent },
      },
      {
        type: 'line',
        id: 'line',
        name: NAMES.line,
        data: line,
        symbol: 'none',
        silent: true,
        lineStyle: { color: colors.series[1] ?? colors.text, width: 2, type: 'dashed' },
        itemStyle: { color: colors.series[1] ?? colors.text },
      },
    ],
  };
}

function lineOf({ points, slope_per_day, average_per_day }: CostTrend): (number | null)[] {
  const used = points.flatMap(({ in_trend }, index) => (in_trend ? [index] : []));
  const middle = ((used[0] ?? 0) + (used.at(-1) ?? 0)) / 2;
  return points.map(({ in_trend }, index) =>
    in_trend && used.length > 1 ? Math.max(0, average_per_day + slope_per_day * (index - middle)) : null,
  );
}
