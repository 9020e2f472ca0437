/** Events of requests out of the logs that a client exports. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiRequestEvents } from '../../src/claude-code/api-request-event.ts';
import { answeredRequests, logsOf, recordedLogs, requestRecord } from '../helpers/otlp-logs.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 3000) };

const recorded = (version: '2.1.197' | '2.1.332') =>
  recordedLogs(version).map(body => apiRequestEvents(JSON.parse(body)));
/** The only event of a record. */
const one = (attributes: Readonly<Record<string, unknown>> = {}) => {
  const { events, damaged, others } = apiRequestEvents(logsOf(requestRecord(attributes)));
  expect([events.length, damaged, others]).toEqual([1, 0, 0]);
  return events[0];
};
const damagedIn = (...records: unknown[]): number => {
  const { events, damaged } = apiRequestEvents(logsOf(...records));
  expect(events).toEqual([]);
  return damaged;
};

describe('the logs of a recorded session', () => {
  it('tell each answered request once, to the token', () => {
    const events = recorded('2.1.197').flatMap(parsed => parsed.events);
    const tokens = events.map(event => [
      event.inputTokens,
      event.outputTokens,
      event.cacheReadTokens,
      event.cacheCreationTokens,
    ]);
    const truth = answeredRequests().map(({ usage }) => [
      usage.input_tokens,
      usage.output_tokens,
      usage.cache_read_input_tokens,
      usage.cache_creation_input_tokens,
    ]);
    expect(tokens).toEqual(truth);
    expect(events).toHaveLength(15);
    // Ids of requests end in their number.
    expect(events.map(({ requestId }) => requestId?.split('_').at(-1))).toEqual(
      answeredRequests().map(({ n }) => String(n)),
    );
    expect(events.reduce((sum, { costUsdMicros = 0 }) => sum + costUsdMicros, 0)).toBe(32_778 + 44_712 + 5670);
  });

  it('have nothing damaged, and mostly other records', () => {
    for (const { damaged, others } of recorded('2.1.197')) expect([damaged, others > 10]).toEqual([0, true]);
  });

  it('tell who asked, as far as the client does', () => {
    const [first, second, ...more] = recorded('2.1.197').flatMap(parsed => parsed.events);
    expect(first).toEqual({
      requestId: 'req_1795330044575_1',
      clientRequestId: undefined,
      at: Date.parse('2026-11-22T06:47:24.596Z'),
      model: 'claude-sonnet-4-5-20250929',
      inputTokens: 1001,
      outputTokens: 51,
      cacheReadTokens: 3000,
      cacheCreationTokens: 200,
      cacheCreation1hTokens: undefined,
      costUsdMicros: 5418,
      durationMs: 32,
      session: 'fe0a3f5c-4c52-4589-b1df-2d0604705b1b',
      prompt: '8bc31557-edd6-449d-a871-275826498b7d',
      querySource: 'sdk',
      agentName: undefined,
      agentId: undefined,
      skillName: 'simple',
      isFast: false,
      eventSequence: 23,
    });
    expect(second).toMatchObject({ querySource: 'agent:custom', agentName: null, skillName: 'simple' });
    expect(more.at(-1)).toMatchObject({ querySource: 'sdk', skillName: undefined });
  });

  it('of a newer client tell more', () => {
    const [{ events = [], damaged = 1 } = {}] = recorded('2.1.332');
    expect([events.length, damaged]).toEqual([10, 0]);
    expect(events.map(({ agentName, agentId }) => [agentName, agentId])).toEqual([
      [undefined, undefined],
      [null, 'a5459fcaba882f7d6'],
      [null, 'a5459fcaba882f7d6'],
      [undefined, undefined],
      ['general-purpose', 'a940214b12dbf8b3d'],
      ['general-purpose', 'a940214b12dbf8b3d'],
      [undefined, undefined],
      [undefined, undefined],
      [undefined, 'a8c4ef280da3b2ba8'],
      [undefined, undefined],
    ]);
    expect(events.map(({ cacheCreation1hTokens }) => cacheCreation1hTokens)).toEqual(Array(10).fill(0));
  });
});

