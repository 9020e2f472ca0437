import { describe, expect, it } from 'vitest';
import { topConsumers } from '../../../src/query/usage/top-consumers.ts';
import { usageBreakdown } from '../../../src/query/usage/usage-breakdown.ts';
import { usageTotals } from '../../../src/query/usage/usage-totals.ts';
import { addUsed, type Used, viewOf } from '../../helpers/usage-view.ts';

const AT = '2026-11-22T06:47:00Z';

describe('a breakdown', () => {
  it('has a row for each key, with all columns', () => {
    const view = viewOf([
      { at: AT, input: 10, cache_read: 20, cache_write_5m: 3, cache_write_1h: 4, output: 5, cost: 32_778_000 },
      { at: AT, input: 1, output: 1, cost: 222_000, incomplete: 1 },
    ]);
    expect(usageBreakdown(view, ['model'])).toEqual({
      by: ['model'],
      since: null,
      until: null,
      rows: [
        {
          key: 'claude-sonnet-4-5',
          model_name: 'Claude Sonnet 4.5',
          input_tokens: 11,
          output_tokens: 6,
          cache_read_tokens: 20,
          cache_write_5m_tokens: 3,
          cache_write_1h_tokens: 4,
          cost: 0.033,
          unpriced_tokens: 0,
          requests: 2,
          output_incomplete_requests: 1,
          share: 1,
          method: 'exact',
          methods: { exact: 2, inherited: 0, 'time-window': 0 },
        },
      ],
      total: expect.objectContaining({ input_tokens: 11, cost: 0.033, requests: 2 }),
    });
  });

  it('sorts by cost, then tokens, then key, and what is not known comes last among equals', () => {
    const view = viewOf([
      { at: AT, agent: 'b', cost: 5, input: 1 },
      { at: AT, agent: 'a', cost: 5, input: 1 },
      { at: AT, agent: null, cost: 5, input: 1 },
      { at: AT, agent: 'many', cost: 5, input: 9 },
      { at: AT, agent: 'dear', cost: 6 },
    ]);
    const keys = usageBreakdown(view, ['agent']).rows.map(row => row.key);
    expect(keys).toEqual(['dear', 'many', 'a', 'b', null]);
  });

  it.each(['stage', 'command', 'agent', 'skill'] as const)(
    'by %s always has a row for what is not known',
    dimension => {
      const used: Used = { at: AT, stage: 'prototype', input: 3, cost: 7 };
      const { rows } = usageBreakdown(viewOf([used]), [dimension]);
      expect(rows.map(row => [row.key === null, row.requests])).toEqual([
        [false, 1],
        [true, 0],
      ]);
      expect(rows[1]).toMatchObject({ cost: 0, share: 0, method: 'exact' });
      expect(usageBreakdown(viewOf([]), [dimension]).rows).toHaveLength(1);
      const unknown = usageBreakdown(viewOf([{ ...used, [dimension]: null }]), [dimension]).rows;
      expect(unknown.map(row => [row.key, row.requests])).toEqual([[null, 1]]);
    },
  );

  it.each(['model', 'session', 'project', 'branch', 'instance'] as const)('by %s has none without any', dimension => {
    expect(usageBreakdown(viewOf([]), [dimension]).rows).toEqual([]);
  });

  it('gives shares of the cost, and of the tokens where nothing has a price', () => {
    const priced = viewOf([
      { at: AT, model: 'a', cost: 3, input: 1 },
      { at: AT, model: 'b', cost: 1, input: 99 },
      { at: AT, model: 'c', unpriced: 50, input: 50 },
    ]);
    expect(usageBreakdown(priced, ['model']).rows.map(row => [row.key, row.share])).toEqual([
      ['a', 0.75],
      ['b', 0.25],
      ['c', 0],
    ]);
    const unpriced = viewOf([
      { at: AT, model: 'a', unpriced: 3, input: 1, cache_read: 2 },
      { at: AT, model: 'b', unpriced: 1, output: 1 },
    ]);
    expect(usageBreakdown(unpriced, ['model']).rows.map(row => [row.key, row.share])).toEqual([
      ['a', 0.75],
      ['b', 0.25],
    ]);
  });

  it('says the least sure method of each row for its own dimension', () => {
    const view = viewOf([
      { at: AT, agent: 'builder', command: '/a', methods: { command: 'inherited', skill: 'time-window' } },
      { at: AT, agent: 'builder', command: '/a' },
    ]);
    const methodOf = (by: Parameters<typeof usageBreakdown>[1]) => usageBreakdown(view, by).rows[0]?.method;
    expect(methodOf(['command'])).toBe('inherited');
    expect(methodOf(['skill'])).toBe('time-window');
    expect(methodOf(['agent'])).toBe('exact');
    expect(methodOf(['model'])).toBe('exact');
    expect(methodOf(['command', 'skill'])).toBe('time-window');
    expect(methodOf(['model', 'command'])).toBe('inherited');
    expect(usageBreakdown(view, ['command', 'skill']).rows[0]?.methods).toEqual({
      exact: 1,
      inherited: 0,
      'time-window': 1,
    });
  });

  it('shows instances with their type', () => {
    const view = viewOf([
      { at: AT, agent: 'builder', instance: 'a1', cost: 4, methods: { agent: 'inherited' } },
      { at: AT, agent: 'builder', instance: 'a2', cost: 3 },
      { at: AT, cost: 2 },
      { at: AT, agent: null, instance: null, cost: 1 },
    ]);
    const rows = usageBreakdown(view, ['instance']).rows.map(row => [row.key, row.method]);
    expect(rows).toEqual([
      ['builder a1', 'inherited'],
      ['builder a2', 'exact'],
      ['(main)', 'exact'],
      [null, 'exact'],
    ]);
    const pairs = usageBreakdown(view, ['model', 'instance']).rows.map(row => row.keys);
    expect(pairs[0]).toEqual(['claude-sonnet-4-5', 'builder a1']);
  });

  it('by two dimensions has keys, and the name of a model wherever it stands', () => {
    const view = viewOf([{ at: AT, stage: 'prototype' }]);
    const { rows } = usageBreakdown(view, ['stage', 'model']);
    expect(rows).toMatchObject([{ keys: ['prototype', 'claude-sonnet-4-5'], model_name: 'Claude Sonnet 4.5' }]);
    expect(rows[0]).not.toHaveProperty('key');
  });

  it('knows nothing any more of what was taken away again', () => {
    const view = viewOf([{ at: AT, model: 'kept', input: 1 }]);
    const gone: Used = { at: AT, model: 'gone', session: 's2', input: 3, cost: 9, methods: { command: 'inherited' } };
    addUsed(view.cube, gone);
    addUsed(view.cube, gone, -1);
    expect(usageBreakdown(view, ['model']).rows.map(row => row.key)).toEqual(['kept']);
    expect(usageTotals(view).totals).toMatchObject({ sessions_tracked: 1, requests: 1 });
    expect(usageBreakdown(view, ['command']).rows[0]?.method).toBe('exact');
  });

  it('keeps names that a careless table would trip over', () => {
    const names = ['__proto__', 'constructor', '', 'a\u0000b', '(main)'];
    const view = viewOf(names.map(agent => ({ at: AT, agent, cost: 1 })));
    expect(usageBreakdown(view, ['agent']).rows.map(row => row.key)).toEqual([...names.toSorted(), null]);
  });
});

