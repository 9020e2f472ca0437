/** Waits for a person below the calls that they held up: which there are, when, and each once, whoever tells first. */
import { describe, expect, it } from 'vitest';
import { PermissionWaits } from '../../exporters/permission-waits.ts';
import type { ToolCall } from '../../src/claude-code/session-calls.ts';
import { toolLeaves } from '../../src/claude-code/tool-leaf.ts';
import type { ToolWaitFact } from '../../src/model/client-fact.ts';
import type { Fact } from '../../src/model/fact.ts';
import { spanIdOf, traceIdOf } from '../../src/model/ids.ts';
import type { Leaf, LeafSource } from '../../src/model/leaf.ts';
import { runSpan } from '../../src/model/owner.ts';
import { OpenRelay } from '../../src/open-relay.ts';
import { type OtlpServer, startOtlpServer } from '../helpers/otlp-server.ts';
import type { SinkSpan } from '../helpers/otlp-sink.ts';
import { appendLines, linesOf, makeState, spanId, T0 } from '../helpers/run-cli.ts';

const RUN = { span: runSpan('p1'), session: 's1', endAt: T0 + 60_000 };
const base = { v: 1, source: 'hook', session: 's1', prompt: 'p1' } as const;
const PROMPT: Fact = { ...base, kind: 'prompt', at: T0 };
const STOP: Fact = { ...base, kind: 'stop', at: T0 + 60_000 };

/** A call from one second after `T0` on to another. */
const call = (id: string, from: number, to: number | null, tool = 'Bash'): ToolCall => ({
  id,
  tool,
  startAt: T0 + from * 1000,
  endAt: to === null ? null : T0 + to * 1000,
  failure: undefined,
  message: '',
});

/** Decided so many seconds after `T0`. */
const decided = (id: string, second: number, decision = 'user_temporary'): ToolWaitFact => ({
  ...base,
  source: 'import',
  kind: 'tool_wait',
  at: T0 + second * 1000,
  tool_use: id,
  name: 'Bash',
  decision,
});

/** Transcripts in which the run made these calls. */
const transcripts = (...calls: ToolCall[]): LeafSource => ({
  isTold: () => true,
  leavesOf: parents => new Map(parents.map(parent => [parent.span, toolLeaves(calls, parent)])),
});

const relayTo = (stateDir: string, server: OtlpServer, leaves: LeafSource): OpenRelay =>
  new OpenRelay({ stateDir, endpoint: { url: `${server.url}/v1/traces`, headers: undefined }, leaves });

const isWait = ({ name }: SinkSpan): boolean => name === 'wait permission';

/** What a receiver gets of a run with these calls and decisions. */
async function sent(calls: readonly ToolCall[], decisions: readonly ToolWaitFact[]): Promise<SinkSpan[]> {
  const server = await startOtlpServer();
  await relayTo(makeState([PROMPT, ...decisions, STOP]), server, transcripts(...calls)).drain();
  return server.spans;
}

/** Of the waits: whose, and from which second on to which. */
async function waits(calls: readonly ToolCall[], decisions: readonly ToolWaitFact[]): Promise<unknown[]> {
  const seconds = (nanos: string): number => (Number(nanos.slice(0, -6)) - T0) / 1000;
  const ofCall = new Map(calls.map(({ id }) => [spanIdOf('tool', id), id]));
  return (await sent(calls, decisions))
    .filter(isWait)
    .map(span => [ofCall.get(span.parentSpanId ?? ''), seconds(span.startTimeUnixNano), seconds(span.endTimeUnixNano)]);
}

