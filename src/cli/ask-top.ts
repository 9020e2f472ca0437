/** What used most: what `usage top` and `attribution top-…` have in common. */
import { topConsumers } from '../query/usage/top-consumers.ts';
import { usageBreakdown } from '../query/usage/usage-breakdown.ts';
import type { Dimension } from '../usage/usage-cube.ts';
import { askUsage } from './ask-usage.ts';
import { type CommandAnswer, type CommandCall, numberOption } from './command-spec.ts';
import { renderBreakdown } from './render-breakdown.ts';
import { breakdownCsv } from './usage-csv.ts';

const DEFAULT_LIMIT = 10;

export const askTop = (call: CommandCall, by: readonly Dimension[]): Promise<CommandAnswer> =>
  askUsage(call, question => {
    const { view, filter } = question;
    const limit = numberOption(call, 'limit') ?? DEFAULT_LIMIT;
    const top = topConsumers(view, { by, limit, filter });
    return {
      json: top,
      csv: () => breakdownCsv(by, top.rows),
      lines(totals) {
        const rows = usageBreakdown(view, by, filter).rows.filter(row => row.requests > 0);
        return renderBreakdown(question.screen, totals, { by, rows, total: top.total, limit });
      },
    };
  });
