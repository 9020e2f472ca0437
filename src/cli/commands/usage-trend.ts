/** `usage trend`: the cost of each day, and whether it goes up or down. */
import { costTrend } from '../../query/usage/cost-trend.ts';
import { askUsage } from '../ask-usage.ts';
import { numberOption, type RunCommand } from '../command-spec.ts';
import { renderRow } from '../render-row.ts';
import { trendLine, trendTable } from '../render-trend.ts';
import { usageNotes } from '../usage-notes.ts';

const DEFAULT_DAYS = 7;

export const run: RunCommand = call =>
  askUsage(call, question => {
    const { view, calendar, now, filter } = question;
    const { zone } = question.screen;
    const { style, stateDir } = call;
    const trend = costTrend(view, {
      count: numberOption(call, 'days') ?? DEFAULT_DAYS,
      calendar,
      now,
      only: filter.only,
    });
    const [first] = trend.points;
    return {
      json: { time_zone: zone, ...trend },
      csv: () => ({
        header: ['start', 'label', 'cost', 'unpriced_tokens', 'requests', 'in_trend'],
        rows: trend.points.map(point => [
          point.start,
          point.label,
          point.cost,
          point.unpriced_tokens,
          point.requests,
          String(point.in_trend),
        ]),
      }),
      lines: totals => [
        renderRow(style, [
          { text: `Cost of the last ${trend.points.length} days`, color: 'bold' },
          { text: zone === null ? '' : `, ${zone}` },
        ]),
        '',
        ...trendTable(style, trend),
        '',
        trendLine(style, trend),
        '',
        ...usageNotes(style, { view, totals, stateDir }),
      ],
      scope: { ...filter, since: first && Date.parse(first.start), until: calendar.shift('day', now, 1) },
    };
  });
