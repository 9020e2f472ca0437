import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OpenRelay } from '../../src/open-relay.ts';
import { readBatch, writeBatch } from '../../src/store/relay/batch-file.ts';
import { relayPlace } from '../../src/store/relay/relay-place.ts';
import { readRelayStatus } from '../../src/store/relay/relay-status.ts';
import { type Exchange, type OtlpServer, startOtlpServer, withoutRepeats } from '../helpers/otlp-server.ts';
import { programJournal } from '../helpers/program-journal.ts';
import { appendLines, end, linesOf, makeState, note, request, spanId, start, T0 } from '../helpers/run-cli.ts';
import { outcomeOf, startFixture } from '../helpers/run-program.ts';

const relayTo = (stateDir: string, server: Pick<OtlpServer, 'url'>, more = {}): OpenRelay =>
  new OpenRelay({ stateDir, endpoint: { url: `${server.url}/v1/traces`, headers: undefined }, leaves: null, ...more });

/** Activities of a program: a command with an agent, a request and a warning in it. */
const program = () => {
  const at = (millis: number) => ({ source: 'span', at: T0 + millis }) as const;
  return [
    start(1, { ...at(0), name: '/deploy', stage: 'ship' }),
    start(2, {
      ...at(10),
      level: 'agent',
      name: 'builder',
      parent: spanId(1),
      trace: spanId(1).repeat(2),
      label: 'first',
    }),
    request(3, { ...at(60), start: T0 + 20, parent: spanId(2), trace: spanId(1).repeat(2), cost_nanousd: 4200 }),
    note(4, { ...at(70), parent: spanId(2), type: 'Flaky', message: 'once' }),
    end(2, at(80)),
    end(1, { ...at(100), status: 'failed', error: { type: 'Broken', message: 'no disk' }, outputs: { files: 3 } }),
  ];
};

