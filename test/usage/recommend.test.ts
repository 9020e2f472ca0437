/** What could have been saved: worked out by hand for each rule, and silent where there is nothing to save. */
import { describe, expect, it } from 'vitest';
import type { RecommendationRule } from '../../src/model/recommendation-rules.ts';
import { recommend } from '../../src/usage/recommend.ts';
import { cubeOf, type Usage } from '../helpers/cube-of.ts';
import { shippedPricing, shippedTable } from '../helpers/prices.ts';

const NOW = Date.parse('2026-11-26T18:00Z');
const DAY = 86_400_000;

interface Setting {
  rules?: readonly unknown[];
}

function recommended(usage: readonly Usage[], { rules = shippedPricing().recommendations ?? [] }: Setting = {}) {
  return recommend(rules, {
    cube: cubeOf(usage),
    prices: shippedTable,
    range: { from: NOW - 30 * DAY, until: NOW },
    modelName: id => shippedTable.find(id)?.name ?? id,
  });
}

const only = (rule: RecommendationRule['rule'], numbers: object = {}): Setting => ({ rules: [{ rule, ...numbers }] });
const AT = '2026-11-20T09:00Z';

describe('a cheaper model for small agents', () => {
  // Sonnet 4.5: $3 and $15 for a million; Haiku 4.5: $1 and $5.
  const small = { at: AT, agent: 'explore', requests: 100, input: 1_000_000, output: 50_000, usd: 3.75 };
  const toHaiku = only('cheaper_model_for_small_agents', { to_model: 'claude-haiku-4-5' });

  it('says what it would have saved', () => {
    expect(recommended([small], toHaiku)).toEqual([
      {
        rule: 'cheaper_model_for_small_agents',
        subject: 'agent explore',
        saved: 2.5,
        message:
          'Agent explore made 100 small requests (prompts of 10,000 tokens on average) for $3.75. On Claude Haiku 4.5 they would have cost $2.50 less.',
      },
    ]);
  });

  it.each([
    ['the main agent', { agent: '(main)' }],
    ['an unknown agent', { agent: null }],
    ['few requests', { requests: 19 }],
    ['large prompts', { cache_read: 1_000_001 }],
    ['large answers', { output: 100_001 }],
    ['that model already', { model: 'claude-haiku-4-5-20251001' }],
    ['no price', { model: 'gpt-x', usd: 0, unpriced: 1_050_000 }],
    ['another time', { at: NOW - 31 * DAY }],
  ])('is not said of %s', (_, change) => {
    expect(recommended([{ ...small, ...change }], toHaiku)).toEqual([]);
  });

  it('leaves out what has no price', () => {
    const unknown = { ...small, model: 'gpt-x', usd: 0, unpriced: 1_050_000 };
    expect(recommended([small, unknown], toHaiku).map(({ saved }) => saved)).toEqual([2.5]);
  });

  it('is not said for a model without a price', () => {
    expect(recommended([small], only('cheaper_model_for_small_agents', { to_model: 'gpt-x' }))).toEqual([]);
  });
});

describe('a cache that is never read', () => {
  // Sonnet 4.5: writing costs $3.75 a million, input $3, reading $0.30.
  const unread = { at: AT, command: '/report', requests: 10, cache_write_5m: 1_000_000, usd: 3.75 };

  it('says what it would have saved', () => {
    expect(recommended([{ ...unread, cache_read: 100_000, usd: 3.78 }], only('cache_never_read'))).toEqual([
      {
        rule: 'cache_never_read',
        subject: 'the main agent in /report',
        saved: 0.48,
        message:
          'The main agent in /report wrote 1,000,000 tokens to the cache and read 100,000 from it. Without caching that would have cost $0.4800 less.',
      },
    ]);
  });

  it.each([
    ['one that is read', { cache_read: 250_001 }],
    ['a small one', { cache_write_5m: 99_999 }],
  ])('is not said of %s', (_, change) => {
    expect(recommended([{ ...unread, ...change }], only('cache_never_read'))).toEqual([]);
  });

  it('names agents and commands that are not known', () => {
    const subjects = [
      { command: null, agent: 'explore' },
      { command: '/report', agent: null },
    ].map(keys => recommended([{ ...unread, ...keys }], only('cache_never_read'))[0]?.subject);
    expect(subjects).toEqual(['agent explore outside of known commands', 'an unknown agent in /report']);
  });
});

