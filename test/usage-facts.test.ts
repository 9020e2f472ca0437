/** What activities used, as facts of the journal, also where a part of it was pruned. */
import { expect, it } from 'vitest';
import { createState, type FoldState } from '../src/model/state.ts';
import { readUsage } from '../src/read-usage-now.ts';
import type { RequestSum } from '../src/usage/request-sum.ts';
import { appendUsageFacts } from '../src/usage-facts.ts';
import { clientFacts, NOON } from './helpers/client-facts.ts';
import { appendLines, linesOf, makeState, T0 } from './helpers/run-cli.ts';
import { ROOT } from './helpers/run-program.ts';
import { span } from './helpers/script-facts.ts';
import { journalLines } from './helpers/state-folder.ts';
import { SESSION, transcript, used, writeTranscripts } from './helpers/write-transcripts.ts';

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
    ...{ startAt: T0, startSlot: 0, endSlot: 1, end: { at: T0 + 1000 }, trace: 'ab'.repeat(16) },
    context: { stage: null, system: null, checkpoint: null },
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

it('an activity that ends after its transcript was read is told when its end is known, however late', () => {
  const fact = clientFacts('p1');
  const stateDir = makeState([fact('prompt', { session: SESSION })]);
  const t = transcript();
  const claudeDir = writeTranscripts({
    [`${SESSION}.jsonl`]: [t.prompt('hello'), t.say('done', { usage: used(1, 1) })],
  });
  const read = (now: number) =>
    readUsage({
      ...{ stateDir, claudeDirs: [claudeDir], now, pricingPath: `${ROOT}config/usage_pricing.json` },
      say: () => {},
    });
  const told = () => journalLines(stateDir).filter(line => line.includes('"kind":"usage"')).length;
  // Long after the time of the facts: nobody waits for anything any more.
  const later = NOON + 86_400_000;
  expect(read(later).news?.requests).toBe(1);
  expect(told()).toBe(0);
  appendLines(stateDir, linesOf([fact('stop', { session: SESSION })]));
  expect(read(later + 1000).news).not.toBeNull();
  expect(told()).toBe(1);
  expect(read(later + 2000).news).toBeNull();
});