describe('a wait', () => {
  it('is a span below its call, from the call to the decision', async () => {
    const spans = await sent([call('t1', 5, 30)], [decided('t1', 20, 'user_reject')]);
    expect(spans.map(({ name }) => name)).toEqual(['wait permission', 'execute_tool Bash', 'invoke_workflow prompt']);
    const [wait] = spans;
    expect(wait).toMatchObject({
      traceId: traceIdOf('p1'),
      spanId: spanIdOf('wait', 't1'),
      parentSpanId: spanIdOf('tool', 't1'),
      kind: 1,
      startTimeUnixNano: `${T0 + 5000}000000`,
      endTimeUnixNano: `${T0 + 20_000}000000`,
      status: { code: 0 },
    });
    expect(Object.fromEntries((wait?.attributes ?? []).map(({ key, value }) => [key, value.stringValue]))).toEqual({
      'session.id': 's1',
      'spanbook.wait.reason': 'permission',
      'spanbook.wait.decision': 'user_reject',
    });
  });

  it('ends with its call, and begins with the activity at the earliest', async () => {
    const calls = [call('t1', 5, 30), call('t2', -3, 9), call('t3', -3, 9)];
    expect(await waits(calls, [decided('t1', 31), decided('t2', 4), decided('t3', -1)])).toEqual([
      ['t1', 5, 30],
      ['t2', 0, 4],
    ]);
  });

  it.each([
    ['was decided before it was made', decided('t1', 4)],
    ['was decided in the moment in which it was made', decided('t1', 5)],
    ['a rule decided, which counts as a decision of the person', decided('t1', 5.05, 'user_permanent')],
    ['nobody knows', decided('t9', 20)],
  ])('is none where a call %s', async (_what, decision) => {
    const spans = await sent([call('t1', 5, 30)], [decision]);
    expect(spans.map(({ name }) => name)).toEqual(['execute_tool Bash', 'invoke_workflow prompt']);
  });

  it('begins when the calls ahead are done, for until then they were what took the time', async () => {
    const calls = [call('t1', 5, 25), call('t2', 5, 27), call('t3', 5.1, 50), call('t4', 40, 55)];
    expect(await waits(calls, [decided('t1', 15), decided('t3', 47), decided('t4', 53)])).toEqual([
      ['t1', 5, 15],
      ['t3', 27, 47],
      ['t4', 50, 53],
    ]);
  });

  it('goes on while a call ahead of it runs on', async () => {
    expect(await waits([call('t1', 5, 50), call('t2', 5.1, 30)], [decided('t2', 20)])).toEqual([['t2', 5.1, 20]]);
  });

  it('begins when the agents ahead are done', async () => {
    const calls = [call('a1', 5, 45, 'Agent'), call('t1', 5.1, 46, 'Write'), call('t2', 46, null)];
    expect(await waits(calls, [decided('t1', 45.1, 'user_permanent'), decided('t2', 50)])).toEqual([['t2', 46, 50]]);
  });
});

describe('a wait that is told late', () => {
  it('is sent once its call was, and never twice', async () => {
    const server = await startOtlpServer();
    const stateDir = makeState([PROMPT, STOP]);
    const leaves = transcripts(call('t1', 5, 30), call('t2', 30, 50));
    const relay = relayTo(stateDir, server, leaves);
    await relay.drain();
    expect(server.spans.filter(isWait)).toEqual([]);
    appendLines(stateDir, linesOf([decided('t1', 20)]));
    await relay.drain();
    const [wait, ...more] = server.spans.filter(isWait);
    expect([wait?.spanId, more]).toEqual([spanIdOf('wait', 't1'), []]);
    const before = await sent([call('t1', 5, 30)], [decided('t1', 20)]);
    expect(wait).toEqual(before.find(isWait));
    appendLines(stateDir, linesOf([decided('t1', 20), decided('t1', 25, 'user_reject')]));
    await relay.drain();
    await relayTo(stateDir, server, leaves).drain();
    expect(server.spans.filter(isWait)).toHaveLength(1);
  });

  it('is the one that was told first', async () => {
    const told = [decided('t1', 20), decided('t1', 25, 'user_reject')];
    expect(await waits([call('t1', 5, 30)], told)).toEqual([['t1', 5, 20]]);
  });

  it('is sent by the next relay, if the call was the last that this one sent', async () => {
    const server = await startOtlpServer();
    const stateDir = makeState([PROMPT, STOP]);
    const leaves = transcripts(call('t1', 5, 30));
    const first = relayTo(stateDir, server, leaves);
    const { SentIds } = await import('../../src/store/relay/sent-ids.ts');
    new SentIds(first.place.sent).keep([spanIdOf('tool', 't1')]);
    appendLines(stateDir, linesOf([decided('t1', 20)]));
    await relayTo(stateDir, server, leaves).drain();
    expect(server.spans.map(({ name }) => name)).toEqual(['wait permission', 'invoke_workflow prompt']);
  });
});

describe('of ten thousand calls', () => {
  const place = { trace: 'd'.repeat(32), resource: {} as never, notBefore: T0 };
  const leafOf = (id: string): Leaf => toolLeaves([call(id, 5, 30)], RUN)[0] as Leaf;
  const told = (permissions: PermissionWaits, id: string): string[] => {
    permissions.tell(decided(id, 20));
    return permissions.takeLate().map(({ leaf }) => leaf.parent);
  };

  it('and more, the oldest are forgotten', () => {
    const permissions = new PermissionWaits();
    for (let number = 0; number <= 10_000; number++) permissions.below(leafOf(spanId(number)), place);
    expect(told(permissions, spanId(0))).toEqual([]);
    for (const number of [1, 10_000]) {
      expect(told(permissions, spanId(number))).toEqual([spanIdOf('tool', spanId(number))]);
    }
    expect(permissions.takeLate()).toEqual([]);
  });

  it('that were decided and never made, the oldest are forgotten too', () => {
    const permissions = new PermissionWaits();
    for (let number = 0; number <= 10_000; number++) permissions.tell(decided(spanId(number), 20));
    expect(permissions.below(leafOf(spanId(0)), place)).toBeNull();
    expect(permissions.below(leafOf(spanId(1)), place)?.parent).toBe(spanIdOf('tool', spanId(1)));
  });
});
