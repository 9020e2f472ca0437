import { describe, expect, it } from 'vitest';
import { countOf } from '../../src/model/count-of.ts';
import type { UsageSum } from '../../src/model/fact.ts';
import { keptAttributes, requestFact } from '../../src/model/span-to-facts.ts';
import { usageAttributes, usageSummary } from '../../src/model/usage-attributes.ts';

const sum = (overrides: Partial<UsageSum> = {}): UsageSum => ({
  tokens: { input: 1200, cache_read: 11_000, cache_write_5m: 70, cache_write_1h: 30, output: 890 },
  requests: 2,
  cost_nanousd: 32_700_000,
  ...overrides,
});

const used = sum();

describe('attributes of usage', () => {
  it('are those of the activity itself and of all with it', () => {
    expect(usageAttributes(sum({ requests: 1, cost_nanousd: 0 }), used)).toEqual({
      'spanbook.usage.self.input_tokens': 1200,
      'spanbook.usage.self.cache_read_tokens': 11_000,
      'spanbook.usage.self.cache_write_5m_tokens': 70,
      'spanbook.usage.self.cache_write_1h_tokens': 30,
      'spanbook.usage.self.output_tokens': 890,
      'spanbook.usage.self.requests': 1,
      'spanbook.usage.self.cost_nanousd': 0,
      'spanbook.usage.total.input_tokens': 1200,
      'spanbook.usage.total.cache_read_tokens': 11_000,
      'spanbook.usage.total.cache_write_5m_tokens': 70,
      'spanbook.usage.total.cache_write_1h_tokens': 30,
      'spanbook.usage.total.output_tokens': 890,
      'spanbook.usage.total.requests': 2,
      'spanbook.usage.total.cost_nanousd': 32_700_000,
    });
  });

  it('have no cost where no price is known, and say how many tokens have none', () => {
    const attributes = usageAttributes(undefined, sum({ cost_nanousd: undefined, unpriced_tokens: 13_190 }));
    expect(attributes).not.toHaveProperty('spanbook.usage.total.cost_nanousd');
    expect(attributes).toMatchObject({
      'spanbook.usage.self.requests': 0,
      'spanbook.usage.self.cost_nanousd': 0,
      'spanbook.usage.total.unpriced_tokens': 13_190,
    });
    expect(attributes).not.toHaveProperty('spanbook.usage.self.unpriced_tokens');
  });

  it.each([
    [used, 0, '2 requests, 12.3K tokens in, 890 out, $0.0327'],
    [used, 1, '2 requests, 12.3K tokens in, 890 out, $0.0327, 1 agent'],
    [used, 3, '2 requests, 12.3K tokens in, 890 out, $0.0327, 3 agents'],
    [sum({ requests: 1, cost_nanousd: 0 }), 0, '1 request, 12.3K tokens in, 890 out, $0.00'],
    [sum({ unpriced_tokens: 5 }), 0, '2 requests, 12.3K tokens in, 890 out, $0.0327, 5 unpriced'],
    [
      sum({ cost_nanousd: undefined, unpriced_tokens: 13_190 }),
      0,
      '2 requests, 12.3K tokens in, 890 out, 13.2K unpriced',
    ],
    [sum({ cost_nanousd: 0, unpriced_tokens: 13_190 }), 0, '2 requests, 12.3K tokens in, 890 out, 13.2K unpriced'],
  ])('come with a summary: %#', (usage, agents, text) => {
    expect(usageSummary(usage, agents)).toBe(text);
  });

  it('do not stand in the attributes of events, which have usage of their own', () => {
    const attributes = {
      ...usageAttributes(used, used),
      'spanbook.summary': 'x',
      'spanbook.cost.nanousd': 1,
      'app.x': 1,
    };
    expect(keptAttributes(attributes)).toEqual({ 'app.x': 1 });
  });
});

describe('counts', () => {
  it.each([
    [12, 12],
    [1.5, 2],
    ['12', 12],
    [12n, 12],
    [-3, 0],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 0],
    [1e300, 1e12],
    ['many', 0],
    [null, 0],
    [Symbol('x'), 0],
    [{}, 0],
  ])('are whole, whatever a program gives: %s', (given, count) => {
    expect(countOf(given)).toBe(count);
  });
});

describe('the request of a span', () => {
  const request = (attributes: Record<string, unknown>) =>
    requestFact(
      {
        name: 'chat m',
        attributes,
        startTime: [1, 0],
        endTime: [2, 0],
        status: { code: 0 },
        events: [],
        spanContext: () => ({ spanId: 'a'.repeat(16), traceId: 'b'.repeat(32) }),
      },
      false,
    );

  it('has its price, and what the price depends on', () => {
    const attributes = {
      'spanbook.cost.nanousd': 5,
      'spanbook.usage.web_searches': 2,
      'spanbook.usage.fast': true,
      'spanbook.usage.geo': 'us',
    };
    expect(request(attributes)).toMatchObject({ cost_nanousd: 5, web_searches: 2, fast: true, geo: 'us' });
  });

  it.each([-1, 1.5, '5', true, Number.NaN])('has no price where the attribute is no amount: %s', cost => {
    const attributes = { 'spanbook.cost.nanousd': cost, 'spanbook.usage.fast': 'yes', 'spanbook.usage.geo': 7 };
    const fact = JSON.parse(JSON.stringify(request(attributes)));
    for (const key of ['cost_nanousd', 'web_searches', 'fast', 'geo']) expect(fact).not.toHaveProperty(key);
  });
});
