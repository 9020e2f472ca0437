/** The prices of the package, and requests to be priced. */
import { readFileSync } from 'node:fs';
import type { Pricing } from '../../src/model/pricing-schema.ts';
import type { costOf } from '../../src/usage/price-request.ts';
import { priceTableOf } from '../../src/usage/price-table.ts';
import { ROOT } from './run-program.ts';

export const PACKAGED_PRICES = `${ROOT}config/usage_pricing.json`;

export const shippedPricing = (): Pricing => JSON.parse(readFileSync(PACKAGED_PRICES, 'utf8'));

export const shippedTable = priceTableOf(shippedPricing());

export type Request = Parameters<typeof costOf>[1];

const NO_TOKENS = { input: 0, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output: 0 };

/** A request of 2026-11-22 without tokens, at the usual speed. */
export function makeRequest(
  overrides: Partial<Omit<Request, 'tokens'>> & { tokens?: Partial<Request['tokens']> } = {},
): Request {
  const base = { model: 'claude-sonnet-4-5', at: Date.parse('2026-11-22T12:00:00Z'), isFast: false, webSearches: 0 };
  return { ...base, ...overrides, tokens: { ...NO_TOKENS, ...overrides.tokens } };
}
