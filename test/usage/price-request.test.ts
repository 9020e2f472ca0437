import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { costOf, costOfTokens, ratesOf } from '../../src/usage/price-request.ts';
import { priceTableOf } from '../../src/usage/price-table.ts';
import { makeRequest, type Request, shippedTable } from '../helpers/prices.ts';

const cost = (overrides: Parameters<typeof makeRequest>[0]): number | null =>
  costOf(shippedTable, makeRequest(overrides));
const at = Date.parse;

/** The truth about the recorded session: what the client was answered. */
const recorded = readFileSync(new URL('../fixtures/recorded-requests.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line): Request => {
    const { model, usage, at: time } = JSON.parse(line);
    return makeRequest({
      model,
      at: at(time),
      tokens: {
        input: usage.input_tokens,
        cache_read: usage.cache_read_input_tokens,
        cache_write_5m: usage.cache_creation.ephemeral_5m_input_tokens,
        cache_write_1h: usage.cache_creation.ephemeral_1h_input_tokens,
        output: usage.output_tokens,
      },
    });
  });

it.each([
  ['first', 0, 6, 32_778_000],
  ['second', 6, 14, 44_712_000],
  ['third', 14, 15, 5_670_000],
])('the %s recorded run costs what the client says, to the nano-dollar', (_, from, to, nanos) => {
  const costs = recorded.slice(from, to).map(request => costOf(shippedTable, request) ?? Number.NaN);
  expect(costs.reduce((sum, each) => sum + each)).toBe(nanos);
});

describe('a request without a price', () => {
  it.each([
    ['of an unknown model', { model: 'claude-opus-9', tokens: { input: 5 } }],
    ['of an unknown model, with no tokens', { model: 'claude-opus-9' }],
    ['at a time that is none', { at: Number.NaN, tokens: { input: 5 } }],
  ])('%s costs null, not nothing', (_, overrides) => {
    expect(cost(overrides)).toBeNull();
  });

  it('is one before, after and between the days of a price', () => {
    const price = { input: 0.001, output: 0.001 };
    const table = priceTableOf({
      models: {
        m: [
          { ...price, valid_from: '2026-02-01', valid_until: '2026-02-28' },
          { ...price, input: 0.002, valid_from: '2026-03-02', valid_until: '2026-03-02' },
        ],
      },
    });
    const costAt = (time: string): number | null =>
      costOf(table, makeRequest({ model: 'm', at: at(time), tokens: { input: 1 } }));
    expect(costAt('2026-01-31T23:59:59.999Z')).toBeNull();
    expect(costAt('2026-02-01T00:00:00.000Z')).toBe(1000);
    expect(costAt('2026-02-28T23:59:59.999Z')).toBe(1000);
    expect(costAt('2026-03-01T12:00:00.000Z')).toBeNull();
    expect(costAt('2026-03-02T00:00:00.000Z')).toBe(2000);
    expect(costAt('2026-03-03T00:00:00.000Z')).toBeNull();
  });

  it('is one with web searches that have no price', () => {
    const table = priceTableOf({ models: { m: { input: 0.001, output: 0.001 } } });
    expect(costOf(table, makeRequest({ model: 'm', webSearches: 1 }))).toBeNull();
    expect(costOf(table, makeRequest({ model: 'm' }))).toBe(0);
  });
});

describe('dates', () => {
  const tokens = { input: 1000, cache_read: 250_000, cache_write_5m: 50_000, output: 2000 };

  it('a request of 301,000 tokens pays the price of its day', () => {
    const sonnet = { model: 'claude-sonnet-5-5', tokens };
    const others = 1000 * 2000 + 50_000 * 2500 + 2000 * 10_000;
    expect(cost({ ...sonnet, at: at('2026-10-06T23:59:59.999Z') })).toBe(others + 250_000 * 200);
    expect(cost({ ...sonnet, at: at('2026-10-07T00:00:00.000Z') })).toBe(others + 250_000 * 100);
  });

  it('the first of two prices that hold counts', () => {
    const models = {
      m: [
        { input: 0.001, output: 0, valid_from: '2026-06-01' },
        { input: 0.002, output: 0 },
      ],
    };
    const costAt = (time: string): number | null =>
      costOf(priceTableOf({ models }), makeRequest({ model: 'm', at: at(time), tokens: { input: 1 } }));
    expect(costAt('2026-05-31')).toBe(2000);
    expect(costAt('2026-06-01')).toBe(1000);
  });
});

