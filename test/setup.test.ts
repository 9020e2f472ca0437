import { setTimeout as delay } from 'node:timers/promises';
import { type Context, context, trace } from '@opentelemetry/api';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Pipeline, type PipelineOptions, startPipeline } from '../src/setup.ts';
import { edgesOf, makeStateFolder, readState } from './helpers/state-document.ts';

function makePipeline(options: PipelineOptions = {}): { pipeline: Pipeline; stateDir: string } {
  const stateDir = makeStateFolder();
  const pipeline = startPipeline({ stateDir, otlpEndpoint: false, ...options });
  onTestFinished(() => pipeline.shutdown());
  return { pipeline, stateDir };
}

const TOTALS_OF_THE_ORIGINAL = {
  total_events: 13,
  total_commands: 2,
  total_agents_spawned: 1,
  total_skills_invoked: 2,
  total_errors: 1,
  total_warnings: 1,
};

describe('startPipeline', () => {
  it('gives exactly the totals of the original system for its expected run', async () => {
    const { pipeline, stateDir } = makePipeline({ systemName: 'EmergencyTriage', stage: 'prototype' });
    await pipeline.withCommand('/prototype', { intent: 'Generate prototype' }, async command => {
      await pipeline.withAgent('builder', async () => {
        pipeline.withSkill('Prototype_Builder', skill =>
          skill.recordError({
            type: 'ValidationError',
            message: 'Invalid input',
            severity: 'high',
            recovery: { action: 'skip' },
          }),
        );
      });
      command.recordWarning({ type: 'DeprecationWarning', message: 'Using deprecated API' });
    });
    await pipeline.withCommand('/test', async command => {
      await pipeline.withSkill('Test_Runner', async () => {});
      command.recordInfo('all tests passed');
    });
    await pipeline.forceFlush();
    const document = readState(stateDir);
    expect(document.statistics).toEqual(TOTALS_OF_THE_ORIGINAL);
    expect(edgesOf(document)).toEqual([
      '/prototype',
      '/prototype > builder',
      '/prototype > builder > Prototype_Builder',
      '/test',
      '/test > Test_Runner',
    ]);
    const error = document.events.find(event => event.event_type === 'error');
    expect(error?.hierarchy.path).toEqual(['/prototype', 'builder', 'Prototype_Builder']);
    expect(error?.error).toEqual({
      type: 'ValidationError',
      message: 'Invalid input',
      severity: 'high',
      recovery: { action: 'skip' },
    });
    expect(document).toMatchObject({
      pipeline_status: 'completed',
      stage: 'prototype',
      system_name: 'EmergencyTriage',
    });
    expect(document.events.every(event => event.source === 'span')).toBe(true);
  });

  it('nests parallel branches under their own parents', async () => {
    const { pipeline, stateDir } = makePipeline();
    await pipeline.withCommand('/fan', () =>
      Promise.all(
        ['a', 'b', 'c'].map((name, index) =>
          pipeline.withAgent(name, async () => {
            await delay(3 - index);
            await pipeline.withSkill(`skill of ${name}`, async () => delay(index));
          }),
        ),
      ),
    );
    await pipeline.forceFlush();
    expect(edgesOf(readState(stateDir))).toEqual(
      ['/fan', ...['a', 'b', 'c'].flatMap(name => [`/fan > ${name}`, `/fan > ${name} > skill of ${name}`])].sort(),
    );
  });

  it('shows an activity as open before it ends', async () => {
    const { pipeline, stateDir } = makePipeline();
    await pipeline.withCommand('/slow', async () => {
      await pipeline.forceFlush();
      const document = readState(stateDir);
      expect(document.active_activities.map(activity => activity.name)).toEqual(['/slow']);
      expect(document.pipeline_status).toBe('running');
    });
  });

  it('shows an error before the activity ends, and counts it once afterwards', async () => {
    const { pipeline, stateDir } = makePipeline();
    await pipeline.withCommand('/slow', async command => {
      command.recordError(new RangeError('too far'), { action: 'retry' });
      await pipeline.forceFlush();
      expect(readState(stateDir).statistics.total_errors).toBe(1);
    });
    await pipeline.forceFlush();
    expect(readState(stateDir).statistics.total_errors).toBe(1);
  });

  it('fails the activities that a thrown error passes, records it once, and lets it go on', async () => {
    const { pipeline, stateDir } = makePipeline();
    const failure = new TypeError('no such file');
    const run = pipeline.withCommand('/deploy', () =>
      pipeline.withAgent('builder', async () => {
        throw failure;
      }),
    );
    await expect(run).rejects.toBe(failure);
    await pipeline.forceFlush();
    const { events, statistics, pipeline_status } = readState(stateDir);
    expect(statistics.total_errors).toBe(1);
    expect(pipeline_status).toBe('failed');
    const ends = events.filter(event => event.event_type.endsWith('_end'));
    expect(ends.map(end => [end.activity.name, end.status, end.error?.type])).toEqual([
      ['builder', 'failed', 'TypeError'],
      ['/deploy', 'failed', 'TypeError'],
    ]);
    expect(events.find(event => event.level === 'error')?.activity.name).toBe('builder');
  });

  it('gives back what a synchronous function gives back, and throws what it throws', () => {
    const { pipeline } = makePipeline();
    expect(pipeline.withCommand('/sum', () => 42)).toBe(42);
    expect(() =>
      pipeline.withCommand('/boom', () => {
        throw new Error('boom');
      }),
    ).toThrow('boom');
  });

  it('keeps outputs, labels, intents, attributes and a cancelled status', async () => {
    const { pipeline, stateDir } = makePipeline();
    pipeline.withCommand('/make', { intent: 'Make it', label: 'one', attributes: { 'app.size': 3 } }, command => {
      command.setOutputs({ files_created: 10 });
      command.setStatus('cancelled');
    });
    await pipeline.forceFlush();
    const [start, end] = readState(stateDir).events;
    expect(start?.activity).toMatchObject({ name: '/make', intent: 'Make it', label: 'one' });
    expect(start?.attributes).toEqual({ 'app.size': 3 });
    expect(end).toMatchObject({ status: 'cancelled', outputs: { files_created: 10 } });
    expect(end?.attributes).toBeUndefined();
  });

  it('sums the usage of chat spans into the end events above them, and writes no event for them', async () => {
    const { pipeline, stateDir } = makePipeline();
    await pipeline.withCommand('/cost', async command => {
      command.recordUsage({ model: 'claude-opus-5', inputTokens: 10, outputTokens: 2 });
      await pipeline.withAgent('builder', async agent =>
        agent.recordUsage({ model: 'claude-opus-5', inputTokens: 5, cacheReadTokens: 100, cacheWrite1hTokens: 7 }),
      );
    });
    await pipeline.forceFlush();
    const { events } = readState(stateDir);
    expect(events).toHaveLength(4);
    const usage = (name: string) => events.find(event => event.activity.name === name && event.usage)?.usage;
    expect(usage('builder')?.self).toMatchObject({
      input_tokens: 5,
      cache_read_tokens: 100,
      cache_write_1h_tokens: 7,
      requests: 1,
    });
    expect(usage('/cost')?.self).toMatchObject({ input_tokens: 10, output_tokens: 2, requests: 1 });
    expect(usage('/cost')?.total).toMatchObject({
      input_tokens: 15,
      output_tokens: 2,
      cache_read_tokens: 100,
      requests: 2,
    });
  });

  it('finds the nearest activity above spans that are none', async () => {
    const { pipeline, stateDir } = makePipeline();
    await pipeline.withCommand('/web', async () => {
      const http = pipeline.tracer.startSpan('GET /');
      await within(trace.setSpan(context.active(), http), async () => {
        await pipeline.withSkill('fetch', async () => {});
        const foreign = pipeline.tracer.startSpan('invoke_agent researcher', {
          attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'researcher' },
        });
        const inner = pipeline.tracer.startSpan('tool', {}, trace.setSpan(context.active(), foreign));
        await within(trace.setSpan(context.active(), inner), async () => pipeline.withSkill('search', () => {}));
        inner.end();
        foreign.end();
      });
      http.end();
    });
    await pipeline.forceFlush();
    expect(edgesOf(readState(stateDir))).toEqual([
      '/web',
      '/web > fetch',
      '/web > researcher',
      '/web > researcher > search',
    ]);
  });

  it('keeps no content that a GenAI instrumentation puts on its spans', async () => {
    const { pipeline, stateDir } = makePipeline();
    pipeline.tracer
      .startSpan('invoke_agent a', {
        attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.input.messages': 'CANARY', 'app.kept': 'yes' },
      })
      .end();
    await pipeline.forceFlush();
    const text = JSON.stringify(readState(stateDir));
    expect(text).toContain('app.kept');
    expect(text).not.toContain('CANARY');
  });

  it('takes names of any kind', async () => {
    const { pipeline, stateDir } = makePipeline();
    const names = ['__proto__', 'line\nbreak', '\u001b[31mred', 'x'.repeat(1_000_000), 'lone \ud800 surrogate'];
    for (const name of names) pipeline.withCommand(name, () => {});
    await pipeline.forceFlush();
    const shown = readState(stateDir)
      .events.filter(event => event.status)
      .map(event => event.activity.name);
    expect(shown.slice(0, 3)).toEqual(names.slice(0, 3));
    expect(shown[3]).toMatch(/^x{224}…\[\+999776 characters\]$/);
    expect(shown[4]).toBe('lone \ufffd surrogate');
  });

  it('nests without being the global provider', async () => {
    const { pipeline, stateDir } = makePipeline({ register: false });
    await pipeline.withCommand('/own', async () => pipeline.withSkill('inside', async () => {}));
    await pipeline.forceFlush();
    expect(edgesOf(readState(stateDir))).toEqual(['/own', '/own > inside']);
  });

  it('is complete whatever the variables for sampling and limits say', async () => {
    vi.stubEnv('OTEL_TRACES_SAMPLER', 'always_off');
    vi.stubEnv('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', '4');
    const { pipeline, stateDir } = makePipeline();
    vi.unstubAllEnvs();
    pipeline.withCommand('/sampled-out', () => {});
    await pipeline.forceFlush();
    expect(edgesOf(readState(stateDir))).toEqual(['/sampled-out']);
  });

  it.each([
    ['a text', 'just a text', 'just a text'],
    ['nothing', undefined, 'undefined'],
    ['an object without a prototype', Object.create(null), 'something that cannot be shown'],
    ['an error whose message is none', Object.assign(new Error('x'), { message: { a: 1 } }), 'Error: [object Object]'],
    ['a secret', new Error('token=abcdefghijkl failed'), 'token=[redacted] failed'],
  ])('records %s that was thrown, ends the activity, and lets it go on', async (_what, thrown, message) => {
    const { pipeline, stateDir } = makePipeline();
    let caught: unknown;
    try {
      pipeline.withCommand('/throw', command => {
        command.recordError(thrown);
        throw thrown;
      });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBe(thrown);
    await pipeline.forceFlush();
    const { events, active_activities } = readState(stateDir);
    expect(active_activities).toEqual([]);
    expect(events.find(event => event.level === 'error')?.error?.message).toBe(message);
  });

  it('takes usage with dates that are none', async () => {
    const { pipeline, stateDir } = makePipeline();
    const none = new Date('no date');
    pipeline.withCommand('/dates', command => command.recordUsage({ model: 'm', startTime: none, endTime: none }));
    pipeline.withCommand('/after', () => {});
    await pipeline.forceFlush();
    const { active_activities, statistics } = readState(stateDir);
    expect([active_activities.length, statistics.total_events]).toEqual([0, 4]);
  });

  it('says what it expected when a helper is called wrongly', () => {
    const { pipeline } = makePipeline();
    const call = pipeline.withCommand as unknown as (...args: unknown[]) => void;
    expect(() => call('/x', {})).toThrow(/expected \(name, options\?, function\), got \(string, object, undefined\)/);
  });
});

function within<T>(active: Context, fn: () => Promise<T>): Promise<T> {
  return context.with(active, fn);
}
