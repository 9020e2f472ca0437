/** Usage of the last hours or days: what `usage hourly` and `usage daily` have in common. */
import { usagePeriods } from '../query/usage/usage-periods.ts';
import { askUsage } from './ask-usage.ts';
import { type CommandAnswer, type CommandCall, numberOption } from './command-spec.ts';
import { renderPeriods } from './render-periods.ts';
import { periodsCsv } from './usage-csv.ts';

export interface PeriodsAsked {
  unit: 'hour' | 'day';
  /** The option that says how many. */
  option: string;
  /** How many if it is not given. */
  count: number;
}

export const askPeriods = (call: CommandCall, { unit, option, count }: PeriodsAsked): Promise<CommandAnswer> =>
  askUsage(call, question => {
    const { view, calendar, now, screen, filter } = question;
    const wanted = { unit, count: numberOption(call, option) ?? count, calendar, now, only: filter.only };
    const periods = usagePeriods(view, wanted);
    const [first, last] = [periods.rows[0], periods.rows.at(-1)];
    return {
      json: { time_zone: screen.zone, ...periods },
      csv: () => periodsCsv(periods.rows),
      lines: totals => renderPeriods(question.screen, totals, { unit, ...periods }),
      scope: {
        ...filter,
        since: first && Date.parse(first.start),
        until: last && Date.parse(last.end),
      },
    };
  });