it('a filter by names never lets pass what has none', () => {
  const view = viewOf([
    { at: AT, session: 's1', input: 1 },
    { at: AT, session: null, input: 2 },
  ]);
  const only = { session: (id: string) => id.startsWith('') };
  expect(usageTotals(view, { only }).totals).toMatchObject({ total_tokens_input: 1, requests: 1 });
});

describe('a range of time', () => {
  const view = viewOf(
    ['06:00', '06:14', '06:15', '06:30'].map(time => ({ at: `2026-11-22T${time}:00Z`, session: time, input: 1 })),
  );
  const sessions = (since?: string, until?: string): unknown => {
    const filter = { since: since && Date.parse(since), until: until && Date.parse(until) };
    const { rows, ...answer } = usageBreakdown(view, ['session'], filter as { since?: number; until?: number });
    return [rows.map(row => row.key), answer.since, answer.until];
  };

  it('is widened to quarters of an hour, and the answer says so', () => {
    expect(sessions('2026-11-22T06:17:00Z', '2026-11-22T06:18:00Z')).toEqual([
      ['06:15'],
      '2026-11-22T06:15:00.000Z',
      '2026-11-22T06:30:00.000Z',
    ]);
  });

  it('begins with its start and ends before its end', () => {
    expect(sessions('2026-11-22T06:15:00Z', '2026-11-22T06:30:00Z')).toEqual([
      ['06:15'],
      '2026-11-22T06:15:00.000Z',
      '2026-11-22T06:30:00.000Z',
    ]);
    expect(sessions('2026-11-22T06:15:00Z')).toEqual([['06:15', '06:30'], '2026-11-22T06:15:00.000Z', null]);
    expect(sessions(undefined, '2026-11-22T06:15:00Z')).toEqual([['06:00', '06:14'], null, '2026-11-22T06:15:00.000Z']);
  });
});

