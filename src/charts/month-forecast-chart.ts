/** What the month has cost as it grew, and the band in which it will end. */
import { formatMoney } from '../model/format-amount.ts';
import type { MonthForecast } from '../query/usage/month-forecast.ts';
import { axisMoney, shortLabel } from './axis-text.ts';
import { baseOption, type ChartOption, categoryAxis, type TooltipLine, valueAxis } from './chart-option.ts';
import { CHART_COLORS, type ChartLook } from './chart-theme.ts';

export interface MonthForecastData {
  month: MonthForecast;
  /** The days of the month with today, in their order: what each cost, in USD. */
  days: readonly { label: string; cost: number }[];
  /** Labels of the days after today, up to the last of the month. */
  daysAhead: readonly string[];
}

const NAMES = { month: 'Month so far', likely: 'Likely', band: 'In eight of ten cases' };

type Values = (number | null)[];

/** Without a forecast: the month so far, alone. */
export function monthForecastChart(data: MonthForecastData, look: ChartLook): ChartOption {
  const colors = CHART_COLORS[look.theme];
  const { month, days, daysAhead } = data;
  const labels = [...days.map(({ label }) => label), ...daysAhead];
  const { sums, likely, low, width } = linesOf(data);
  const color = colors.series[2] ?? colors.accent;
  const line = { type: 'line' as const, symbol: 'none', itemStyle: { color } };
  const hidden = { ...line, stack: 'band', silent: true, lineStyle: { opacity: 0 } };
  const hasBand = likely.length > 0;
  return {
    ...baseOption({
      look,
      label: monthText(month),
      legend: [NAMES.month, ...(hasBand ? [NAMES.likely, NAMES.band] : [])],
      tooltip: index => ({ title: labels[index] ?? '', lines: tooltipLines({ sums, likely, low, width }, index) }),
    }),
    xAxis: { ...categoryAxis(colors, labels.map(shortLabel)), boundaryGap: false },
    yAxis: valueAxis(colors, axisMoney),
    series: [
      ...(hasBand
        ? [
            { ...hidden, id: 'low', name: 'low', data: low },
            {
              ...hidden,
              id: 'band',
              name: NAMES.band,
              data: width,
              areaStyle: { color, opacity: 0.28 },
              itemStyle: { color, opacity: 0.35 },
            },
          ]
        : []),
      { ...line, id: 'month', name: NAMES.month, data: sums, areaStyle: { color, opacity: 0.08 } },
      ...(hasBand
        ? [
            {
              ...line,
              id: 'likely',
              name: NAMES.likely,
              data: likely,
              lineStyle: { width: 2, type: 'dotted' as const },
            },
          ]
        : []),
    ],
  };
}

const monthText = ({ used, forecast }: MonthForecast): string =>
  forecast
    ? `This month ${formatMoney(used)} so far, likely ${formatMoney(forecast.expected)} at its end`
    : `This month ${formatMoney(used)} so far`;

interface MonthLines {
  sums: Values;
  /** Empty: there is no forecast. */
  likely: Values;
  low: Values;
  /** From low to high. */
  width: Values;
}

function linesOf({ month, days, daysAhead }: MonthForecastData): MonthLines {
  let sum = 0;
  const sums = days.map(({ cost }) => {
    sum += cost;
    return sum;
  });
  const { forecast } = month;
  if (!forecast || daysAhead.length === 0 || days.length === 0) return { sums, likely: [], low: [], width: [] };
  // In a straight line from what is spent today.
  const towards = (end: number): Values => [
    ...days.slice(0, -1).map(() => null),
    sum,
    ...daysAhead.map((_, index) => sum + ((end - sum) * (index + 1)) / daysAhead.length),
  ];
  const low = towards(forecast.low);
  const high = towards(forecast.high);
  const width = high.map((value, index) => (value === null ? null : value - (low[index] ?? 0)));
  return { sums, likely: towards(forecast.expected), low, width };
}

function tooltipLines({ sums, likely, low, width }: MonthLines, index: number): TooltipLine[] {
  if (index < sums.length) return [{ name: NAMES.month, value: formatMoney(sums[index] ?? 0) }];
  const from = low[index] ?? 0;
  return [
    { name: NAMES.likely, value: formatMoney(likely[index] ?? 0) },
    { name: NAMES.band, value: `${formatMoney(from)} to ${formatMoney(from + (width[index] ?? 0))}` },
  ];
}
