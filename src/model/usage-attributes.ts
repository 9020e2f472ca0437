/** What an activity used, as attributes of its span. Backends cannot format numbers, so a text stands beside them. */
import { ATTR_USAGE_SELF, ATTR_USAGE_TOTAL } from '../attributes.ts';
import type { UsageSum } from './fact.ts';
import { NO_TOKENS } from './fold-usage.ts';
import { formatCount, formatMoney, formatShort } from './format-amount.ts';

const NOTHING: UsageSum = { tokens: NO_TOKENS, requests: 0, cost_nanousd: 0 };

/**
 * `spanbook.usage.self.*` and `spanbook.usage.total.*` for an activity that used something, itself or below. Costs are
 * whole nano-dollars at list prices; absent if no price is known.
 */
export const usageAttributes = (self: UsageSum | undefined, total: UsageSum): Record<string, number> => ({
  ...sumAttributes(ATTR_USAGE_SELF, self ?? NOTHING),
  ...sumAttributes(ATTR_USAGE_TOTAL, total),
});

function sumAttributes(prefix: string, { tokens, requests, cost_nanousd, unpriced_tokens }: UsageSum) {
  const attributes: Record<string, number> = {
    [`${prefix}.input_tokens`]: tokens.input,
    [`${prefix}.cache_read_tokens`]: tokens.cache_read,
    [`${prefix}.cache_write_5m_tokens`]: tokens.cache_write_5m,
    [`${prefix}.cache_write_1h_tokens`]: tokens.cache_write_1h,
    [`${prefix}.output_tokens`]: tokens.output,
    [`${prefix}.requests`]: requests,
  };
  if (cost_nanousd !== undefined) attributes[`${prefix}.cost_nanousd`] = cost_nanousd;
  if (unpriced_tokens) attributes[`${prefix}.unpriced_tokens`] = unpriced_tokens;
  return attributes;
}

/**
 * `2 requests, 12.3K tokens in, 890 out, $0.0327, 1 agent`: the value of `spanbook.summary`. What went in counts with
 * the cached part, as on `chat` spans. `agents`: how many ran below.
 */
export function usageSummary({ tokens, requests, cost_nanousd, unpriced_tokens }: UsageSum, agents = 0): string {
  const input = tokens.input + tokens.cache_read + tokens.cache_write_5m + tokens.cache_write_1h;
  const parts = [
    counted(requests, 'request'),
    `${formatShort(input)} ${input === 1 ? 'token' : 'tokens'} in`,
    `${formatShort(tokens.output)} out`,
  ];
  if (cost_nanousd !== undefined && !(cost_nanousd === 0 && unpriced_tokens))
    parts.push(formatMoney(cost_nanousd / 1e9));
  if (unpriced_tokens) parts.push(`${formatShort(unpriced_tokens)} unpriced`);
  if (agents > 0) parts.push(counted(agents, 'agent'));
  return parts.join(', ');
}

const counted = (count: number, thing: string): string => `${formatCount(count)} ${thing}${count === 1 ? '' : 's'}`;
