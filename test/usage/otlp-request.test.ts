/** Billed requests out of what the client tells by OTLP. */
import { describe, expect, it } from 'vitest';
import { apiRequestEvents } from '../../src/claude-code/api-request-event.ts';
import { type ApiRequestEvent, otlpRequest, withCommand } from '../../src/usage/otlp-request.ts';
import { recordedLogs } from '../helpers/otlp-logs.ts';

const EVENT: ApiRequestEvent = {
  requestId: 'req_1',
  at: 1_795_330_044_596,
  model: 'claude-sonnet-4-5-20250929',
  inputTokens: 1001,
  outputTokens: 51,
  cacheReadTokens: 3000,
  cacheCreationTokens: 200,
  costUsdMicros: 5418,
  session: 'session-1',
  prompt: 'prompt-1',
  querySource: 'sdk',
  isFast: false,
  eventSequence: 23,
};
const requestOf = (overrides: Partial<ApiRequestEvent> = {}) => otlpRequest({ ...EVENT, ...overrides }).request;
const recorded = (version: '2.1.197' | '2.1.332') =>
  recordedLogs(version).flatMap(body => apiRequestEvents(JSON.parse(body)).events.map(otlpRequest));

describe('otlpRequest', () => {
  it('tells what was billed, and by which ids it can be joined', () => {
    expect(otlpRequest(EVENT)).toEqual({
      request: {
        id: 'otlp:req_1',
        source: 'otlp',
        at: 1_795_330_044_596,
        model: 'claude-sonnet-4-5-20250929',
        tokens: { input: 1001, cache_read: 3000, cache_write_5m: 200, cache_write_1h: 0, output: 51 },
        isFinal: true,
        isFast: false,
        webSearches: 0,
        owner: {
          session: 'session-1',
          project: null,
          branch: null,
          stage: null,
          command: null,
          agent: '(main)',
          instance: null,
          skill: '(none)',
        },
        span: null,
        methods: {},
      },
      requestId: 'req_1',
      prompt: 'prompt-1',
      costUsdMicros: 5418,
    });
  });

  it.each([
    ['all for five minutes, if nothing is said', undefined, [200, 0]],
    ['some of it for an hour', 150, [50, 150]],
    ['never more than was written', 999, [0, 200]],
  ])('has the cache written %s', (_what, cacheCreation1hTokens, expected) => {
    const { cache_write_5m, cache_write_1h } = requestOf({ cacheCreation1hTokens }).tokens;
    expect([cache_write_5m, cache_write_1h]).toEqual(expected);
  });

  it.each<[string, Partial<ApiRequestEvent>, string]>([
    ['the id of the API', { clientRequestId: 'client' }, 'otlp:req_1'],
    ['that of the client', { requestId: undefined, clientRequestId: 'client' }, 'otlp:client'],
    ['its place in the session', { requestId: undefined }, 'otlp:session-1#23@1795330044596'],
    ['its place, without a session', { requestId: undefined, session: undefined }, 'otlp:#23@1795330044596'],
  ])('is known by %s', (_what, overrides, id) => {
    expect(requestOf(overrides).id).toBe(id);
  });

  it.each<[string, Partial<ApiRequestEvent>, string | null, object]>([
    ['a prompt', { querySource: 'repl_main_thread:outputStyle:custom' }, '(main)', {}],
    ['the client itself', { querySource: 'compact' }, '(main)', { agent: 'inherited' }],
    ['an agent that has a name', { querySource: 'agent:builtin:Explore', agentName: 'Explore' }, 'Explore', {}],
    ['an agent of the client', { querySource: 'agent:builtin:Explore' }, 'Explore', {}],
    ['an agent of a person', { querySource: 'agent:custom', agentName: null }, null, {}],
    ['an agent without a name', { querySource: 'agent:default' }, null, {}],
    ['an agent that has an id alone', { querySource: 'sdk', agentId: 'a1' }, null, {}],
    ['nobody knows whom', { querySource: undefined }, null, {}],
  ])('asked for by %s belongs to that', (_what, overrides, agent, methods) => {
    const request = requestOf(overrides);
    expect([request.owner.agent, request.methods]).toEqual([agent, methods]);
    expect(request.owner.instance).toBe(overrides.agentId ?? null);
  });

  it.each([
    [undefined, '(none)'],
    [null, null],
    ['report', 'report'],
  ])('with the skill %s has %s', (skillName, skill) => {
    expect(requestOf({ skillName }).owner.skill).toBe(skill);
  });

  it('each recorded request has an id of its own, also without those of the API', () => {
    const ids = recorded('2.1.197').map(({ request }) => request.id);
    expect(new Set(ids).size).toBe(15);
    const without = recordedLogs('2.1.197').flatMap(body =>
      apiRequestEvents(JSON.parse(body)).events.map(event => requestOf({ ...event, requestId: undefined }).id),
    );
    expect(new Set(without).size).toBe(15);
  });

  it('of a newer client names the agent that asked', () => {
    const owners = recorded('2.1.332').map(({ request }) => [request.owner.agent, request.owner.instance]);
    expect(owners.slice(0, 5)).toEqual([
      ['(main)', null],
      [null, 'a5459fcaba882f7d6'],
      [null, 'a5459fcaba882f7d6'],
      ['(main)', null],
      ['general-purpose', 'a940214b12dbf8b3d'],
    ]);
  });
});

describe('withCommand', () => {
  it.each([
    ['simple', { command: '/simple' }, '(none)'],
    ['simple', { command: '/shop:simple' }, '(none)'],
    ['shop:simple', { command: '/simple' }, '(none)'],
    ['report', { command: '/simple' }, 'report'],
    ['report', { command: '/report', typedSkill: 'report' }, 'report'],
    ['(none)', { command: 'prompt' }, '(none)'],
    [null, { command: '/simple' }, null],
  ])('the skill %s in %j is %s', (skill, prompt, expected) => {
    const request = requestOf();
    const { owner } = withCommand({ ...request, owner: { ...request.owner, skill } }, prompt);
    expect([owner.command, owner.skill]).toEqual([prompt.command, expected]);
  });
});