describe('the relay', () => {
  it('sends each span once, children before their parents', async () => {
    const server = await startOtlpServer();
    const stateDir = makeState(program());
    const relay = relayTo(stateDir, server);
    expect(await relay.drain()).toBeNull();
    expect(server.spans.map(span => span.name)).toEqual(['chat m', 'invoke_agent builder', 'invoke_workflow /deploy']);
    expect(relay.counts).toEqual({ sent: 3, quarantined: 0 });
    expect(await relay.drain()).toBeNull();
    const again = relayTo(stateDir, server);
    expect(await again.drain()).toBeNull();
    expect(server.requests).toBe(1);
  });

  it('says in a span what the journal says of its activity', async () => {
    const server = await startOtlpServer();
    await relayTo(makeState(program()), server).drain();
    const [chat, agent, command] = server.spans;
    const attributes = (span: (typeof server.spans)[number] | undefined) =>
      Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));
    expect(command).toMatchObject({
      traceId: spanId(1).repeat(2),
      spanId: spanId(1),
      kind: 1,
      startTimeUnixNano: `${T0}000000`,
      endTimeUnixNano: `${T0 + 100}000000`,
      status: { code: 2, message: 'no disk' },
    });
    expect(command?.parentSpanId).toBeUndefined();
    expect(attributes(command)).toMatchObject({
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.workflow.name': '/deploy',
      'session.id': 'local',
      'spanbook.stage': 'ship',
      'spanbook.status': 'failed',
      'spanbook.outputs': '{"files":3}',
      'error.type': 'Broken',
      'spanbook.usage.self.requests': 0,
      'spanbook.usage.total.requests': 1,
      'spanbook.usage.total.cost_nanousd': 4200,
      'spanbook.summary': expect.stringMatching(/^1 request, .*, 1 agent$/),
    });
    expect(agent).toMatchObject({ traceId: spanId(1).repeat(2), parentSpanId: spanId(1), status: { code: 0 } });
    expect(attributes(agent)).toMatchObject({ 'gen_ai.agent.name': 'builder', 'spanbook.label': 'first' });
    expect((agent as unknown as { events: object[] }).events).toMatchObject([{ name: 'spanbook.warning' }]);
    expect(chat).toMatchObject({ parentSpanId: spanId(2), kind: 3, startTimeUnixNano: `${T0 + 20}000000` });
    expect(attributes(chat)).toMatchObject({
      'gen_ai.usage.input_tokens': 1011,
      'gen_ai.usage.cache_read.input_tokens': 1000,
      'gen_ai.usage.cache_creation.input_tokens': 10,
      'gen_ai.usage.output_tokens': 100,
      'spanbook.cost.nanousd': 4200,
    });
    // The convention is for requests alone: on anything else sums would count twice.
    const counted = server.spans.filter(span => span.attributes.some(({ key }) => key.startsWith('gen_ai.usage')));
    expect(counted).toEqual([chat]);
  });

  it('gives no span a length of zero', async () => {
    const server = await startOtlpServer();
    await relayTo(makeState([start(1, { at: T0 }), end(1, { at: T0 })]), server).drain();
    const [span] = server.spans;
    expect(BigInt(span?.endTimeUnixNano ?? 0) - BigInt(span?.startTimeUnixNano ?? 0)).toBe(1_000_000n);
  });

  it('waits for what goes on inside, and for nothing else', async () => {
    const server = await startOtlpServer();
    const facts = program();
    const stateDir = makeState(facts.filter(fact => !(fact.kind === 'end' && fact.span === spanId(2))));
    const relay = relayTo(stateDir, server);
    await relay.drain();
    expect(server.spans.map(span => span.name)).toEqual(['chat m']);
    expect(relay.waiting).toBe(1);
  });

  it('leaves to a program what it sends itself', async () => {
    const server = await startOtlpServer();
    const facts = program().map(fact =>
      fact.kind === 'start' || fact.kind === 'request' ? { ...fact, direct: true as const } : fact,
    );
    await relayTo(makeState(facts), server).drain();
    expect(server.requests).toBe(0);
  });

  it('keeps the parent and the resource that a program has in its own traces', async () => {
    const server = await startOtlpServer();
    const resource = { 'service.name': 'shop', 'deployment.environment.name': 'ci' };
    const facts = [
      start(1, { resource }),
      start(2, { parent: spanId(1), below: spanId(9), level: 'skill', name: 'pack' }),
      end(2),
      end(1),
      start(3),
      end(3),
    ];
    await relayTo(makeState(facts), server).drain();
    expect(server.spans.find(span => span.spanId === spanId(2))?.parentSpanId).toBe(spanId(9));
    const groups = (JSON.parse(server.bodies[0] ?? '{}') as { resourceSpans: { resource: { attributes: [] } }[] })
      .resourceSpans;
    const names = groups.map(({ resource: { attributes } }) =>
      (attributes as { key: string; value: { stringValue?: string } }[])
        .filter(({ key }) => ['service.name', 'host.name', 'deployment.environment.name'].includes(key))
        .map(({ key, value }) => (key === 'host.name' ? key : value.stringValue)),
    );
    expect(names).toEqual(
      [
        ['shop', 'host.name', 'ci'],
        ['spanbook', 'host.name'],
      ].map(list => expect.arrayContaining(list)),
    );
  });
});