describe('tiers', () => {
  it.each([
    ['claude-haiku-5-5', 100_000, [100, 10, 125, 200, 500], [500, 50, 625, 1000, 2500]],
    ['claude-sonnet-4-5', 200_000, [3000, 300, 3750, 6000, 15_000], [6000, 600, 7500, 12_000, 22_500]],
    ['claude-sonnet-4', 200_000, [3000, 300, 3750, 6000, 15_000], [6000, 600, 7500, 12_000, 22_500]],
  ])('%s: a prompt above %d tokens costs more as a whole', (model, above, low, high) => {
    const tokens = {
      input: above - 3333,
      cache_read: 1111,
      cache_write_5m: 1000,
      cache_write_1h: 1222,
      output: 70_000,
    };
    const sum = (rates: readonly number[], input: number): number =>
      [input, 1111, 1000, 1222, 70_000].reduce((total, count, kind) => total + count * (rates[kind] ?? 0), 0);
    expect(cost({ model, tokens })).toBe(sum(low, tokens.input));
    expect(cost({ model, tokens: { ...tokens, input: tokens.input + 1 } })).toBe(sum(high, tokens.input + 1));
  });

  it('are not asked for the output', () => {
    expect(cost({ model: 'claude-haiku-5-5', tokens: { output: 1_000_000 } })).toBe(500_000_000);
  });

  it('the highest that fits holds, in whatever order they are given', () => {
    const tiers = [10, 30, 20].map(above => ({ above_tokens: above, input: above / 1000, output: 0 }));
    const table = priceTableOf({ models: { m: { input: 0.001, output: 0, tiers } } });
    const each = (input: number): number =>
      (costOf(table, makeRequest({ model: 'm', tokens: { input } })) ?? Number.NaN) / input / 1000;
    expect([10, 11, 20, 21, 30, 31].map(each)).toEqual([1, 10, 10, 20, 20, 30]);
  });

  it('models from 4.6 on have none for 200,000 tokens today', () => {
    for (const model of ['claude-opus-4-6', 'claude-sonnet-4-6', 'claude-opus-5-5', 'claude-fable-5-2']) {
      const half = cost({ model, tokens: { input: 150_000 } }) ?? Number.NaN;
      expect(cost({ model, tokens: { input: 300_000 } }), model).toBe(2 * half);
    }
  });

  it.each(['claude-opus-4-6', 'claude-sonnet-4-6'])('%s had one until it was taken away', model => {
    const each = (day: string, input: number): number => (cost({ model, at: at(day), tokens: { input } }) ?? 0) / input;
    const usual = each('2026-11-22', 1);
    expect(each('2026-03-12T23:59:59.999Z', 200_000)).toBe(usual);
    expect(each('2026-03-12T23:59:59.999Z', 300_000)).toBe(2 * usual);
    expect(each('2026-03-13', 300_000)).toBe(usual);
  });
});

