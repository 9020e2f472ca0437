/** The charts of a report as pictures. A part of its own, because the library of charts is loaded for pictures only. */
import type { ChartOption } from '../charts/chart-option.ts';
import type { ChartLook, ChartTheme } from '../charts/chart-theme.ts';
import { costTrendChart } from '../charts/cost-trend-chart.ts';
import { durationsChart } from '../charts/durations-chart.ts';
import { monthForecastChart } from '../charts/month-forecast-chart.ts';
import { renderSvg } from '../charts/render-svg.ts';
import { topConsumersChart } from '../charts/top-consumers-chart.ts';
import { usageOverTimeChart } from '../charts/usage-over-time-chart.ts';
import type { BreakdownRow } from '../query/usage/usage-breakdown.ts';
import type { UsageSeries } from '../query/usage/usage-series.ts';
import type { ReportData, ReportDimension } from './report-data.ts';

export interface Picture {
  id: string;
  title: string;
  /** What it shows, for those who do not see it. */
  label: string;
  /** Number of the section that it stands in. */
  section: string;
  width: number;
  height: number;
  svg: string;
}

export interface DrawOptions {
  width: number;
  /** Of those that may stand side by side. Default: `width`. */
  halfWidth?: number | undefined;
  theme?: ChartTheme | undefined;
  font?: string | undefined;
  /** What the font can show of a name. Default: all of it. */
  readable?: ((name: string) => string) | undefined;
}

const HEIGHT = 240;
const BAR_HEIGHT = 26;
const MAX_BARS = 8;
const TOPS: readonly [ReportDimension, string][] = [
  ['model', 'Models by cost'],
  ['command', 'Commands by cost'],
  ['agent', 'Agents by cost'],
  ['skill', 'Skills by cost'],
];

interface Drawn {
  id: string;
  width: number;
  title: string;
  section: string;
  height: number;
  option: ChartOption;
}

/** Those that have something to show. */
export function drawCharts(data: ReportData, options: DrawOptions): Picture[] {
  const { width, halfWidth = width, theme = 'light', font, readable = name => name } = options;
  const look = (height = HEIGHT, wide = width): ChartLook => ({ theme, width: wide, height, font });
  const series = (from: UsageSeries): UsageSeries => ({
    ...from,
    series: from.series.map(row => named(row, readable)),
  });
  const drawn: Drawn[] = [];
  const add = (isShown: boolean, one: Omit<Drawn, 'height' | 'width'> & { height?: number; width?: number }): void => {
    if (isShown) drawn.push({ width, height: HEIGHT, ...one });
  };
  const isUsed = data.total.requests > 0;
  add(isUsed, {
    id: 'daily-models',
    title: 'Cost by day and model',
    section: 'Usage',
    option: usageOverTimeChart(series(data.daily_by_model), look()),
  });
  add(isUsed, {
    id: 'daily-agents',
    title: 'Cost by day and agent',
    section: 'Usage',
    option: usageOverTimeChart(series(data.daily_by_agent), look()),
  });
  for (const [dimension, title] of TOPS) {
    const rows = data[`by_${dimension}`].map(row => named(row, readable));
    const height = 44 + BAR_HEIGHT * barsIn(rows);
    const option = topConsumersChart(rows, { ...look(height, halfWidth), by: dimension, limit: MAX_BARS });
    add(barsIn(rows) > 1, {
      id: `top-${dimension}s`,
      title,
      section: 'What it belongs to',
      width: halfWidth,
      height,
      option,
    });
  }
  const { trend, month, month_days: days, month_days_ahead: daysAhead } = data;
  add(trend.points.filter(point => point.cost > 0).length > 1, {
    id: 'trend',
    title: 'Cost by day and its trend',
    section: 'Money',
    option: costTrendChart(trend, look()),
  });
  add(month.used > 0, {
    id: 'month',
    title: 'The month up to now, and its likely end',
    section: 'Money',
    option: monthForecastChart({ month, days, daysAhead }, look()),
  });
  add(data.duration_days.length > 1, {
    id: 'durations',
    title: 'Durations of commands by day',
    section: 'Durations',
    option: durationsChart(data.duration_days, look()),
  });
  return drawn.map(({ option, ...one }) => ({
    ...one,
    label: labelOf(option) ?? one.title,
    svg: renderSvg(option, one),
  }));
}

const barsIn = (rows: readonly BreakdownRow[]): number =>
  Math.min(MAX_BARS, rows.filter(({ cost }) => cost > 0).length);

/** The names of a row in characters that can be shown. */
function named<R extends { key?: string | null; model_name?: string | null }>(
  row: R,
  readable: (name: string) => string,
): R {
  const text = (name: string | null | undefined) => (typeof name === 'string' ? readable(name) : name);
  return {
    ...row,
    ...('key' in row && { key: text(row.key) }),
    ...('model_name' in row && { model_name: text(row.model_name) }),
  };
}

function labelOf({ aria }: ChartOption & { aria?: unknown }): string | undefined {
  const label = (aria as { label?: { description?: string } } | undefined)?.label;
  return label?.description;
}