describe('a receiver', () => {
  const held: [string, (exchange: Exchange) => void, object][] = [
    ['that is busy', exchange => exchange.answer(503), { state: 'holding', reason: /^HTTP 503/ }],
    [
      'that says when to come back',
      exchange => exchange.answer(429, '', { 'retry-after': '30' }),
      { state: 'holding', waitMillis: 30_000 },
    ],
    [
      'that names no limit of its patience',
      exchange => exchange.answer(429, '', { 'retry-after': '864000' }),
      { state: 'holding', waitMillis: 300_000 },
    ],
    ['that breaks off', exchange => exchange.reset(), { state: 'holding', reason: /ECONNRESET|hang up/ }],
    ['that fails', exchange => exchange.answer(500, 'oops'), { state: 'wrong-destination', reason: /^HTTP 500.*oops/ }],
    ['that wants to know who asks', exchange => exchange.answer(401), { state: 'wrong-destination', reason: /401/ }],
    ['that is somewhere else', exchange => exchange.answer(404), { state: 'wrong-destination', reason: /404/ }],
    [
      'that sends on to another place',
      exchange => exchange.answer(302, '', { location: 'http://127.0.0.1:1/v1/traces' }),
      { state: 'wrong-destination', reason: /302/ },
    ],
    [
      'that is a web server',
      exchange => exchange.answer(200, '<!doctype html>', { 'content-type': 'text/html' }),
      {
        state: 'wrong-destination',
        reason: /expected the JSON answer of an OTLP receiver, got HTTP 200 \(text\/html\)/,
      },
    ],
    [
      'that is a web server with an answer in JSON',
      exchange => exchange.answer(200, '{}', { 'content-type': 'text/html' }),
      { state: 'wrong-destination' },
    ],
    ['that answers with other JSON', exchange => exchange.answer(200, '[]'), { state: 'wrong-destination' }],
    ['that answers with half an answer', exchange => exchange.answer(200, '{"par'), { state: 'wrong-destination' }],
  ];

  it.each(held)('%s: everything is held, and arrives when it is well', async (_name, act, expected) => {
    let isWell = false;
    const server = await startOtlpServer(exchange => (isWell ? exchange.take() : act(exchange)));
    const stateDir = makeState(program());
    const relay = relayTo(stateDir, server);
    const hold = await relay.drain();
    const { reason, ...rest } = expected as { reason?: RegExp };
    expect(hold).toMatchObject(rest);
    if (reason) expect(hold?.reason).toMatch(reason);
    expect(relay.counts.sent).toBe(0);
    relay.writeStatus(hold?.state ?? 'idle', hold?.reason ?? null);
    expect(readRelayStatus(relay.place.status)).toMatchObject({ state: hold?.state, sent: 0, lag_events: 3 });
    isWell = true;
    expect(await relay.drain()).toBeNull();
    expect(server.spans.map(span => span.spanId)).toEqual([3, 2, 1].map(spanId));
  });

  it('that is to get a header which is not allowed gets nothing, and nobody falls over that', async () => {
    const server = await startOtlpServer();
    const endpoint = { url: `${server.url}/v1/traces`, headers: { authorization: 'Bearer secret\n' } };
    const relay = new OpenRelay({ stateDir: makeState(program()), endpoint, leaves: null });
    const hold = await relay.drain();
    expect(hold).toMatchObject({ state: 'wrong-destination', reason: expect.stringMatching(/ERR_INVALID_CHAR/) });
    expect(JSON.stringify(hold)).not.toMatch(/secret/);
  });

  it('that answers a page to everything is none, whatever its status', async () => {
    const server = await startOtlpServer(exchange => exchange.answer(400, '<html>', { 'content-type': 'text/html' }));
    const relay = relayTo(makeState(program()), server);
    expect(await relay.drain()).toMatchObject({ state: 'wrong-destination' });
    expect(relay.counts).toEqual({ sent: 0, quarantined: 0 });
  });

  it('that never answers is given up in time', async () => {
    const server = await startOtlpServer(() => {});
    const hold = await relayTo(makeState(program()), server, { timeoutMillis: 50 }).drain();
    expect(hold).toMatchObject({ state: 'holding', reason: 'no answer within 0.05 s' });
  });

  it('that nobody has started: held, and longer each time', async () => {
    const server = await startOtlpServer();
    await server.close();
    const relay = relayTo(makeState(program()), server);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt++) {
      const hold = await relay.drain();
      expect(hold).toMatchObject({ state: 'holding', reason: expect.stringMatching(/ECONNREFUSED/) });
      waits.push(hold?.waitMillis ?? 0);
    }
    expect(waits[0]).toBeLessThanOrEqual(1000);
    expect(waits[0]).toBeGreaterThanOrEqual(500);
    expect(Math.max(...waits)).toBeLessThanOrEqual(60_000);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(30_000);
  });

  it('that takes less at once gets less', async () => {
    const server = await startOtlpServer(exchange =>
      exchange.spans.length > 7 ? exchange.answer(413) : exchange.take(),
    );
    const relay = relayTo(makeState(programJournal(100)), server);
    expect(await relay.drain()).toBeNull();
    expect(server.spans.map(span => span.spanId)).toEqual(programJournal.ids(100));
    expect(relay.counts).toEqual({ sent: 100, quarantined: 0 });
  });

  it('that never takes one of the spans gets all the others, and that one is on a list', async () => {
    const bad = programJournal.ids(40)[17];
    const server = await startOtlpServer(exchange =>
      exchange.spans.some(span => span.spanId === bad)
        ? exchange.answer(400, '{"message":"bad span"}')
        : exchange.take(),
    );
    const stateDir = makeState(programJournal(40));
    const relay = relayTo(stateDir, server);
    expect(await relay.drain()).toBeNull();
    expect(server.spans.map(span => span.spanId)).toEqual(programJournal.ids(40).filter(id => id !== bad));
    expect(relay.counts).toEqual({ sent: 39, quarantined: 1 });
    const lines = readFileSync(relay.place.quarantine, 'utf8').trimEnd().split('\n');
    expect(lines.map(line => JSON.parse(line))).toMatchObject([
      { reason: expect.stringMatching(/^HTTP 400.*bad span/), rejected: null, spans: [{ span_id: bad }] },
    ]);
    // It is not tried for ever.
    expect(await relayTo(stateDir, server).drain()).toBeNull();
    expect(readFileSync(relay.place.quarantine, 'utf8').trimEnd().split('\n')).toHaveLength(1);
  });

  it('that takes a part says how many, and is not asked again', async () => {
    const server = await startOtlpServer(exchange =>
      exchange.take({ partialSuccess: { rejectedSpans: '2', errorMessage: 'too old' } }),
    );
    const relay = relayTo(makeState(programJournal(10)), server);
    expect(await relay.drain()).toBeNull();
    expect(relay.counts).toEqual({ sent: 8, quarantined: 2 });
    expect(JSON.parse(readFileSync(relay.place.quarantine, 'utf8'))).toMatchObject({ rejected: 2, reason: 'too old' });
    expect(server.requests).toBe(1);
  });

  it('that only warns has taken all', async () => {
    const server = await startOtlpServer(exchange =>
      exchange.take({ partialSuccess: { rejectedSpans: 0, errorMessage: 'deprecated' } }),
    );
    const relay = relayTo(makeState(program()), server);
    await relay.drain();
    expect(relay.counts).toEqual({ sent: 3, quarantined: 0 });
  });
});

