/** What used most, as horizontal bars. */
import { allTokens } from '../query/all-tokens.ts';
import type { BreakdownRow } from '../query/usage/usage-breakdown.ts';
import { axisText, type ChartMeasure, measureText } from './axis-text.ts';
import { baseOption, type ChartOption, categoryAxis, valueAxis } from './chart-option.ts';
import { distinctTexts } from './chart-text.ts';
import { CHART_COLORS, type ChartLook } from './chart-theme.ts';

export interface TopConsumersQuery extends ChartLook {
  /** What the rows are, as `agent`. */
  by: string;
  /** Default: cost. */
  measure?: ChartMeasure | undefined;
  /** Default: 8. */
  limit?: number | undefined;
}

const DEFAULT_LIMIT = 8;
const NAME_LENGTH = 26;

/** The first rows; those that are nothing in this measure are left out. */
export function topConsumersChart(
  rows: readonly BreakdownRow[],
  { by, measure = 'cost', limit = DEFAULT_LIMIT, ...look }: TopConsumersQuery,
): ChartOption {
  const colors = CHART_COLORS[look.theme];
  const used = rows
    .filter(row => amountOf(row, measure) > 0)
    .sort((a, b) => amountOf(b, measure) - amountOf(a, measure))
    .slice(0, limit);
  const names = distinctTexts(
    used.map(row => row.model_name ?? row.key ?? (by === 'model' ? 'unknown' : 'unattributed')),
    NAME_LENGTH,
  );
  return {
    ...baseOption({
      look,
      label: `${measure} by ${by}: ${names.length} of ${rows.length}`,
      isHorizontal: true,
      tooltip: index => ({
        title: names[index] ?? '',
        lines: used.slice(index, index + 1).flatMap(row => [
          { name: 'Cost', value: measureText('cost', row.cost) },
          { name: 'Tokens', value: measureText('tokens', amountOf(row, 'tokens')) },
          { name: 'Requests', value: measureText('requests', row.requests) },
        ]),
      }),
    }),
    xAxis: valueAxis(colors, value => axisText(measure, value)),
    yAxis: { ...categoryAxis(colors, names), inverse: true },
    series: [
      {
        type: 'bar',
        id: 'amount',
        data: used.map(row => ({
          value: amountOf(row, measure),
          itemStyle: { color: row.key === null ? colors.unattributed : colors.accent },
        })),
        barMaxWidth: 20,
        label: {
          show: true,
          position: 'right',
          color: colors.text,
          fontSize: 11,
          formatter: ({ dataIndex }) => {
            const row = used[dataIndex];
            return row ? measureText(measure, amountOf(row, measure)) : '';
          },
        },
      },
    ],
  };
}

const amountOf = (row: BreakdownRow, measure: ChartMeasure): number =>
  measure === 'tokens' ? allTokens(row) : row[measure];
