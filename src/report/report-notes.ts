/** What the figures of a report are, and what is missing from them, in sentences. */
import { formatCount, formatShort } from '../model/format-amount.ts';
import type { NameFilter } from '../query/usage/name-filter.ts';
import type { UsageTotals } from '../query/usage/usage-totals.ts';
import type { UsageView } from '../usage/usage-view.ts';

export const LIST_PRICE = 'Cost is list price (API-equivalent), not money spent on a subscription.';

const MAX_MODELS = 5;
const MAX_NAME = 60;

/** Names in them may hold anything. */
export function reportNotes(view: UsageView, { totals, unpriced_models, skipped }: UsageTotals, names: NameFilter) {
  const { unpriced_tokens: unpriced, output_incomplete_requests: incomplete } = totals;
  const notes = [LIST_PRICE];
  if (unpriced > 0) {
    const models = unpriced_models.slice(0, MAX_MODELS).map(({ model, tokens }) => {
      return `${model === null ? 'no model named' : view.modelName(model).slice(0, MAX_NAME)} (${formatShort(tokens)})`;
    });
    notes.push(`${formatCount(unpriced)} tokens have no price and are not in the cost: ${models.join(', ')}.`);
  }
  if (incomplete > 0) {
    const has = incomplete === 1 ? '1 request has' : `${formatCount(incomplete)} requests have`;
    notes.push(`${has} no final usage: output and cost may be too low.`);
  }
  if (skipped.damaged + skipped.unreadable_files > 0) {
    notes.push(
      `Skipped while reading: ${formatCount(skipped.damaged)} damaged lines, ${formatCount(skipped.unreadable_files)} unreadable files.`,
    );
  }
  notes.push('The month, the budgets and the advice are about all usage, whatever the report was narrowed to.');
  if (Object.values(names).some(name => name !== undefined)) {
    notes.push('Runs, durations, errors and warnings are those of the sessions that used what it was narrowed to.');
  }
  return notes;
}
