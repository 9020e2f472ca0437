/** What stands at the head of a report: of what time it is, and its key figures. */
import { formatCount, formatMoney, formatShort } from '../model/format-amount.ts';
import type { Calendar } from '../usage/calendar.ts';
import { exactMoney, limited } from './cell-text.ts';
import type { ReportData } from './report-data.ts';

export interface KeyFigure {
  name: string;
  value: string;
  /** A word more on it. */
  detail: string;
}

export interface ReportHead {
  title: string;
  /** The time, and what it was narrowed to. */
  about: string;
  made: string;
  figures: KeyFigure[];
  trend: string;
  /** RFC 3339 → as the clocks of the zone show it. */
  timeText(at: string): string;
}

export function reportHead(data: ReportData, calendar: Calendar): ReportHead {
  // To the minute, without the offset.
  const timeText = (at: string): string => calendar.label('hour', Date.parse(at)).slice(0, 16);
  const { since, until, filter, generated_at } = data;
  const time = `${since === null ? '' : `from ${timeText(since)} `}to ${timeText(until ?? generated_at)}`;
  const narrowed = Object.entries(filter).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${limited(value, 60)}`],
  );
  return {
    title: 'Spanbook report',
    about: [time, ...narrowed].join(', '),
    made: `Made at ${timeText(generated_at)}, times of ${calendar.zone}`,
    figures: keyFigures(data),
    trend: trendText(data),
    timeText,
  };
}

function keyFigures({ totals, runs, problems, month, daily }: ReportData): KeyFigure[] {
  const cached =
    totals.total_tokens_cache_read + totals.total_tokens_cache_write_5m + totals.total_tokens_cache_write_1h;
  const tokens = totals.total_tokens_input + totals.total_tokens_output + cached;
  const counted = (count: number, thing: string): string => `${formatCount(count)} ${thing}${count === 1 ? '' : 's'}`;
  return [
    { name: 'Cost', value: formatMoney(totals.total_cost), detail: `${exactMoney(totals.total_cost)} at list prices` },
    { name: 'Tokens', value: formatShort(tokens), detail: `${formatShort(totals.total_tokens_output)} of them output` },
    { name: 'Requests', value: formatCount(totals.requests), detail: counted(totals.sessions_tracked, 'session') },
    {
      name: 'Runs',
      value: formatCount(runs.matching),
      detail: `${counted(problems.errors, 'error')}, ${counted(problems.warnings, 'warning')}`,
    },
    {
      name: 'This month',
      value: formatMoney(month.used),
      detail: month.forecast
        ? `likely ${formatMoney(month.forecast.expected)} at its end`
        : 'too little for a forecast',
    },
    { name: 'Days', value: formatCount(daily.filter(({ requests }) => requests > 0).length), detail: 'with usage' },
  ];
}

function trendText({ trend }: ReportData): string {
  const days = trend.points.filter(({ in_trend }) => in_trend).length;
  if (days < 2) return 'Too few whole days for a trend.';
  const change = `${trend.slope_per_day < 0 ? '-' : '+'}${formatMoney(Math.abs(trend.slope_per_day))} a day`;
  return `Trend over ${days} days: ${trend.direction} (${change}), ${formatMoney(trend.average_per_day)} on the average day.`;
}
