/** What a request costs at list price, in integer nano-dollars. */
import type { TokenCounts } from '../model/fact.ts';
import type { BilledRequest } from './billed-request.ts';
import type { PriceTable, Rates } from './price-table.ts';

/** What the price of a token depends on. */
export type PricedRequest = Pick<BilledRequest, 'model' | 'at' | 'tokens' | 'isFast' | 'geo'>;

/**
 * Cost of one request in nano-dollars; null if it has no price: an unknown model, none that held at that time, or web
 * searches without a price. Rounded once, half up.
 */
export function costOf(table: PriceTable, request: PricedRequest & Pick<BilledRequest, 'webSearches'>): number | null {
  const rates = ratesOf(table, request);
  if (rates === null) return null;
  const cost = costOfTokens(rates, request.tokens);
  if (request.webSearches === 0) return cost;
  return table.webSearch === null ? null : cost + request.webSearches * table.webSearch;
}

/**
 * The rates that a request is charged with; null if it has no price. The size of its prompt (input, cache reads and
 * cache writes) chooses the tier for the whole of it. To price a sum of requests, ask with their average.
 */
export function ratesOf(table: PriceTable, { model, at, tokens, isFast, geo }: PricedRequest): Rates | null {
  const found = table.find(model);
  if (found === null) return null;
  for (const row of found.rows) {
    if (!(at >= row.from && at < row.until)) continue;
    const prompt = tokens.input + tokens.cache_read + tokens.cache_write_5m + tokens.cache_write_1h;
    for (const tier of row.tiers) {
      if (prompt <= tier.above) continue;
      const { anywhere, places } = isFast ? tier.fast : tier.usual;
      return geo === undefined ? anywhere : (places.get(geo) ?? anywhere);
    }
  }
  return null;
}

/** Cost in nano-dollars of these tokens at these rates. Exact up to 1e9 tokens at prices of today. */
export function costOfTokens({ whole, part }: Rates, tokens: Readonly<TokenCounts>): number {
  const nanos =
    tokens.input * whole.input +
    tokens.cache_read * whole.cache_read +
    tokens.cache_write_5m * whole.cache_write_5m +
    tokens.cache_write_1h * whole.cache_write_1h +
    tokens.output * whole.output;
  const millionths =
    tokens.input * part.input +
    tokens.cache_read * part.cache_read +
    tokens.cache_write_5m * part.cache_write_5m +
    tokens.cache_write_1h * part.cache_write_1h +
    tokens.output * part.output;
  return millionths === 0 ? nanos : nanos + Math.floor((millionths + 500_000) / 1e6);
}
