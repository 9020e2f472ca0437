/** Usage by hour or by day as stacked bars, one colour for each model, stage, command, agent or skill. */
import type { SeriesValues, UsageSeries } from '../query/usage/usage-series.ts';
import { axisText, type ChartMeasure, measureText, shortLabel } from './axis-text.ts';
import { baseOption, type ChartOption, categoryAxis, valueAxis } from './chart-option.ts';
import { distinctTexts } from './chart-text.ts';
import { CHART_COLORS, type ChartLook } from './chart-theme.ts';

export interface UsageOverTimeQuery extends ChartLook {
  /** Default: cost. */
  measure?: ChartMeasure | undefined;
}

/** Series that are nothing in this measure are left out. */
export function usageOverTimeChart(data: UsageSeries, { measure = 'cost', ...look }: UsageOverTimeQuery): ChartOption {
  const colors = CHART_COLORS[look.theme];
  const { names, values, fills } = partsOf(data, look, measure);
  const unit = data.unit === 'hour' ? 'hour' : 'day';
  return {
    ...baseOption({
      look,
      label: `${measure} by ${unit} and ${data.by}`,
      legend: names,
      tooltip: index => ({
        title: data.labels[index] ?? '',
        lines: values
          .flatMap((numbers, at) => {
            const value = numbers[index] ?? 0;
            return value > 0 ? [{ name: names[at] ?? '', value: measureText(measure, value) }] : [];
          })
          .reverse(),
      }),
    }),
    xAxis: categoryAxis(colors, data.labels.map(shortLabel)),
    yAxis: valueAxis(colors, value => axisText(measure, value)),
    series: values.map((numbers, at) => ({
      type: 'bar' as const,
      id: `series-${at}`,
      name: names[at] ?? '',
      stack: 'all',
      // A bar of nothing would still have a border.
      data: numbers.map(value => (value > 0 ? value : null)),
      barMaxWidth: 36,
      barCategoryGap: '25%',
      itemStyle: { color: fills[at] ?? colors.others, borderColor: colors.ground, borderWidth: 0.5 },
    })),
  };
}

interface Parts {
  names: string[];
  values: readonly (readonly number[])[];
  fills: string[];
}

function partsOf({ series, others, by }: UsageSeries, { theme }: ChartLook, measure: ChartMeasure): Parts {
  const colors = CHART_COLORS[theme];
  const isUsed = (part: SeriesValues): boolean => part[measure].some(value => value > 0);
  const own = series.map((row, index) => ({
    name: row.model_name ?? row.key ?? (by === 'model' ? 'unknown' : 'unattributed'),
    color: row.key === null ? colors.unattributed : (colors.series[index % colors.series.length] ?? colors.others),
    row,
  }));
  const rest = others ? [{ name: `${others.count} others`, color: colors.others, row: others }] : [];
  const used = [...own, ...rest].filter(({ row }) => isUsed(row));
  return {
    names: distinctTexts(
      used.map(({ name }) => name),
      28,
    ),
    values: used.map(({ row }) => row[measure]),
    fills: used.map(({ color }) => color),
  };
}
