import { describe, expect, it } from 'vitest';
import { PipelineQueryApi } from '../src/pipeline-query-api.ts';
import { end, eventId, makeFolder, makeState, note, spanId, start, T0 } from './helpers/run-cli.ts';

const facts = [
  start(1, { stage: 'prototype', system: 'Shop' }),
  start(2, { level: 'agent', name: 'builder', parent: spanId(1), attributes: { tool_name: 'Bash' } }),
  note(10, { level: 'error', parent: spanId(2), type: 'Broken', recovery: { next_step: 'skip' } }),
  end(2, { outputs: { files_created: 10 } }),
];

it('answers in camelCase and leaves alone what came from outside', () => {
  const api = new PipelineQueryApi({ stateDir: makeState(facts) });
  expect(api.getStatus()).toMatchObject({ pipelineStatus: 'running', systemName: 'Shop', activeCount: 1 });
  expect(api.getActiveActivities()).toMatchObject([{ eventId: eventId(1), parentEventId: null }]);
  expect(api.getStatistics()).toMatchObject({ totalEvents: 4, totalAgentsSpawned: 1, totalErrors: 1 });
  expect(api.getEvents({ type: 'agent_spawn_end' })).toMatchObject([
    { relatedStartEventId: eventId(2), outputs: { files_created: 10 } },
  ]);
  expect(api.getEvents({ level: 'agent', limit: 2 })[0]).toMatchObject({ attributes: { tool_name: 'Bash' } });
  expect(api.getErrors().errors).toMatchObject([{ error: { type: 'Broken', recovery: { next_step: 'skip' } } }]);
  expect(api.generateSummaryReport()).toContain('Pipeline summary: Shop, prototype');
});

it('gives the whole tree, or one activity with its ancestors', () => {
  const api = new PipelineQueryApi({ stateDir: makeState(facts) });
  expect(api.getEventHierarchy()).toMatchObject([{ name: '/run-1', children: [{ name: 'builder', errors: 1 }] }]);
  expect(api.getEventHierarchy(eventId(2)).ancestors).toMatchObject([{ eventId: eventId(1), name: '/run-1' }]);
  expect(() => api.getEventHierarchy('nope')).toThrow(/expected one of .*, got "nope"/);
});

it('answers about a folder that does not exist', () => {
  const api = new PipelineQueryApi({ stateDir: `${makeFolder()}/none` });
  expect(api.getStatus().pipelineStatus).toBe('idle');
  expect(api.getEventHierarchy()).toEqual([]);
});

describe('the analyses', () => {
  /** Ten runs of a second, one a minute, and one of a minute. */
  const history = Array.from({ length: 11 }, (_, index) => {
    const at = T0 + index * 60_000;
    const [id, agent] = [2 * index + 1, 2 * index + 2];
    const took = index === 10 ? 60_000 : 1000;
    return [
      start(id, { at, name: '/run' }),
      start(agent, { at: at + 100, level: 'agent', name: 'builder', parent: spanId(id), trace: spanId(id).repeat(2) }),
      end(agent, { at: at + took - 100 }),
      end(id, { at: at + took }),
    ];
  }).flat();

  it('answer as the command line does, in camelCase', () => {
    const api = new PipelineQueryApi({ stateDir: makeState(history) });
    expect(api.getDurations({ level: 'agent' })).toMatchObject([
      { level: 'agent', name: 'builder', count: 11, p50Ms: 800, longestMs: 59_800, periods: [{ count: 11 }] },
    ]);
    expect(api.getDurations({ since: new Date(T0 + 101), until: T0 + 120_000 })).toMatchObject([
      { count: 1 },
      { count: 1 },
    ]);
    expect(api.getAnomalies({ limit: 1 })).toMatchObject({
      found: 2,
      anomalies: [{ eventId: eventId(21), kind: 'slow' }],
    });
    expect(api.getAnomalies({ level: 'skill' }).anomalies).toEqual([]);
    const paths = {
      name: '/run',
      durationMs: 60_000,
      path: [{ ownMs: 100 }, { eventId: eventId(22) }, { ownMs: 100 }],
    };
    expect(api.getBottlenecks()).toMatchObject(paths);
    expect(api.getBottlenecks(eventId(21))).toMatchObject(paths);
    expect(api.getBottlenecks(eventId(2))).toMatchObject({ name: 'builder', durationMs: 800 });
    expect(api.getComparison({ at: '2026-03-01T12:05:30Z', days: 1 })).toMatchObject({
      totals: { before: { runs: 6 }, after: { runs: 5 } },
      rows: [{ duration: { verdict: 'too_little_data' } }, {}],
    });
  });

  it('refuse what is no time and no id', () => {
    const api = new PipelineQueryApi({ stateDir: makeState(history) });
    expect(() => api.getDurations({ since: 'soon' })).toThrow(
      'since: expected a Date, milliseconds or a time, got "soon"',
    );
    expect(() => api.getBottlenecks('nope')).toThrow(/expected one of .*, got "nope"/);
    expect(() => api.getBottlenecks('evt-0')).toThrow(/expected one of/);
  });

  it('say nothing of nothing', () => {
    const api = new PipelineQueryApi({ stateDir: `${makeFolder()}/none` });
    expect(api.getBottlenecks()).toBeNull();
    expect([api.getDurations(), api.getAnomalies().anomalies, api.getComparison({ at: T0 }).rows]).toEqual([
      [],
      [],
      [],
    ]);
  });
});
