import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPricing } from '../../src/store/read-pricing.ts';
import { costOf } from '../../src/usage/price-request.ts';
import { modelNameOf } from '../../src/usage/price-table.ts';
import { makeRequest, PACKAGED_PRICES, shippedPricing } from '../helpers/prices.ts';
import { makeFolder } from '../helpers/run-cli.ts';

/** Reads with this in the state folder; undefined for no file. */
function read(own?: unknown, packaged = PACKAGED_PRICES) {
  const stateDir = makeFolder();
  if (own !== undefined) {
    writeFileSync(`${stateDir}/usage_pricing.json`, typeof own === 'string' ? own : JSON.stringify(own));
  }
  return readPricing(stateDir, packaged);
}

const inputCost = ({ table }: ReturnType<typeof read>, model: string): number | null =>
  costOf(table, makeRequest({ model, tokens: { input: 1 } }));

const shipped = readPricing('/nonexistent', PACKAGED_PRICES);

describe('the prices that hold', () => {
  it('are those of the package where the state folder says nothing', () => {
    expect(shipped.pricing).toEqual(shippedPricing());
    expect(shipped).toMatchObject({ overridden: [], ignored: [] });
    expect(read()).toEqual({ ...shipped, table: expect.anything() });
    expect(read({})).toMatchObject({ fingerprint: shipped.fingerprint, overridden: [] });
  });

  it('are replaced model by model, as a whole', () => {
    const own = read({
      models: { 'claude-sonnet-4-5': { input: 0.004, output: 0.02 }, local: { input: 0, output: 0 } },
    });
    expect(own.overridden).toEqual(['claude-sonnet-4-5', 'local']);
    expect(inputCost(own, 'claude-sonnet-4-5-20250929')).toBe(4000);
    expect(inputCost(own, 'local')).toBe(0);
    expect(inputCost(own, 'claude-opus-5')).toBe(5000);
    // Its tiers and its name went with the rest of the entry.
    const long = makeRequest({ model: 'claude-sonnet-4-5', tokens: { input: 300_000 } });
    expect(costOf(own.table, long)).toBe(300_000 * 4000);
    expect(modelNameOf(own.table, 'claude-sonnet-4-5')).toBe('claude-sonnet-4-5');
  });

  it('may be given for one dated or provider id alone', () => {
    const own = read({ models: { 'us.anthropic.claude-sonnet-4-5-20250929-v1:0': { input: 0.0033, output: 0.0165 } } });
    expect(inputCost(own, 'us.anthropic.claude-sonnet-4-5-20250929-v1:0')).toBe(3300);
    expect(inputCost(own, 'anthropic.claude-sonnet-4-5-20250929-v1:0')).toBe(3000);
  });

  it('are completed by aliases and the price of a search', () => {
    const own = read({ aliases: { 'my-opus': 'claude-opus-5' }, web_search: 20 });
    expect(inputCost(own, 'my-opus')).toBe(5000);
    expect(inputCost(own, 'claude-opus-4-0')).toBe(15_000);
    expect(costOf(own.table, makeRequest({ webSearches: 1 }))).toBe(20_000_000);
  });

  it('come with thresholds key by key, and with lists as a whole', () => {
    const budgets = [{ period: 'week', limit: 5 }];
    const { pricing } = read({ alert_thresholds: { daily_cost_warning: 7 }, budgets, recommendations: [] });
    expect(pricing.alert_thresholds).toEqual({ ...shipped.pricing.alert_thresholds, daily_cost_warning: 7 });
    expect(pricing.budgets).toEqual(budgets);
    expect(pricing.recommendations).toEqual([]);
  });
});