describe('totals', () => {
  it('count sessions, searches, and what is missing', () => {
    const view = viewOf(
      [
        { at: '2026-11-22T06:47:00Z', session: 's1', input: 1, cost: 1, web_searches: 2 },
        { at: '2026-11-23T06:59:59Z', session: 's2', output: 1, incomplete: 1 },
        { at: '2026-11-22T12:00:00Z', session: null, model: 'new', input: 5, unpriced: 5 },
        { at: '2026-11-22T12:00:00Z', session: null, model: null, input: 7, unpriced: 7 },
      ],
      { skipped: { damaged: 3, unreadable_files: 1 } },
    );
    expect(usageTotals(view)).toEqual({
      since: null,
      until: null,
      first_at: '2026-11-22T06:45:00.000Z',
      last_at: '2026-11-23T07:00:00.000Z',
      totals: {
        total_tokens_input: 13,
        total_tokens_output: 1,
        total_tokens_cache_read: 0,
        total_tokens_cache_write_5m: 0,
        total_tokens_cache_write_1h: 0,
        total_cost: 1e-9,
        currency: 'USD',
        sessions_tracked: 2,
        requests: 4,
        unpriced_tokens: 12,
        output_incomplete_requests: 1,
        web_searches: 2,
      },
      unpriced_models: [
        { model: null, tokens: 7 },
        { model: 'new', tokens: 5 },
      ],
      skipped: { damaged: 3, unreadable_files: 1 },
    });
  });

  it('add money as whole nano-dollars', () => {
    const cents = Array.from({ length: 30 }, () => ({ at: AT, cost: 100_000_000 }));
    expect(usageTotals(viewOf(cents)).totals.total_cost).toBe(3);
    const recorded = [32_778_000, 44_712_000, 5_670_000].map(cost => ({ at: AT, cost }));
    expect(usageTotals(viewOf(recorded)).totals.total_cost).toBe(0.08316);
    expect(usageTotals(viewOf([{ at: AT, cost: 32_778_000 }])).totals.total_cost).toBe(0.032778);
  });

  it('are nothing without usage', () => {
    expect(usageTotals(viewOf([]))).toMatchObject({
      first_at: null,
      last_at: null,
      totals: { total_cost: 0, sessions_tracked: 0, requests: 0 },
      unpriced_models: [],
    });
  });
});

describe('top consumers', () => {
  const view = viewOf([
    { at: AT, agent: 'builder', cost: 3 },
    { at: AT, agent: 'tester', cost: 2 },
    { at: AT, cost: 9 },
  ]);

  it('are the first rows of the breakdown, and how many more there are', () => {
    const top = topConsumers(view, { by: ['agent'], limit: 2 });
    expect(top.rows).toEqual(usageBreakdown(view, ['agent']).rows.slice(0, 2));
    expect([top.more, top.total.cost]).toEqual([1, 14e-9]);
  });

  it('are only those that used anything', () => {
    expect(topConsumers(view, { by: ['agent'], limit: 10 })).toMatchObject({
      rows: [{ key: '(main)' }, { key: 'builder' }, { key: 'tester' }],
      more: 0,
    });
  });
});