describe('an event', () => {
  it('may have its numbers as texts, as OTLP and older clients have them', () => {
    const event = one({
      input_tokens: { intValue: '12' },
      output_tokens: '7',
      cache_read_tokens: { doubleValue: 3 },
      'event.sequence': { intValue: '4' },
    });
    expect(event).toMatchObject({ inputTokens: 12, outputTokens: 7, cacheReadTokens: 3, eventSequence: 4 });
  });

  it('may lack all that is not needed', () => {
    const bare = { ...requestRecord(), attributes: [] as unknown[] };
    bare.attributes = [
      { key: 'model', value: { stringValue: 'm' } },
      { key: 'output_tokens', value: { intValue: 5 } },
    ];
    const { events } = apiRequestEvents(logsOf(bare));
    expect(events).toEqual([
      expect.objectContaining({ at: 1795330044596, model: 'm', inputTokens: 0, outputTokens: 5, eventSequence: 0 }),
    ]);
  });

  it.each([
    ['its own time', { 'event.timestamp': '2026-01-02T03:04:05.678Z' }, {}, Date.parse('2026-01-02T03:04:05.678Z')],
    ['that of the record', { 'event.timestamp': 'soon' }, {}, 1795330044596],
    ['when it was seen', { 'event.timestamp': 5 }, { timeUnixNano: '0', observedTimeUnixNano: 2_000_000_000 }, 2000],
  ])('has %s', (_what, attributes, record, at) => {
    const { events } = apiRequestEvents(logsOf({ ...requestRecord(attributes), ...record }));
    expect(events[0]?.at).toBe(at);
  });

  it('leaves out what is odd', () => {
    const odd = one({
      request_id: 'two "words"',
      client_request_id: 'x'.repeat(257),
      'session.id': 7,
      'prompt.id': '',
      cost_usd_micros: -3,
      duration_ms: 'long',
      query_source: true,
      agent_id: { arrayValue: { values: [] } },
    });
    expect(odd).toMatchObject({ inputTokens: 1001, eventSequence: 23 });
    const { requestId, clientRequestId, session, prompt, costUsdMicros, durationMs, querySource, agentId } = odd ?? {};
    const left = [requestId, clientRequestId, session, prompt, costUsdMicros, durationMs, querySource, agentId];
    expect(left).toEqual(Array(8).fill(undefined));
  });

  it.each(['custom', 'third-party'])('whose names are %s has none that could be shown', name => {
    expect(one({ 'agent.name': name, 'skill.name': name })).toMatchObject({ agentName: null, skillName: null });
  });

  it('cuts a name that is far too long', () => {
    expect(one({ 'skill.name': 'x'.repeat(100_000) })?.skillName?.length).toBeLessThan(300);
  });

  it('knows a fast answer', () => {
    expect([one({ speed: 'fast' })?.isFast, one({ speed: undefined })?.isFast]).toEqual([true, false]);
  });

  it.each([
    ['a body', { body: { stringValue: 'claude_code.api_request' } }],
    ['a name', { body: undefined, eventName: 'claude_code.api_request' }],
    ['an attribute', { body: { stringValue: 'text' } }],
  ])('is known by %s', (_what, overrides) => {
    expect(apiRequestEvents(logsOf({ ...requestRecord(), ...overrides })).events).toHaveLength(1);
  });

  it('of another program is none', () => {
    const record = { ...requestRecord(), body: { stringValue: 'api_request' } };
    const payload = { resourceLogs: [{ scopeLogs: [{ scope: { name: 'shop' }, logRecords: [record] }] }] };
    expect(apiRequestEvents(payload)).toEqual({ events: [], damaged: 0, others: 1 });
  });
});

describe('a damaged event', () => {
  it.each([
    ['no model', { model: undefined }],
    ['an empty model', { model: '' }],
    ['a model that is a number', { model: 5 }],
    [
      'no counts',
      {
        input_tokens: undefined,
        output_tokens: undefined,
        cache_read_tokens: undefined,
        cache_creation_tokens: undefined,
      },
    ],
    ['a negative count', { input_tokens: -1 }],
    ['half a token', { output_tokens: 0.5 }],
    ['a count without an end', { output_tokens: { doubleValue: 'Infinity' } }],
    ['more tokens than there are', { cache_read_tokens: 1e12 }],
    ['a count that is true', { cache_creation_tokens: true }],
    ['a count in words', { input_tokens: '12 or so' }],
  ])('has %s', (_what, attributes) => {
    expect(damagedIn(requestRecord(attributes))).toBe(1);
  });

  it('has no time', () => {
    expect(damagedIn({ ...requestRecord({ 'event.timestamp': undefined }), timeUnixNano: 'x' })).toBe(1);
    expect(damagedIn({ ...requestRecord({ 'event.timestamp': '+123456-01-01T00:00:00Z' }), timeUnixNano: -5 })).toBe(1);
  });

  it('does not harm the others', () => {
    const { events, damaged } = apiRequestEvents(
      logsOf(requestRecord({ model: 7 }), null, 'text', [], requestRecord({ request_id: 'req_2' })),
    );
    expect([events.map(({ requestId }) => requestId), damaged]).toEqual([['req_2'], 1]);
  });
});

describe('whatever comes', () => {
  it.each([null, 5, 'text', [], {}, { resourceLogs: 7 }, { resourceLogs: [null, { scopeLogs: {} }] }])(
    'nothing is made of %j',
    payload => {
      expect(apiRequestEvents(payload)).toEqual({ events: [], damaged: 0, others: 0 });
    },
  );

  it('values that pretend to be texts do no harm', () => {
    const evil = { toString: null, valueOf: 5 };
    const payload = {
      resourceLogs: [
        { scopeLogs: [{ scope: { name: evil }, logRecords: [requestRecord({ model: evil, speed: evil })] }] },
      ],
    };
    expect(apiRequestEvents(JSON.parse(JSON.stringify(payload)))).toEqual({ events: [], damaged: 1, others: 0 });
  });

  it('each record is counted once, and what is told is whole', () => {
    const keys = requestRecord().attributes as { key: string }[];
    const key = fc.constantFrom('agent.name', 'skill.name', 'agent_id', '__proto__', ...keys.map(({ key }) => key));
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.record({ stringValue: fc.oneof(fc.string(), fc.jsonValue({ maxDepth: 1 })) }),
      fc.record({ intValue: fc.oneof(fc.integer(), fc.integer().map(String), fc.double()) }),
      fc.record({ doubleValue: fc.double() }),
    );
    const changes = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true });
    const record = fc.oneof(
      { weight: 5, arbitrary: changes.map(requestRecord) },
      fc.jsonValue({ maxDepth: 3 }),
      fc.tuple(changes, fc.jsonValue()).map(([change, body]) => ({ ...requestRecord(change), body })),
    );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), records => {
        const payload = JSON.parse(JSON.stringify(logsOf(...records))) as unknown;
        const { events, damaged, others } = apiRequestEvents(payload);
        expect(events.length + damaged + others).toBe(records.length);
        for (const event of events) {
          const counts = [event.inputTokens, event.outputTokens, event.cacheReadTokens, event.cacheCreationTokens];
          for (const count of counts) expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
          expect(Number.isFinite(event.at) && event.model !== '' && event.model.length <= 300).toBe(true);
        }
      }),
      RUNS,
    );
  });
});
