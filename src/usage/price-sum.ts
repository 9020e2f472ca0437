/** What a sum of requests costs that had no price when their lines were pruned. */
import { costOfTokens, ratesOf } from './price-request.ts';
import type { PriceTable } from './price-table.ts';
import type { RequestSum } from './request-sum.ts';

/**
 * In integer nano-dollars; null if there is no price yet. Exact but for models with prices by the size of the prompt:
 * there the average request chooses.
 */
export function costOfSum(table: PriceTable, sum: RequestSum): number | null {
  const { model, at, tokens, requests, webSearches, isFast, geo } = sum;
  const share = 1 / Math.max(1, requests);
  const average = {
    input: tokens.input * share,
    cache_read: tokens.cache_read * share,
    cache_write_5m: tokens.cache_write_5m * share,
    cache_write_1h: tokens.cache_write_1h * share,
    output: tokens.output * share,
  };
  const rates = ratesOf(table, { model, at, tokens: average, isFast, geo });
  if (rates === null || (webSearches > 0 && table.webSearch === null)) return null;
  return costOfTokens(rates, tokens) + webSearches * (table.webSearch ?? 0);
}
