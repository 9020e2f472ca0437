/** `usage breakdown`: usage by one dimension or by two. */
import { usageBreakdown } from '../../query/usage/usage-breakdown.ts';
import { askUsage } from '../ask-usage.ts';
import type { RunCommand } from '../command-spec.ts';
import { dimensionsOf } from '../parse-dimensions.ts';
import { renderBreakdown } from '../render-breakdown.ts';
import { breakdownCsv } from '../usage-csv.ts';

const MAX_ROWS = 50;

export const run: RunCommand = call =>
  askUsage(call, question => {
    const by = dimensionsOf(call);
    const breakdown = usageBreakdown(question.view, by, question.filter);
    return {
      json: breakdown,
      csv: () => breakdownCsv(by, breakdown.rows),
      lines: totals => renderBreakdown(question.screen, totals, { ...breakdown, limit: MAX_ROWS }),
    };
  });
