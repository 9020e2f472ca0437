/** Usage of the last hours or days: what `usage hourly` and `usage daily` have in common. */
import { usageBreakdown } from '../query/usage/usage-breakdown.ts';
import { usagePeriods } from '../query/usage/usage-periods.ts';
import { usageSeries } from '../query/usage/usage-series.ts';
import { DIMENSIONS } from '../usage/usage-cube.ts';
import { askUsage } from './ask-usage.ts';
import { type CommandAnswer, type CommandCall, numberOption, textOption } from './command-spec.ts';
import { breakdownTable } from './render-breakdown.ts';
import { renderPeriods } from './render-periods.ts';
import { periodsCsv, seriesCsv } from './usage-csv.ts';

export interface PeriodsAsked {
  unit: 'hour' | 'day';
  /** The option that says how many. */
  option: string;
  /** How many if it is not given. */
  count: number;
}

const MAX_ROWS = 10;

export const askPeriods = (call: CommandCall, { unit, option, count }: PeriodsAsked): Promise<CommandAnswer> =>
  askUsage(call, question => {
    const { view, calendar, now, screen, filter } = question;
    const wanted = { unit, count: numberOption(call, option) ?? count, calendar, now, only: filter.only };
    const periods = usagePeriods(view, wanted);
    const by = DIMENSIONS.find(dimension => dimension === textOption(call, 'by'));
    const split = by && usageSeries(view, { ...wanted, by });
    const [first, last] = [periods.rows[0], periods.rows.at(-1)];
    const scope = {
      ...filter,
      since: first && Date.parse(first.start),
      until: last && Date.parse(last.end),
    };
    return {
      json: {
        time_zone: screen.zone,
        ...periods,
        ...(split && { by, series: split.series, others: split.others }),
      },
      csv: () => (split ? seriesCsv(split) : periodsCsv(periods.rows)),
      lines: totals => {
        const below = by && {
          by: [by],
          rows: usageBreakdown(view, [by], scope).rows.filter(row => row.requests > 0),
          limit: MAX_ROWS,
        };
        const table = below ? ['', ...breakdownTable(screen, below)] : [];
        return renderPeriods(question.screen, totals, { unit, ...periods, below: table });
      },
      scope,
    };
  });
