/** Everything that needs the library of charts: a file of its own in the bundle. */
import type { ChartOption } from '../../../charts/chart-option.ts';
import { initChart } from '../../../charts/echarts-core.ts';

export { costTrendChart } from '../../../charts/cost-trend-chart.ts';
export { durationsChart } from '../../../charts/durations-chart.ts';
export { monthForecastChart } from '../../../charts/month-forecast-chart.ts';
export { topConsumersChart } from '../../../charts/top-consumers-chart.ts';
export { usageOverTimeChart } from '../../../charts/usage-over-time-chart.ts';

export interface DrawnChart {
  show(option: ChartOption, size: { width: number; height: number }): void;
  dispose(): void;
}

export function drawChart(box: HTMLElement): DrawnChart {
  const chart = initChart(box, null, { renderer: 'svg' });
  return {
    show(option, size) {
      chart.resize(size);
      chart.setOption(option, { notMerge: true });
    },
    dispose: () => chart.dispose(),
  };
}
