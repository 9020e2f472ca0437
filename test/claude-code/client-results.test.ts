/** What `claude -p` prints, in each of its forms. */
import { describe, expect, it } from 'vitest';
import { clientResults } from '../../src/claude-code/client-results.ts';

const result = (session: string, cost: number, more: object = {}) => ({
  type: 'result',
  subtype: 'success',
  session_id: session,
  total_cost_usd: cost,
  modelUsage: {
    'claude-haiku-4-5': {
      inputTokens: 10,
      outputTokens: 20,
      cacheReadInputTokens: 30,
      cacheCreationInputTokens: 40,
      webSearchRequests: 0,
      costUSD: cost,
    },
  },
  ...more,
});
const totals = {
  at: null,
  cost_usd: 0.5,
  models: { 'claude-haiku-4-5': { input: 10, output: 20, cache_read: 30, cache_write: 40, cost_usd: 0.5 } },
  unknown_cost: undefined,
};

describe('clientResults', () => {
  it.each([
    ['one document', JSON.stringify(result('s1', 0.5), null, 2)],
    ['a list of messages', JSON.stringify([{ type: 'system' }, result('s1', 0.5)])],
    ['lines', `{"type":"system","session_id":"s1"}\n\n${JSON.stringify(result('s1', 0.5))}\n`],
    ['lines with a torn one', `${JSON.stringify(result('s1', 0.5))}\r\n{"type":"result","session_id":"s`],
  ])('are read from %s', (_, printed) => {
    expect(clientResults(printed)).toEqual([{ session: 's1', totals }]);
  });

  it('are all of them, in order', () => {
    const lines = [result('s1', 0.1), result('s2', 0.2), result('s1', 0.3)].map(one => JSON.stringify(one));
    expect(clientResults(lines.join('\n')).map(({ session, totals: { cost_usd } }) => [session, cost_usd])).toEqual([
      ['s1', 0.1],
      ['s2', 0.2],
      ['s1', 0.3],
    ]);
  });

  it('say where the client has guessed', () => {
    const modelUsage = { 'new-9': { inputTokens: 1, costUSD: 1, costBasis: 'unknown' } };
    expect(clientResults(JSON.stringify(result('s1', 1, { modelUsage })))[0]?.totals.unknown_cost).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['words', 'Execution error'],
    ['a number', '7'],
    ['another message', '{"type":"assistant","session_id":"s1"}'],
    ['a result without a session', JSON.stringify(result('s1', 1, { session_id: null }))],
    ['a result without a total', JSON.stringify(result('s1', 1, { total_cost_usd: '1' }))],
  ])('are none in %s', (_, printed) => {
    expect(clientResults(printed)).toEqual([]);
  });
});