describe('multipliers', () => {
  const tokens = { input: 7, cache_read: 11, cache_write_5m: 13, cache_write_1h: 17, output: 19 };
  const opus = 7 * 5000 + 11 * 500 + 13 * 6250 + 17 * 10_000 + 19 * 25_000;

  it.each([
    ['claude-opus-4-8', '2026-11-22', 2],
    ['claude-opus-5', '2026-11-22', 2],
    ['claude-opus-4-7', '2026-07-01', 6],
    ['claude-opus-4-6', '2026-02-10', 6],
    ['claude-opus-4-6', '2026-06-28', 6],
    ['claude-opus-4-6', '2026-06-29', 1],
    ['claude-opus-4-5', '2026-11-22', 1],
  ])('%s in fast mode on %s costs %d times as much', (model, day, factor) => {
    expect(cost({ model, at: at(day), tokens })).toBe(opus);
    expect(cost({ model, at: at(day), tokens, isFast: true })).toBe(factor * opus);
  });

  it.each(['claude-opus-5-5', 'claude-fable-5-2'])('%s in fast mode costs twice as much', model => {
    expect(cost({ model, tokens, isFast: true })).toBe(2 * (cost({ model, tokens }) ?? Number.NaN));
  });

  it('the place counts for models from 4.6 on, and only the place that has a price', () => {
    expect(cost({ model: 'claude-opus-4-6', tokens, geo: 'us' })).toBe((opus * 11) / 10);
    expect(cost({ model: 'claude-opus-4-6', tokens, geo: 'global' })).toBe(opus);
    expect(cost({ model: 'claude-opus-4-6', tokens, geo: 'constructor' })).toBe(opus);
    expect(cost({ model: 'claude-opus-4-5', tokens, geo: 'us' })).toBe(opus);
  });

  it('speed and place multiply', () => {
    expect(cost({ model: 'claude-opus-5', tokens, isFast: true, geo: 'us' })).toBe((opus * 22) / 10);
  });

  it('a long prompt is multiplied from its tier', () => {
    const long = { input: 100_001 };
    expect(cost({ model: 'claude-haiku-5-5', tokens: long, geo: 'us' })).toBe(100_001 * 550);
  });

  it('half a nano-dollar is rounded up, once for the whole request', () => {
    // 137.5 nano-dollars each.
    const write = (count: number): number | null =>
      cost({ model: 'claude-haiku-5-5', geo: 'us', tokens: { cache_write_5m: count } });
    expect([1, 2, 3].map(write)).toEqual([138, 275, 413]);
  });
});

it('a web search costs a cent, whatever multiplies the tokens', () => {
  expect(cost({ webSearches: 3 })).toBe(30_000_000);
  const searched = { model: 'claude-opus-5', isFast: true, geo: 'us', tokens: { input: 10 } };
  expect(cost({ ...searched, webSearches: 1 })).toBe(10 * 11_000 + 10_000_000);
});

describe('a price without cache prices', () => {
  it('takes them from the input, in each tier', () => {
    const tier = { above_tokens: 100, input: 0.002, output: 0 };
    const table = priceTableOf({ models: { m: { input: 0.001, output: 0, tiers: [tier] } } });
    const of = (tokens: Partial<Request['tokens']>): number | null =>
      costOf(table, makeRequest({ model: 'm', tokens }));
    expect(of({ cache_read: 1 })).toBe(100);
    expect(of({ cache_write_5m: 1 })).toBe(1250);
    expect(of({ cache_write_1h: 1 })).toBe(2000);
    expect(of({ cache_read: 101 })).toBe(101 * 200);
  });

  it('takes a price of 0 as it is', () => {
    const models = { m: { input: 0.001, output: 0, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0 } };
    const tokens = { cache_read: 5, cache_write_5m: 5, cache_write_1h: 5, output: 5 };
    expect(costOf(priceTableOf({ models }), makeRequest({ model: 'm', tokens }))).toBe(0);
  });
});

it('prices with many decimals are exact, and a billion tokens too', () => {
  const models = { m: { input: 0.000_000_000_001, output: 0.123_456_789_012 } };
  const of = (tokens: Partial<Request['tokens']>): number | null =>
    costOf(priceTableOf({ models }), makeRequest({ model: 'm', tokens }));
  expect(of({ input: 1_000_000 })).toBe(1);
  expect(of({ output: 1_000_000 })).toBe(123_456_789_012);
  expect(of({ input: 1_000_000_000, output: 999_999_999 })).toBe(123_456_788_889_543);
});

it('a sum is priced at the rates of its average request', () => {
  const tokens = { ...makeRequest().tokens, input: 60_000, output: 100 };
  const sum = { ...tokens, input: 60_000_000, output: 100_000 };
  const rates = ratesOf(shippedTable, makeRequest({ model: 'claude-haiku-5-5', tokens }));
  expect(rates && costOfTokens(rates, sum)).toBe(60_000_000 * 100 + 100_000 * 500);
});
