/** What may stand in `usage_pricing.json`: the schema says it in words, the reader that must not fail takes the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepValidPricing } from '../../src/model/keep-valid-pricing.ts';
import { pricingSchema } from '../../src/model/pricing-schema.ts';
import { RULE_DEFAULTS, recommendationsOf } from '../../src/model/recommendation-rules.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 1000) };
const price = { input: 0.003, output: 0.015 };
const passes = (value: unknown): boolean => pricingSchema.safeParse(value).success;

const model = (entry: unknown) => ({ models: { m: entry } });
const dated = (from: string, until: string) => model({ ...price, valid_from: from, valid_until: until });
const rule = (entry: unknown) => ({ recommendations: [entry] });
const budget = (entry: object) => ({ budgets: [{ period: 'day', limit: 1, ...entry }] });

const GOOD: readonly unknown[] = [
  {},
  { currency: 'USD', web_search: 0, aliases: { proxy: 'm' } },
  model({ ...price, fast_multiplier: 0.5, geo_multipliers: { us: 1.1 }, source: '', note: 'n', unconfirmed: 'u' }),
  model({ ...price, geo_multipliers: {}, tiers: [] }),
  dated('2026-02-28', '2026-02-28'),
  dated('2024-02-29', '2026-01-01'),
  budget({ name: 'All' }),
  budget({ skill: 's', limit: 0.001 }),
  rule('Use the small model for searches.'),
  ...Object.entries(RULE_DEFAULTS).flatMap(([name, numbers]) => [
    rule({ rule: name }),
    rule({ rule: name, enabled: false, ...numbers }),
  ]),
];

const BAD: readonly [unknown, string][] = [
  [{ currency: 'EUR' }, 'currency'],
  [{ web_search: -1 }, 'web_search'],
  [{ web_search: 100_001 }, 'web_search'],
  [{ aliases: { proxy: '' } }, 'aliases.proxy'],
  [{ aliases: ['m'] }, 'aliases'],
  [{ model: {} }, 'model'],
  [model([]), 'models.m'],
  [model({ ...price, input: 1000.5 }), 'models.m'],
  [model({ ...price, cache_raed: 0.1 }), 'models.m'],
  [model([price, { ...price, output: '1' }]), 'models.m'],
  [model({ ...price, model_name: '' }), 'models.m'],
  [model({ ...price, tiers: [{ ...price, above_tokens: 0 }] }), 'models.m'],
  [model({ ...price, tiers: [price] }), 'models.m'],
  [model({ ...price, fast_multiplier: 0 }), 'models.m'],
  [model({ ...price, fast_multiplier: 101 }), 'models.m'],
  [model({ ...price, geo_multipliers: { us: '1.1' } }), 'models.m'],
  [model({ ...price, geo_multipliers: { '': 1 } }), 'models.m'],
  [dated('2026-02-30', '2026-03-01'), 'models.m'],
  [dated('2026-1-1', '2026-03-01'), 'models.m'],
  [dated('2026-03-02', '2026-03-01'), 'models.m'],
  [{ models: { '': price } }, 'models.'],
  [{ models: 5 }, 'models'],
  [{ alert_thresholds: { hourly_cost_warning: -1 } }, 'alert_thresholds.hourly_cost_warning'],
  [{ alert_thresholds: { weekly_cost_warning: 1 } }, 'alert_thresholds.weekly_cost_warning'],
  [budget({ limit: 0 }), 'budgets.0'],
  [budget({ stage: 's', model: 'm' }), 'budgets.0'],
  [budget({ name: '' }), 'budgets.0'],
  [{ budgets: {} }, 'budgets'],
  [rule(''), 'recommendations.0'],
  [rule({ rule: 'be_thrifty' }), 'recommendations.0'],
  [rule({ rule: 'cache_never_read', enabled: 1 }), 'recommendations.0'],
  [rule({ rule: 'cache_never_read', min_requests: 1 }), 'recommendations.0'],
  [rule({ rule: 'expensive_prompts', min_cost_share: 1.1 }), 'recommendations.0'],
  [rule({ rule: 'cheaper_model_for_small_agents', to_model: 5 }), 'recommendations.0'],
  [[], ''],
  [null, ''],
];

describe('prices', () => {
  it.each(GOOD)('%j are taken', value => {
    expect(pricingSchema.safeParse(value).error).toBeUndefined();
    const { currency, ...kept } = value as Record<string, unknown>;
    expect(keepValidPricing(value)).toMatchObject({ pricing: kept, ignored: [] });
  });

  it.each(BAD)('%j are refused, and left out', (value, place) => {
    expect(passes(value)).toBe(false);
    expect(keepValidPricing(value).ignored).toEqual([place]);
  });
});

describe('what is left out', () => {
  it('takes nothing else with it, and leaves its model without a price', () => {
    const good = { ...price, cache_read: 0.001 };
    const { pricing, ignored } = keepValidPricing({
      models: { good, bad: { input: 1 }, list: [good, {}] },
      aliases: { a: 'good', b: 5 },
      budgets: [
        { period: 'day', limit: 1 },
        { period: 'year', limit: 1 },
      ],
      recommendations: ['Think.', 7],
      alert_thresholds: { daily_cost_warning: 5, daily_cost_critical: '10' },
    });
    expect(pricing).toEqual({
      models: { good, bad: [], list: [] },
      aliases: { a: 'good' },
      budgets: [{ period: 'day', limit: 1 }],
      recommendations: ['Think.'],
      alert_thresholds: { daily_cost_warning: 5 },
    });
    expect(ignored).toEqual([
      ...['models.bad', 'models.list', 'aliases.b', 'alert_thresholds.daily_cost_critical'],
      ...['budgets.1', 'recommendations.1'],
    ]);
  });

  it('is every amount of a file in another currency', () => {
    const file = { currency: 'EUR', models: { m: price }, budgets: [{ period: 'day', limit: 1 }], web_search: 5 };
    expect(keepValidPricing(file).pricing).toEqual({ models: { m: [] } });
  });
});

const value = fc.oneof(
  fc.constantFrom<unknown>(0, -1, 0.003, 1000, 1001, 1e300, '', 'x', null, true, [], {}),
  fc.constantFrom('2026-01-01', '2026-12-31', '2026-02-29', 'day', 'USD'),
);
const some = (keys: readonly string[]) => fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 3 });
const row = fc.tuple(
  fc.constant(price),
  some([
    'input',
    'output',
    'cache_read',
    'cache_write_5m',
    'cache_write_1h',
    'valid_from',
    'valid_until',
    'model_name',
  ]),
  fc.oneof(
    fc.constant({}),
    some(['fast_multiplier', 'note', 'extra']),
    some(['us', '']).map(geo => ({ geo_multipliers: geo })),
    some(['above_tokens', 'input', 'extra']).map(tier => ({ tiers: [{ ...price, above_tokens: 1, ...tier }] })),
  ),
);
const entry = row.map(parts => Object.assign({}, ...parts));
const recommendation = fc.oneof(
  value,
  fc
    .tuple(
      fc.constantFrom(...Object.keys(RULE_DEFAULTS), 'other'),
      some(['enabled', ...Object.values(RULE_DEFAULTS).flatMap(numbers => Object.keys(numbers))]),
    )
    .map(([name, rest]) => ({ ...rest, rule: name })),
);

describe('the reader that must not fail', () => {
  it.each([
    ['a model', fc.oneof(entry, value, fc.array(entry, { maxLength: 2 })).map(model)],
    ['a budget', some(['name', 'limit', 'period', 'stage', 'model', 'extra']).map(budget)],
    ['a recommendation', recommendation.map(rule)],
    [
      'a threshold',
      some(['hourly_cost_warning', 'daily_tokens_warning']).map(limits => ({ alert_thresholds: limits })),
    ],
    ['anything', some(['models', 'aliases', 'budgets', 'recommendations', 'web_search', 'currency', 'extra'])],
  ] as [string, fc.Arbitrary<unknown>][])('takes %s if, and only if, the schema does', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, given => {
        const file = JSON.parse(JSON.stringify(given));
        expect(keepValidPricing(file).ignored.length === 0).toBe(passes(file));
      }),
      RUNS,
    );
  });

  it('takes no harm from any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), given => {
        expect(() => keepValidPricing(given)).not.toThrow();
      }),
      RUNS,
    );
    const hostile = JSON.parse(
      '{"models":{"__proto__":{"input":1,"output":1}},"aliases":{"__proto__":"m"},"constructor":1}',
    );
    expect(Object.keys(keepValidPricing(hostile).pricing.models ?? {})).toEqual(['__proto__']);
  });
});

describe('recommendations', () => {
  it('get the numbers that they do not give, and go when switched off', () => {
    const { rules, texts } = recommendationsOf([
      'Think.',
      { rule: 'long_cache_not_needed', max_session_minutes: 5 },
      { rule: 'cache_never_read', enabled: false },
      { rule: 'unknown' },
      { rule: 'expensive_prompts', enabled: true },
    ]);
    expect(texts).toEqual(['Think.']);
    expect(rules).toEqual([
      { rule: 'long_cache_not_needed', min_cache_write_1h_tokens: 100_000, max_session_minutes: 5 },
      { rule: 'expensive_prompts', ...RULE_DEFAULTS.expensive_prompts },
    ]);
  });
});
