/** What is handed out of the journal of a client, and when. */
import { resourceFromAttributes } from '@opentelemetry/resources';
import { describe, expect, it } from 'vitest';
import { JournalSpans } from '../../exporters/journal-spans.ts';
import { chatLeaf } from '../../src/model/chat-leaf.ts';
import type { Fact, UsageFact } from '../../src/model/fact.ts';
import { spanIdOf } from '../../src/model/ids.ts';
import type { Leaf, LeafSource } from '../../src/model/leaf.ts';
import { agentSpan, runSpan } from '../../src/model/owner.ts';
import { IdSet } from '../../src/store/relay/sent-ids.ts';
import { clientFacts, NOON } from '../helpers/client-facts.ts';
import { appendLines, linesOf, makeState } from '../helpers/run-cli.ts';

const RUN = runSpan('p1');
const AGENT = agentSpan('x1', 'p1');
const NO_TOKENS = { input: 0, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output: 0 };
const resource = resourceFromAttributes({});

function open(stateDir: string, leaves: Partial<LeafSource>, now = NOON + 3600_000) {
  const sent = new IdSet();
  const source = new JournalSpans({
    stateDir,
    sent,
    fromSegment: 1,
    resourceOf: () => resource,
    leaves: { isTold: () => false, leavesOf: () => new Map(), ...leaves },
  });
  /** Names of what is ready now. */
  return (at = now): string[] => {
    const names: string[] = [];
    for (let spans = source.next(at); spans; spans = source.next(at)) {
      for (const span of spans) {
        names.push(span.name);
        sent.add(span.spanContext().spanId);
      }
    }
    return names;
  };
}

const used = (span: string, at: number, leaves: string[] = []): UsageFact => ({
  v: 1,
  at,
  source: 'import',
  kind: 'usage',
  session: 's1',
  span,
  trace: 'ab'.repeat(16),
  self: { tokens: NO_TOKENS, requests: leaves.length },
  total: { tokens: NO_TOKENS, requests: leaves.length },
  leaves,
  complete: true,
});

const chat = (id: string, parent: string): Leaf =>
  chatLeaf({
    span: spanIdOf('chat', id),
    parent,
    session: 's1',
    startAt: NOON,
    endAt: NOON + 10,
    model: id,
    provider: 'anthropic',
    tokens: NO_TOKENS,
    cost: null,
    isFinal: true,
    isFast: false,
    webSearches: 0,
  });

/** A run with an agent in the background, which is over after it. */
function background(): { before: Fact[]; agentEnd: Fact } {
  const fact = clientFacts();
  return {
    before: [
      fact('session_start', { prompt: undefined, reason: 'startup' }),
      fact('prompt'),
      fact('agent_call', { tool_use: 't1', name: 'builder' }),
      fact('agent_return', { tool_use: 't1', child: 'x1', status: 'async_launched' }),
      fact('agent_start', { agent: 'x1', name: 'builder' }),
      fact('stop'),
    ],
    agentEnd: fact('agent_end', { agent: 'x1' }),
  };
}

describe('a run of a client', () => {
  it('waits for an agent that goes on in the background, and for what that used', () => {
    const { before, agentEnd } = background();
    const stateDir = makeState([...before, used(RUN, NOON + 60_000)]);
    const ready = open(stateDir, {});
    expect(ready()).toEqual([]);
    appendLines(stateDir, linesOf([agentEnd]));
    expect(ready()).toEqual([]);
    appendLines(stateDir, linesOf([used(AGENT, NOON + 61_000)]));
    expect(ready()).toEqual(['invoke_agent builder', 'invoke_workflow prompt']);
  });

  it('is ready without usage once a reading has seen its end, and not before', () => {
    const { before, agentEnd } = background();
    let until = 0;
    const ready = open(makeState([...before, agentEnd]), { isTold: endAt => endAt <= until });
    expect(ready()).toEqual([]);
    // The run is over before its agent.
    until = NOON + 5000;
    expect(ready()).toEqual([]);
    until = agentEnd.at;
    expect(ready()).toEqual(['invoke_agent builder', 'invoke_workflow prompt']);
  });

  it('has the requests that its usage counts, and gets others when that counts them', () => {
    const { before, agentEnd } = background();
    const [first, second] = ['first', 'second'].map(id => chat(id, RUN)) as [Leaf, Leaf];
    const stateDir = makeState([...before, agentEnd, used(RUN, NOON + 60_000, [first.span])]);
    const leavesOf = (parents: readonly { span: string }[]): Map<string, Leaf[]> =>
      new Map(parents.map(({ span }) => [span, span === RUN ? [first, second] : []]));
    const ready = open(stateDir, { isTold: () => true, leavesOf });
    expect(ready()).toEqual(['invoke_agent builder', 'chat first', 'invoke_workflow prompt']);
    appendLines(stateDir, linesOf([used(RUN, NOON + 90_000, [first.span, second.span])]));
    expect(ready()).toEqual(['chat second']);
    appendLines(stateDir, linesOf([used(RUN, NOON + 99_000, [first.span, second.span])]));
    expect(ready()).toEqual([]);
  });

  it('that the client goes on with by itself waits for its next end, but not for ever', () => {
    const { before, agentEnd } = background();
    const wake = { v: 1, at: agentEnd.at + 1000, source: 'hook', session: 's1' } as const;
    const facts = [...before, agentEnd, { ...wake, kind: 'prompt', prompt: 'p2', system: true, about: ['x1'] } as Fact];
    const ready = open(makeState(facts), { isTold: () => true }, wake.at + 60_000);
    expect(ready()).toEqual(['invoke_agent builder']);
    expect(ready(wake.at + 599_000)).toEqual([]);
    expect(ready(wake.at + 601_000)).toEqual(['invoke_workflow prompt']);
  });

  it('is left to others by whoever does not know transcripts', () => {
    const { before, agentEnd } = background();
    const source = new JournalSpans({
      stateDir: makeState([...before, agentEnd, used(RUN, NOON + 60_000), used(AGENT, NOON + 60_000)]),
      sent: new IdSet(),
      fromSegment: 1,
      resourceOf: () => resource,
      leaves: null,
    });
    expect(source.next(NOON + 3600_000)).toEqual([]);
    expect(source.next(NOON + 3600_000)).toBeNull();
    expect(source.waiting.count).toBe(0);
  });
});
