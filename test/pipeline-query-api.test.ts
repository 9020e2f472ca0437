import { expect, it } from 'vitest';
import { PipelineQueryApi } from '../src/pipeline-query-api.ts';
import { end, eventId, makeFolder, makeState, note, spanId, start } from './helpers/run-cli.ts';

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
