/** `usage totals`: all usage in one sum. */
import { usageTotals } from '../../query/usage/usage-totals.ts';
import { askUsage } from '../ask-usage.ts';
import { type RunCommand, textOption } from '../command-spec.ts';
import { renderTotals } from '../render-totals.ts';

const FILTERS = ['since', 'until', 'project', 'session', 'model'];

export const run: RunCommand = call =>
  askUsage(
    call,
    question => {
      const answer = usageTotals(question.view, question.filter);
      return {
        json: answer,
        totals: answer,
        csv: () => ({ header: Object.keys(answer.totals), rows: [Object.values(answer.totals)] }),
        lines: totals => renderTotals(question.screen, totals),
      };
    },
    { needsSumOnly: FILTERS.every(name => textOption(call, name) === undefined) },
  );