describe('a wrong file', () => {
  it('leaves the model that it gives badly without a price, and the rest as it is', () => {
    const own = read({
      models: { 'claude-sonnet-4-5': { input: 0.004 }, 'claude-haiku-4-5': [{}], good: { input: 0.001, output: 0 } },
    });
    expect(own.ignored).toEqual(['models.claude-sonnet-4-5', 'models.claude-haiku-4-5']);
    expect(inputCost(own, 'claude-sonnet-4-5-20250929')).toBeNull();
    expect(inputCost(own, 'claude-haiku-4-5')).toBeNull();
    expect(inputCost(own, 'good')).toBe(1000);
    expect(inputCost(own, 'claude-opus-5')).toBe(5000);
  });

  it('of a dated id does not give way to the price of the undated one', () => {
    expect(inputCost(read({ models: { 'claude-sonnet-4-5-20250929': {} } }), 'claude-sonnet-4-5-20250929')).toBeNull();
  });

  it.each(['', '{"models": {"claude-opus-5": {"input"', '[]', 'null', '7', '\u0000'])('%j changes nothing', text => {
    expect(read(text)).toMatchObject({ fingerprint: shipped.fingerprint, overridden: [], ignored: [''] });
  });

  it('may be a folder', () => {
    const stateDir = makeFolder();
    mkdirSync(`${stateDir}/usage_pricing.json`);
    expect(readPricing(stateDir, PACKAGED_PRICES)).toMatchObject({ ignored: [''] });
  });

  it('in the package is an error that says what to do', () => {
    const folder = makeFolder();
    for (const path of [`${folder}/none.json`, folder]) {
      expect(() => readPricing(folder, path)).toThrow(
        `${path}: expected the prices of the package, got none that can be read; install spanbook again`,
      );
    }
  });
});

describe('the fingerprint', () => {
  const entry = { input: 0.003, output: 0.015, geo_multipliers: { us: 1.1, eu: 1.2 } };
  const base = (): string => read({ models: { m: entry, n: entry } }).fingerprint;

  it.each([
    ['a price', { models: { m: { ...entry, cache_read: 0.1 }, n: entry } }],
    [
      'a tier',
      { models: { m: { ...entry, tiers: [{ ...entry, geo_multipliers: undefined, above_tokens: 5 }] }, n: entry } },
    ],
    ['a date', { models: { m: { ...entry, valid_from: '2026-01-01' }, n: entry } }],
    ['the end of a price', { models: { m: { ...entry, valid_until: '2026-01-01' }, n: entry } }],
    ['a multiplier', { models: { m: { ...entry, fast_multiplier: 2 }, n: entry } }],
    ['a place', { models: { m: { ...entry, geo_multipliers: { us: 1.2, eu: 1.1 } }, n: entry } }],
    ['a model', { models: { m: entry, o: entry } }],
    ['a wrong model', { models: { m: entry, n: {} } }],
    ['an alias', { models: { m: entry, n: entry }, aliases: { o: 'm' } }],
    ['a search', { models: { m: entry, n: entry }, web_search: 11 }],
  ])('changes with %s', (_, own) => {
    expect(read(own).fingerprint).not.toBe(base());
  });

  const prices = { input: 0.003, output: 0.015, cache_read: 1, cache_write_5m: 1, cache_write_1h: 1 };

  it.each(Object.keys(prices))('changes with the price of %s, and with that of a tier', key => {
    const tier = { ...prices, above_tokens: 5 };
    const of = (row: object): string => read({ models: { m: row } }).fingerprint;
    const before = of({ ...prices, tiers: [tier] });
    expect(of({ ...prices, [key]: 2, tiers: [tier] })).not.toBe(before);
    expect(of({ ...prices, tiers: [{ ...tier, [key]: 2 }] })).not.toBe(before);
    expect(of({ ...prices, tiers: [{ ...tier, above_tokens: 6 }] })).not.toBe(before);
  });

  it.each([
    ['names and notes', { models: { m: { ...entry, model_name: 'M', note: 'n', source: 's' }, n: entry } }],
    [
      'the order of things',
      { models: { n: entry, m: { output: 0.015, geo_multipliers: { eu: 1.2, us: 1.1 }, input: 0.003 } } },
    ],
    ['a list of one', { models: { m: [entry], n: entry } }],
    ['limits', { models: { m: entry, n: entry }, budgets: [{ period: 'day', limit: 1 }], recommendations: [] }],
  ])('stays with %s', (_, own) => {
    expect(read(own).fingerprint).toBe(base());
  });
});
