/** The lines below a table of usage: what the figures are, and what is missing from them. */
import { formatCount, formatShort } from '../model/format-amount.ts';
import { safeText } from '../query/safe-text.ts';
import type { BreakdownRow } from '../query/usage/usage-breakdown.ts';
import type { UsageTotals } from '../query/usage/usage-totals.ts';
import type { Method } from '../usage/billed-request.ts';
import type { UsageView } from '../usage/usage-view.ts';
import { paint, type Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

const MAX_MODELS = 3;

/** Below every table with money in it. */
export const LIST_PRICE_NOTE = 'Cost is list price (API-equivalent), not money spent on a subscription.';

export interface UsageNotesQuery {
  view: UsageView;
  totals: UsageTotals;
  /** Where prices of one's own go. */
  stateDir: string;
  /** The rows that are shown, if they are attributed. */
  rows?: readonly BreakdownRow[] | undefined;
}

/** What the marks mean, what the money is, and each gap in the figures; lines for the style's width. */
export function usageNotes(style: Style, { view, totals, stateDir, rows = [] }: UsageNotesQuery): string[] {
  const { unpriced_tokens: unpriced, output_incomplete_requests: incomplete } = totals.totals;
  const plain = [...methodNotes(style, rows), LIST_PRICE_NOTE].flatMap(text =>
    wrapText(text, style.columns).map(line => paint(style, 'dim', line)),
  );
  const warnings: string[] = [];
  if (unpriced > 0) {
    const models = modelsText(view, totals);
    const file = `${safeText(stateDir)}/usage_pricing.json`;
    warnings.push(
      `${formatCount(unpriced)} tokens have no price and are not in the cost: ${models}. Prices go to ${file}`,
    );
  }
  if (incomplete > 0) {
    const has = incomplete === 1 ? '1 request has' : `${formatCount(incomplete)} requests have`;
    warnings.push(`${has} no final usage: output and cost may be too low`);
  }
  const skipped = skippedText(totals);
  if (skipped !== '') warnings.push(`Skipped while reading: ${skipped}`);
  return [...plain, ...warnings.flatMap(text => warningLines(style, text))];
}

/** A warning with its mark, in as many lines as it takes. */
export const warningLines = (style: Style, text: string): string[] =>
  wrapText(text, style.columns - 2).map((line, index) =>
    index === 0 ? `${paint(style, 'yellow', style.marks.warning)} ${line}` : `  ${line}`,
  );

function modelsText(view: UsageView, { unpriced_models: models }: UsageTotals): string {
  const shown = models.slice(0, MAX_MODELS).map(({ model, tokens }) => {
    const name = model === null ? 'no model named' : safeText(view.modelName(model));
    return `${name} (${formatShort(tokens)})`;
  });
  if (models.length > MAX_MODELS) shown.push(`${models.length - MAX_MODELS} more`);
  return shown.join(', ');
}

function skippedText({ skipped }: UsageTotals): string {
  const counted = (count: number, thing: string): string[] =>
    count === 0 ? [] : [`${formatCount(count)} ${thing}${count === 1 ? '' : 's'}`];
  return [...counted(skipped.damaged, 'damaged line'), ...counted(skipped.unreadable_files, 'unreadable file')].join(
    ', ',
  );
}

function methodNotes({ marks }: Style, rows: readonly BreakdownRow[]): string[] {
  const has = (method: Method): boolean => rows.some(row => row.method === method && row.key !== null);
  const notes: string[] = [];
  if (has('inherited')) notes.push(`${marks.inherited} partly inherited`);
  if (has('time-window')) notes.push(`${marks.timeWindow} partly by what ran at the time`);
  return notes.length > 0 ? [`${notes.join(', ')}; no mark: exact`] : [];
}
