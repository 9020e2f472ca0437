/** What activities used, as facts of the journal, also where a part of it was pruned. */
import { expect, it } from 'vitest';
import { createState, type FoldState } from '../src/model/state.ts';
import type { RequestSum } from '../src/usage/request-sum.ts';
import { appendUsageFacts } from '../src/usage-facts.ts';
import { makeState, T0 } from './helpers/run-cli.ts';
import { span } from './helpers/script-facts.ts';
import { journalLines } from './helpers/state-folder.ts';

const tokens = (output: number) => ({ input: 0, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output });
const place = {
  source: 'transcript' as const,
  owner: {
    session: 's',
    project: null,
    branch: null,
    stage: null,
    command: 'prompt',
    agent: '(main)',
    instance: null,
    skill: '(none)',
  },
  span: span(1),
  methods: {},
};

it('a late request of an activity is told with those that were pruned', () => {
  const stateDir = makeState();
  const state: FoldState = createState();
  state.activities.set(span(1), {
    ...{ span: span(1), run: 'r', session: 's', level: 'command', name: 'prompt', parent: null },
    ...{ startAt: T0, startSlot: 0, endSlot: 1, end: { at: T0 + 1000 } },
  } as never);
  const sum: RequestSum = {
    ...{ at: T0, model: 'm', tokens: tokens(30), requests: 3, incomplete: 0, webSearches: 0, cost: 300 },
    ...{ isFast: false, ...place },
  };
  const request = {
    ...{ id: 'msg_9:req_9', at: T0 + 900, model: 'm', tokens: tokens(5), isFinal: true, isFast: false },
    ...{ webSearches: 0, ...place },
  };
  const { added } = appendUsageFacts({
    stateDir,
    state,
    spans: new Set([span(1)]),
    settledAt: 0,
    now: T0 + 60_000,
    requestsIn: () => new Map([[span(1), [request]]]),
    sumsIn: spans => new Map([...spans].map(id => [id, [sum]])),
    costOf: () => 50,
  });
  expect(added).toBe(1);
  const [fact] = journalLines(stateDir).map(line => JSON.parse(line));
  expect(fact.self).toMatchObject({ tokens: tokens(35), requests: 4, cost_nanousd: 350, unpriced_tokens: 0 });
});
