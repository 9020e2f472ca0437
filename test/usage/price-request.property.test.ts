import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pricing } from '../../src/model/pricing-schema.ts';
import { costOf } from '../../src/usage/price-request.ts';
import { priceTableOf } from '../../src/usage/price-table.ts';
import { makeRequest, type Request, shippedPricing, shippedTable } from '../helpers/prices.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) };
const KINDS = ['input', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'output'] as const;
type Kind = (typeof KINDS)[number];

const tokensUpTo = (max: number): fc.Arbitrary<Request['tokens']> =>
  fc.record(Object.fromEntries(KINDS.map(kind => [kind, fc.nat(max)])) as Record<Kind, fc.Arbitrary<number>>);

const requestOf = (models: readonly string[], max: number): fc.Arbitrary<Request> =>
  fc.record({
    model: fc.constantFrom(...models),
    at: fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2026-12-31') }),
    tokens: tokensUpTo(max),
    isFast: fc.boolean(),
    geo: fc.constantFrom(undefined, 'us', 'global'),
    webSearches: fc.nat(5),
  });

const shippedIds = Object.keys(shippedPricing().models ?? {});
const shipped = requestOf(shippedIds, 1_000_000_000);
const costIn = (request: Request): number => costOf(shippedTable, request) ?? Number.NaN;

/** A decimal as an exact fraction of 1e15. */
function exact(decimal: number): bigint {
  const [whole = '', part = ''] = decimal.toFixed(15).split('.');
  return BigInt(whole + part);
}

describe('the cost of any request', () => {
  it('is a safe integer, 0 or more', () => {
    fc.assert(
      fc.property(shipped, request => {
        expect(Number.isSafeInteger(costIn(request))).toBe(true);
        expect(costIn(request)).toBeGreaterThanOrEqual(0);
      }),
      RUNS,
    );
  });

  it('never falls when there are more tokens', () => {
    fc.assert(
      fc.property(shipped, fc.constantFrom(...KINDS), fc.nat(1000), (request, kind, more) => {
        const tokens = { ...request.tokens, [kind]: request.tokens[kind] + more };
        expect(costIn({ ...request, tokens })).toBeGreaterThanOrEqual(costIn(request));
      }),
      RUNS,
    );
  });

  it('is the sum of its kinds of tokens and its searches, where no tier and no half comes between', () => {
    const flat = shippedIds.filter(id => !JSON.stringify(shippedPricing().models?.[id]).includes('tiers'));
    fc.assert(
      fc.property(requestOf(flat, 1_000_000), request => {
        const alone = KINDS.map(kind => {
          const { tokens } = makeRequest({ tokens: { [kind]: request.tokens[kind] } });
          return costIn({ ...request, tokens, webSearches: 0 });
        });
        const searches = costIn({ ...request, tokens: makeRequest().tokens });
        expect(alone.reduce((sum, each) => sum + each, searches)).toBe(costIn(request));
      }),
      RUNS,
    );
  });
});

it('the cost at any price of twelve decimals is what exact arithmetic says', () => {
  const price = fc.integer({ min: 0, max: 100_000_000_000 }).map(units => units / 1e12);
  const factor = fc.integer({ min: 1, max: 100 }).map(tenths => tenths / 10);
  const prices = fc.record(Object.fromEntries(KINDS.map(kind => [kind, price])) as Record<Kind, fc.Arbitrary<number>>);
  fc.assert(
    fc.property(prices, factor, tokensUpTo(1_000_000), fc.boolean(), (row, fast, tokens, isFast) => {
      const pricing: Pricing = { models: { m: { ...row, fast_multiplier: fast } } };
      const cost = costOf(priceTableOf(pricing), makeRequest({ model: 'm', tokens, isFast }));
      const tenths = BigInt(isFast ? Math.round(fast * 10) : 10);
      // The price of a token is rounded to a millionth of a nano-dollar; a multiplier may leave more.
      const millionths = KINDS.map(kind => BigInt(tokens[kind]) * ((exact(row[kind]) / 1000n) * tenths));
      const sum = millionths.reduce((total, each) => total + each, 0n);
      const nanos = Number(sum) / 1e7;
      expect(Math.abs((cost ?? Number.NaN) - nanos)).toBeLessThanOrEqual(0.5 + 5 * 0.5 + nanos * 1e-15);
      if (tenths % 10n === 0n) expect(BigInt(cost ?? -1)).toBe((sum + 5_000_000n) / 10_000_000n);
    }),
    RUNS,
  );
});