describe('a relay that was killed', () => {
  it('goes on with the very bytes that were under way', async () => {
    const bodies: string[] = [];
    const server = await startOtlpServer(exchange => {
      bodies.push(exchange.body);
      // Taken, and the answer is lost.
      if (exchange.number > 1) return exchange.take();
      exchange.keep();
      exchange.reset();
    });
    const stateDir = makeState(program());
    expect(await relayTo(stateDir, server).drain()).toMatchObject({ state: 'holding' });
    // Made anew now, the span of the agent would be another one.
    const late = linesOf([note(9, { at: T0 + 75, parent: spanId(2), message: 'late' })]);
    const path = `${stateDir}/journal/events-00000001.jsonl`;
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, `${lines.slice(0, 4).join('\n')}\n${late}${lines.slice(4).join('\n')}`);
    expect(await relayTo(stateDir, server).drain()).toBeNull();
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toBe(bodies[0]);
    expect(withoutRepeats(server.spans)).toHaveLength(3);
  });

  it('does not write anew what may have arrived: the disk may be full by now', async () => {
    const server = await startOtlpServer(exchange => exchange.answer(503));
    const relay = relayTo(makeState(program()), server);
    await relay.drain();
    const before = statSync(relay.place.batch);
    await relay.drain();
    expect(statSync(relay.place.batch).mtimeMs).toBe(before.mtimeMs);
  });

  it('leaves out what another relay has sent meanwhile', async () => {
    const server = await startOtlpServer();
    const facts = program();
    const stateDir = makeState(facts.slice(0, 5));
    const [one, other] = [relayTo(stateDir, server), relayTo(stateDir, server)];
    await one.drain();
    await other.drain();
    expect(server.spans).toHaveLength(2);
    appendLines(stateDir, linesOf(facts.slice(5)));
    await other.drain();
    await one.drain();
    expect(server.spans.map(span => span.spanId)).toEqual([3, 2, 1].map(spanId));
  });

  it('leaves to the next one when the oldest of what is under way happened', async () => {
    const server = await startOtlpServer(exchange => exchange.answer(503));
    const stateDir = makeState(program());
    await relayTo(stateDir, server).drain();
    const next = relayTo(stateDir, server);
    await next.drain();
    expect(next.writeStatus('holding', null)).toMatchObject({ oldest_unsent_at: new Date(T0 + 60).toISOString() });
  });

  it('does not write over what another one beside it had under way', async () => {
    let isWell = false;
    const server = await startOtlpServer(exchange => (isWell ? exchange.take() : exchange.answer(503)));
    const facts = program();
    const stateDir = makeState(facts.slice(0, 5));
    const one = relayTo(stateDir, server);
    await one.drain();
    // Another relay had sent that, was at the rest when it was killed, and nobody knows whether it arrived.
    const first = readBatch(one.place.batch);
    appendLines(stateDir, linesOf(facts.slice(5)));
    const rest = { ids: [spanId(1)], body: Buffer.from('{"resourceSpans":[]}') };
    writeBatch(one.place.batch, rest);
    isWell = true;
    expect(await one.drain()).toBeNull();
    expect(server.bodies).toEqual([rest.body.toString(), Buffer.from(first?.body ?? []).toString()]);
  });

  it('sends nothing of a batch that was half written', async () => {
    const server = await startOtlpServer();
    const stateDir = makeState(program());
    const relay = relayTo(stateDir, server);
    writeBatch(relay.place.batch, { ids: [spanId(1)], body: Buffer.from('{"resourceSpans":[]}') });
    const whole = readFileSync(relay.place.batch);
    for (const length of [0, 1, whole.length - 21, whole.length - 1]) {
      writeFileSync(relay.place.batch, whole.subarray(0, length));
      expect([length, readBatch(relay.place.batch)]).toEqual([length, null]);
    }
    await relay.drain();
    expect(server.spans).toHaveLength(3);
  });

  it('does not send again what arrived, if it was killed before it removed the batch', async () => {
    const server = await startOtlpServer();
    const stateDir = makeState(program());
    const first = relayTo(stateDir, server);
    await first.drain();
    writeBatch(first.place.batch, { ids: [1, 2, 3].map(spanId), body: Buffer.from(server.bodies[0] ?? '') });
    await relayTo(stateDir, server).drain();
    expect(server.requests).toBe(1);
  });
});

