import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startPipeline } from '../src/setup.ts';
import { startOtlpServer } from './helpers/otlp-server.ts';
import { attribute, startOtlpSink } from './helpers/otlp-sink.ts';
import { cli } from './helpers/run-cli.ts';
import { outcomeOf, startFixture } from './helpers/run-program.ts';
import { makeStateFolder, readState } from './helpers/state-document.ts';

describe('spans by OTLP', () => {
  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', (url: string) => vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', url), undefined],
    ['the option', () => {}, (url: string) => `${url}/`],
  ])('go to the endpoint in %s, with the names and ids of the document', async (_name, byEnvironment, byOption) => {
    const sink = await startOtlpSink();
    byEnvironment(sink.url);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const stateDir = makeStateFolder();
    const pipeline = startPipeline({ stateDir, otlpEndpoint: byOption?.(sink.url), sessionId: 'session-7' });
    await pipeline.withCommand('/ship', { stage: 'release' }, async command => {
      await pipeline.withAgent('builder', async agent => {
        pipeline.withSkill('pack', () => {});
        agent.recordUsage({ model: 'claude-sonnet-5', inputTokens: 7, cacheReadTokens: 90, outputTokens: 3 });
      });
      command.recordError({ type: 'Flaky', message: 'once' });
    });
    await pipeline.shutdown();
    expect(sink.spans.map(span => span.name).sort()).toEqual([
      'chat claude-sonnet-5',
      'invoke_agent builder',
      'invoke_workflow /ship',
      'skill pack',
    ]);
    expect(sink.spans.every(span => attribute(span, 'session.id') === 'session-7')).toBe(true);
    for (const span of sink.spans) {
      const parent = sink.spans.find(one => one.spanId === span.parentSpanId);
      expect(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)).toBeGreaterThanOrEqual(1_000_000n);
      if (parent) expect(BigInt(parent.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.endTimeUnixNano));
    }
    const chat = sink.spans.find(span => span.name.startsWith('chat'));
    expect(chat?.kind).toBe(3);
    expect(attribute(chat, 'gen_ai.usage.input_tokens')).toBe(97);
    expect(attribute(chat, 'gen_ai.usage.cache_read.input_tokens')).toBe(90);
    const cost = attribute(chat, 'spanbook.cost.nanousd');
    expect(cost).toBeGreaterThan(0);
    const root = sink.spans.find(span => span.name === 'invoke_workflow /ship');
    expect(attribute(root, 'spanbook.usage.total.cost_nanousd')).toBe(cost);
    expect(root?.attributes.find(({ key }) => key === 'spanbook.usage.total.cost_nanousd')?.value).toEqual({
      intValue: cost,
    });
    const others = sink.spans.filter(span => span !== chat);
    expect(others.flatMap(span => span.attributes).filter(({ key }) => key.startsWith('gen_ai.usage'))).toEqual([]);
    for (const event of readState(stateDir).events.filter(one => one.event_type.endsWith('_start'))) {
      const span = sink.spans.find(one => one.spanId === event.trace.span_id);
      expect(span?.traceId).toBe(event.trace.trace_id);
      expect(span?.parentSpanId ?? null).toBe(event.trace.parent_span_id);
    }
    expect(sink.resource).toMatchObject({ 'service.name': 'spanbook', 'host.name': expect.any(String) });
    expect(Object.keys(sink.resource).filter(key => key.startsWith('process.'))).toEqual([]);
  });

  it('go nowhere without an endpoint', async () => {
    const sink = await startOtlpSink();
    const pipeline = startPipeline({ stateDir: makeStateFolder() });
    pipeline.withCommand('/quiet', () => {});
    await pipeline.shutdown();
    expect(sink.headers).toEqual([]);
  });

  it.each(['', 'nonsense', 'ftp://127.0.0.1'])(
    'go nowhere for the endpoint "%s", and the program goes on',
    async endpoint => {
      const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
      onTestFinished(() => warned.mockRestore());
      const stateDir = makeStateFolder();
      const pipeline = startPipeline({ stateDir, otlpEndpoint: endpoint });
      pipeline.withCommand('/on', () => {});
      await pipeline.shutdown();
      expect(readState(stateDir).statistics.total_commands).toBe(1);
      const said = warned.mock.calls.map(([message]) => String(message));
      expect(said).toEqual(endpoint === '' ? [] : [expect.stringMatching(/expected an http or https URL/)]);
    },
  );

  it('take the endpoint and its headers from spanbook.json', async () => {
    const sink = await startOtlpSink();
    const stateDir = makeStateFolder();
    const { mkdirSync, writeFileSync } = await import('node:fs');
    mkdirSync(stateDir);
    const settings = { otlp: { endpoint: sink.url, headers: { 'x-team': 'blue' } } };
    writeFileSync(`${stateDir}/spanbook.json`, JSON.stringify(settings));
    const pipeline = startPipeline({ stateDir });
    pipeline.withCommand('/sent', () => {});
    await pipeline.shutdown();
    expect(sink.spans.map(span => span.name)).toEqual(['invoke_workflow /sent']);
    expect(sink.headers[0]?.['x-team']).toBe('blue');
  });

  it('continue the trace that the environment hands over', async () => {
    const sink = await startOtlpSink();
    const stateDir = makeStateFolder();
    vi.stubEnv('TRACEPARENT', `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`);
    const pipeline = startPipeline({ stateDir, otlpEndpoint: sink.url });
    vi.unstubAllEnvs();
    const traceparent = pipeline.withCommand('/child', command => command.traceparent);
    await pipeline.shutdown();
    expect(sink.spans[0]).toMatchObject({ traceId: 'ab'.repeat(16), parentSpanId: 'cd'.repeat(8) });
    expect(traceparent).toBe(`00-${'ab'.repeat(16)}-${sink.spans[0]?.spanId}-01`);
    expect(readState(stateDir).events[0]).toMatchObject({
      parent_event_id: null,
      trace: { trace_id: 'ab'.repeat(16), parent_span_id: 'cd'.repeat(8) },
    });
  });

  it('wait in the journal while nobody answers, and come with the next program', async () => {
    const server = await startOtlpServer();
    await server.close();
    const stateDir = makeStateFolder();
    const program = async (name: string): Promise<void> => {
      const pipeline = startPipeline({ stateDir, otlpEndpoint: server.url });
      pipeline.withCommand(name, () => {});
      await pipeline.shutdown();
    };
    await program('/first');
    const up = await startOtlpServer(undefined, server.port);
    await program('/second');
    expect(up.spans.map(span => span.name)).toEqual(['invoke_workflow /first', 'invoke_workflow /second']);
  });

  it('of two programs at once all arrive', async () => {
    const server = await startOtlpServer();
    const stateDir = makeStateFolder();
    const env = { PATH: process.env.PATH, OTEL_EXPORTER_OTLP_ENDPOINT: server.url };
    const many = 8;
    const outcomes = Array.from({ length: many }, (_, at) =>
      outcomeOf(startFixture('short-program', [stateDir, `/run-${at}`], { env })),
    );
    for (const outcome of outcomes) expect(await outcome).toMatchObject({ code: 0, stderr: '' });
    const names = server.spans.map(span => span.name).sort();
    expect(names).toEqual(Array.from({ length: many }, (_, at) => `invoke_workflow /run-${at}`));
  });

  it('of other instrumentations go too, and what is inside of them keeps its parent', async () => {
    const sink = await startOtlpSink();
    const pipeline = startPipeline({ stateDir: makeStateFolder(), otlpEndpoint: sink.url });
    pipeline.withCommand('/shop', () => {
      pipeline.tracer.startActiveSpan('GET /orders', span => {
        pipeline.withSkill('pack', () => {});
        span.end();
      });
    });
    await pipeline.shutdown();
    const named = (name: string) => sink.spans.find(span => span.name === name);
    expect(sink.spans).toHaveLength(3);
    expect(named('GET /orders')?.parentSpanId).toBe(named('invoke_workflow /shop')?.spanId);
    expect(named('skill pack')?.parentSpanId).toBe(named('GET /orders')?.spanId);
  });

  it('carry the name and the resource of their program, whoever sends them', async () => {
    const sink = await startOtlpSink();
    const stateDir = makeStateFolder();
    const pipeline = startPipeline({
      stateDir,
      serviceName: 'shop',
      resource: { 'deployment.environment.name': 'ci' },
    });
    pipeline.withCommand('/shop', () => pipeline.withSkill('pack', () => {}));
    await pipeline.shutdown();
    expect((await cli(['ship', '--state-dir', stateDir, '--endpoint', sink.url])).code).toBe(0);
    expect(sink.spans).toHaveLength(2);
    expect(sink.resource).toMatchObject({ 'service.name': 'shop', 'deployment.environment.name': 'ci' });
  });

  it('of a program that is to send nothing are sent by nobody', async () => {
    const sink = await startOtlpSink();
    const stateDir = makeStateFolder();
    const pipeline = startPipeline({ stateDir, otlpEndpoint: false });
    pipeline.withCommand('/quiet', () => {});
    await pipeline.shutdown();
    await cli(['ship', '--state-dir', stateDir, '--endpoint', sink.url]);
    expect(sink.spans).toEqual([]);
  });

  it('arrive where the state folder keeps nothing', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onTestFinished(() => warned.mockRestore());
    const sink = await startOtlpSink();
    const pipeline = startPipeline({ stateDir: '/proc/nowhere', otlpEndpoint: sink.url });
    pipeline.withCommand('/shop', () => {});
    await pipeline.shutdown();
    expect(sink.spans.map(span => span.name)).toEqual(['invoke_workflow /shop']);
  });
});