describe('a long cache that is not needed', () => {
  // Sonnet 4.5: $6 a million for an hour, $3.75 for five minutes.
  const short = (session: string, change: Partial<Usage> = {}): Usage => ({
    at: AT,
    session,
    requests: 10,
    cache_write_1h: 400_000,
    usd: 2.4,
    ...change,
  });

  it('is one sentence for all sessions of a project', () => {
    const usage = [short('a'), short('b'), short('c', { project: null }), short('a', { at: '2026-11-20T09:50Z' })];
    expect(recommended(usage, only('long_cache_not_needed'))).toEqual([
      {
        rule: 'long_cache_not_needed',
        subject: 'project shop',
        saved: 2.7,
        message:
          '2 sessions of project shop paid for the cache of one hour and lasted 60 minutes or less. With the cache of five minutes, read in time, $2.70 less.',
      },
      expect.objectContaining({ subject: 'sessions without a project', saved: 0.9 }),
    ]);
  });

  it.each([
    ['went on for more than an hour', [short('a'), short('a', { at: '2026-11-20T10:01Z' })]],
    ['wrote little', [short('a', { cache_write_1h: 99_999 })]],
    ['may still go on', [short('a', { at: NOW - 600_000 })]],
    ['is not known', [short('a', { session: null })]],
  ])('is not said of a session that %s', (_, usage) => {
    expect(recommended(usage, only('long_cache_not_needed'))).toEqual([]);
  });
});

describe('expensive prompts', () => {
  // 100 requests with prompts of 180,000 tokens, all read from the cache: $0.30 a million.
  const long = { at: AT, session: 'long', requests: 100, cache_read: 18_000_000, output: 100_000, usd: 6.9 };

  it('says what shorter ones would have saved', () => {
    expect(recommended([long, { at: AT, session: 'x', usd: 6.9 }], only('expensive_prompts'))).toEqual([
      {
        rule: 'expensive_prompts',
        subject: 'session long',
        saved: 0.9,
        message:
          'Session long of project shop sent prompts of 180,000 tokens on average, for $6.90 (50 % of all). Kept below 150,000 by /clear or /compact, about $0.9000 less.',
      },
    ]);
  });

  it('counts a lower tier of prices that shorter prompts would have had', () => {
    // Haiku 5.5 above 100,000 tokens: five times the price, here $0.05 a million instead of $0.01.
    const haiku = { ...long, model: 'claude-haiku-5-5', cache_read: 12_000_000, usd: 0.85 };
    const found = recommended([haiku], only('expensive_prompts', { min_average_prompt_tokens: 100_000 }));
    // 12 million at $0.05 and 0.1 million out at $2.50, against 10 million at $0.01 and 0.1 million out at $0.50.
    expect(found.map(({ saved }) => saved)).toEqual([0.6 + 0.25 - 0.1 - 0.05]);
  });

  it('saves no more than was paid where only some prompts reached a higher tier', () => {
    const haiku = { ...long, model: 'claude-haiku-5-5', cache_read: 12_000_000, usd: 0.25 };
    const found = recommended([haiku], only('expensive_prompts', { min_average_prompt_tokens: 100_000 }));
    expect(found.map(({ saved }) => saved)).toEqual([0.1]);
  });

  it.each([
    ['short', { cache_read: 14_000_000 }],
    ['few', { requests: 19, cache_read: 5_700_000 }],
    ['cheap beside the others', { usd: 1 }],
    ['of an unknown session', { session: null }],
  ])('is not said of prompts that are %s', (_, change) => {
    expect(
      recommended(
        [
          { ...long, ...change },
          { at: AT, session: 'x', usd: 6.9 },
        ],
        only('expensive_prompts'),
      ),
    ).toEqual([]);
  });
});

describe('recommendations', () => {
  it('come with the largest saving first, and with the texts of the file at the end', () => {
    const agents = Array.from({ length: 7 }, (_, index) => ({
      at: AT,
      agent: `a${index}`,
      requests: 100,
      output: 10_000 * (index + 1),
      usd: 0.15 * (index + 1),
    }));
    const rules = [
      'Ask before you use Opus.',
      { rule: 'cheaper_model_for_small_agents', to_model: 'claude-haiku-4-5' },
    ];
    const found = recommended(agents, { rules });
    expect(found.map(({ subject }) => subject)).toEqual([
      'agent a6',
      'agent a5',
      'agent a4',
      'agent a3',
      'agent a2',
      null,
    ]);
    expect(found.at(-1)).toEqual({ rule: 'text', subject: null, saved: null, message: 'Ask before you use Opus.' });
  });

  it('say nothing for less than a cent, for a rule that is off, or without usage', () => {
    const tiny = { at: AT, agent: 'explore', requests: 100, output: 990, usd: 0.01485 };
    const rule = { rule: 'cheaper_model_for_small_agents', to_model: 'claude-haiku-4-5', min_requests: 1 };
    expect(recommended([tiny], { rules: [rule] })).toEqual([]);
    expect(recommended([{ ...tiny, output: 1010, usd: 0.01515 }], { rules: [rule] })).toHaveLength(1);
    expect(recommended([{ ...tiny, output: 1010, usd: 0.01515 }], { rules: [{ ...rule, enabled: false }] })).toEqual(
      [],
    );
    expect(recommended([])).toEqual([]);
  });
});