describe('a hundred thousand spans', () => {
  it('arrive at a receiver that does everything wrong, in their order, in little memory', async () => {
    const count = 100_000;
    const stateDir = makeState(programJournal(count));
    const poisoned = programJournal.ids(count)[54_321];
    const wrong: ((exchange: Exchange) => void)[] = [
      exchange => exchange.answer(503),
      exchange => exchange.answer(429, '', { 'retry-after': '1' }),
      exchange => exchange.answer(500),
      exchange => exchange.reset(),
      exchange => {
        // Taken, and nobody is told.
        exchange.keep();
        exchange.reset();
      },
      exchange => exchange.answer(200, '<html>', { 'content-type': 'text/html' }),
      exchange => exchange.answer(502, 'bad gateway', { 'content-type': 'text/plain' }),
    ];
    const server = await startOtlpServer(exchange => {
      const turn = exchange.number % 17;
      if (turn < wrong.length) return wrong[turn]?.(exchange);
      if (exchange.spans.length > 1 && exchange.spans.some(span => span.spanId === poisoned))
        return exchange.answer(413);
      if (exchange.spans[0]?.spanId === poisoned) {
        return exchange.answer(200, JSON.stringify({ partialSuccess: { rejectedSpans: 1, errorMessage: 'poison' } }));
      }
      exchange.take();
    });
    const outcome = await outcomeOf(startFixture('ship', [stateDir, server.url]));
    expect(outcome.stderr).toBe('');
    const { sent, quarantined, holds, peakMib } = JSON.parse(outcome.stdout) as Record<string, number>;
    expect({ sent, quarantined }).toEqual({ sent: count - 1, quarantined: 1 });
    expect(holds).toBeGreaterThan(50);
    const shown = withoutRepeats(server.spans);
    expect(shown.map(span => span.spanId)).toEqual(programJournal.ids(count).filter(id => id !== poisoned));
    expect(peakMib).toBeLessThanOrEqual(120);
  }, 300_000);
});

it('keeps what it knows of an endpoint apart from all others', async () => {
  const [one, other] = [await startOtlpServer(), await startOtlpServer()];
  const stateDir = makeState(program());
  await relayTo(stateDir, one).drain();
  await relayTo(stateDir, other).drain();
  expect(other.spans).toEqual(one.spans);
  expect(relayPlace(stateDir, one.url).folder).not.toBe(relayPlace(stateDir, other.url).folder);
});
