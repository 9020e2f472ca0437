/** What all charts have in common. */
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption, LegendComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { plainInRich } from './chart-text.ts';
import { CHART_COLORS, CHART_FONT, type ChartColors, type ChartLook } from './chart-theme.ts';
import { textWidth } from './text-size.ts';

export type ChartOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | LegendComponentOption | TooltipComponentOption
>;

/** A line of a tooltip. */
export interface TooltipLine {
  name: string;
  value: string;
}

interface BaseQuery {
  look: ChartLook;
  /** In words, for those who do not see the chart. */
  label: string;
  legend?: readonly string[];
  /** What the pointer is over: a title and lines, by the number of the bar or of the point. */
  tooltip: (index: number) => { title: string; lines: readonly TooltipLine[] };
  isHorizontal?: boolean;
}

const LEGEND_ROW = 20;
const LEGEND_MARK = 12 + 5;
const LEGEND_GAP = 14;
/** Pixels. */
const MAX_NAME = 170;
const MAX_LINES = 12;

/** Font, colours, grid, legend and a tooltip that shows names as text. */
export function baseOption({ look, label, legend = [], tooltip, isHorizontal = false }: BaseQuery): ChartOption {
  const colors = CHART_COLORS[look.theme];
  const rows = legendRows(legend, look.width);
  return {
    animation: false,
    aria: { enabled: true, label: { enabled: true, description: label } },
    color: [...colors.series],
    textStyle: { fontFamily: look.font ?? CHART_FONT, color: colors.text, fontSize: 12 },
    grid: {
      left: 8,
      right: isHorizontal ? 72 : 12,
      top: rows * LEGEND_ROW + 14,
      bottom: 8,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    legend: {
      show: legend.length > 0,
      data: [...legend],
      type: 'plain',
      left: 8,
      right: 8,
      top: 0,
      itemWidth: 12,
      itemHeight: 10,
      itemGap: LEGEND_GAP,
      textStyle: { color: colors.text, fontSize: 12, width: MAX_NAME, overflow: 'truncate', ellipsis: '…' },
    },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      axisPointer: { type: 'shadow', shadowStyle: { color: colors.faint, opacity: 0.12 } },
      backgroundColor: colors.ground,
      borderColor: colors.grid,
      textStyle: { color: colors.text, fontSize: 12 },
      formatter: params => {
        const [first] = Array.isArray(params) ? params : [params];
        const { title, lines } = tooltip(first?.dataIndex ?? 0);
        const shown = lines.slice(0, MAX_LINES).map(({ name, value }) => `${name}  ${value}`);
        const left = lines.length - shown.length;
        return [title, ...shown, ...(left > 0 ? [`${left} more`] : [])].map(plainInRich).join('\n');
      },
    },
  };
}

/** How many lines the legend takes: its height must be known before it is drawn. */
function legendRows(names: readonly string[], width: number): number {
  const room = width - 16;
  let rows = names.length > 0 ? 1 : 0;
  let at = 0;
  for (const name of names) {
    const item = Math.min(textWidth(name, 12), MAX_NAME) + LEGEND_MARK;
    if (at > 0 && at + item > room) {
      rows++;
      at = 0;
    }
    at += item + LEGEND_GAP;
  }
  return rows;
}

/** The axis of names or days. */
export const categoryAxis = (colors: ChartColors, data: readonly string[]) => ({
  type: 'category' as const,
  data: [...data],
  axisTick: { show: false },
  axisLine: { lineStyle: { color: colors.grid } },
  axisLabel: { color: colors.faint, fontSize: 11, hideOverlap: true },
});

/** The axis of amounts. */
export const valueAxis = (colors: ChartColors, format: (value: number) => string) => ({
  type: 'value' as const,
  min: 0,
  splitNumber: 4,
  splitLine: { lineStyle: { color: colors.grid } },
  axisLabel: { color: colors.faint, fontSize: 11, formatter: (value: number) => format(value) },
});
