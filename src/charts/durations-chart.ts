/** How long activities took, day by day: the half of them, and nineteen of twenty. */
import { formatDuration } from '../query/format-duration.ts';
import { shortLabel } from './axis-text.ts';
import { baseOption, type ChartOption, categoryAxis, valueAxis } from './chart-option.ts';
import { CHART_COLORS, type ChartLook } from './chart-theme.ts';

export interface DurationPoint {
  /** As the clocks of the zone show its start. */
  label: string;
  /** Of that time. */
  count: number;
  /** Milliseconds; null where nothing ended. */
  p50_ms: number | null;
  p95_ms: number | null;
}

/** Days without any leave a gap. */
export function durationsChart(points: readonly DurationPoint[], look: ChartLook): ChartOption {
  const colors = CHART_COLORS[look.theme];
  const lines = [
    { id: 'p50', name: 'p50, half took less', of: (point: DurationPoint) => point.p50_ms },
    { id: 'p95', name: 'p95, 19 of 20 took less', of: (point: DurationPoint) => point.p95_ms },
  ];
  return {
    ...baseOption({
      look,
      label: 'Durations by day, p50 and p95',
      legend: lines.map(({ name }) => name),
      tooltip: index => {
        const point = points[index];
        const shown = lines.flatMap(({ name, of }) => {
          const millis = point ? of(point) : null;
          return millis === null ? [] : [{ name, value: formatDuration(millis) }];
        });
        return { title: point?.label ?? '', lines: [...shown, { name: 'Ended', value: String(point?.count ?? 0) }] };
      },
    }),
    xAxis: categoryAxis(
      colors,
      points.map(({ label }) => shortLabel(label)),
    ),
    yAxis: valueAxis(colors, formatDuration),
    series: lines.map(({ id, name, of }, index) => ({
      type: 'line' as const,
      id,
      name,
      data: points.map(of),
      symbol: index === 0 ? 'circle' : 'diamond',
      symbolSize: 6,
      lineStyle: { width: 2, type: index === 0 ? ('solid' as const) : ('dashed' as const) },
      itemStyle: { color: colors.series[index] ?? colors.accent },
    })),
  };
}
