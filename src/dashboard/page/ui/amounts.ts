/** Tokens and money of a row of usage. */
import type { UsageRow } from '../../../model/document-schema.ts';
import { formatMoney, formatShort } from '../../../model/format-amount.ts';
import { allTokens } from '../../../query/all-tokens.ts';

/** A dash where nothing is known. */
export const tokensText = (usage: UsageRow | null): string => (usage ? formatShort(allTokens(usage)) : '—');

/** With a plus where some tokens have no price; a dash where none has. */
export function costText(usage: UsageRow | null): string {
  if (!usage || usage.cost === undefined) return '—';
  return `${formatMoney(usage.cost)}${(usage.unpriced_tokens ?? 0) > 0 ? '+' : ''}`;
}

export const percent = (share: number | null): string =>
  share === null ? '—' : share > 0 && share < 0.001 ? '<0.1 %' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
