import { writeFileSync } from 'node:fs';
import { type Context, context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StateFileSpanExporter } from '../exporters/state-file-span-exporter.ts';
import { documentSchema } from '../src/model/document-schema.ts';
import { LiveSpanProcessor } from '../src/processor/live-span-processor.ts';
import type { UsageReport } from '../src/span/activity.ts';
import { makeFolder } from './helpers/run-cli.ts';
import { makeProgram, NOTHING, sumOfAttributes, sumOfLedger, sumsOfDocument } from './helpers/span-usage.ts';
import { readState } from './helpers/state-document.ts';

const COST = 'spanbook.cost.nanousd';
const SUMMARY = 'spanbook.summary';

describe('a request', () => {
  it.each<[string, UsageReport, number]>([
    ['five kinds of tokens', { model: 'claude-opus-5', inputTokens: 1, outputTokens: 2, cacheReadTokens: 10 }, 60_000],
    ['cache writes', { model: 'claude-opus-5', cacheWrite5mTokens: 2, cacheWrite1hTokens: 1 }, 22_500],
    ['a dated model', { model: 'claude-sonnet-4-5-20250929', inputTokens: 3 }, 9000],
    ['searches of the web', { model: 'claude-opus-5', webSearches: 2 }, 20_000_000],
    ['nothing', { model: 'claude-opus-5' }, 0],
  ])('has its list price on its span: %s', (_what, usage, cost) => {
    const { pipeline, attributesOf } = makeProgram();
    pipeline.withCommand('/cost', command => command.recordUsage(usage));
    expect(attributesOf(`chat ${usage.model}`)[COST]).toBe(cost);
    expect(attributesOf('invoke_workflow /cost')).toMatchObject({
      'spanbook.usage.self.cost_nanousd': cost,
      'spanbook.usage.total.cost_nanousd': cost,
    });
  });

  it('is dearer where it is fast, or answered in a place with a price', async () => {
    const { pipeline, stateDir, spans } = makeProgram();
    const model = { input: 0.001, output: 0, fast_multiplier: 2, geo_multipliers: { us: 1.5 } };
    writeFileSync(`${stateDir}/usage_pricing.json`, JSON.stringify({ models: { m: model } }));
    pipeline.withCommand('/cost', command => {
      command.recordUsage({ model: 'm', inputTokens: 1, fast: true });
      command.recordUsage({ model: 'm', inputTokens: 1, geo: 'us' });
      command.recordUsage({ model: 'm', inputTokens: 1, fast: false, geo: 'elsewhere' });
    });
    expect(spans().map(span => span.attributes[COST])).toEqual([2000, 1500, 1000, undefined]);
    await pipeline.forceFlush();
    expect(sumOfLedger(stateDir).cost).toBe(4500);
  });

  it('is priced by the state folder as soon as that has a price', () => {
    const { pipeline, stateDir, spans } = makeProgram();
    const report = () =>
      pipeline.withCommand('/cost', command => command.recordUsage({ model: 'house-model', inputTokens: 10 }));
    report();
    writeFileSync(
      `${stateDir}/usage_pricing.json`,
      JSON.stringify({ models: { 'house-model': { input: 1, output: 1 } } }),
    );
    report();
    const chats = spans().filter(span => span.name.startsWith('chat '));
    expect(chats.map(span => span.attributes[COST])).toEqual([undefined, 10_000_000]);
  });

  it('without a known price has no cost, and its tokens are unpriced all the way up', async () => {
    const { pipeline, stateDir, attributesOf } = makeProgram();
    await pipeline.withCommand('/cost', () =>
      pipeline.withAgent('a', async agent => agent.recordUsage({ model: 'unknown', inputTokens: 7, outputTokens: 1 })),
    );
    expect(attributesOf('chat unknown')).not.toHaveProperty([COST]);
    const command = attributesOf('invoke_workflow /cost');
    expect(command).not.toHaveProperty(['spanbook.usage.total.cost_nanousd']);
    expect(command).toMatchObject({
      'spanbook.usage.total.unpriced_tokens': 8,
      [SUMMARY]: '1 request, 7 tokens in, 1 out, 8 unpriced, 1 agent',
    });
    await pipeline.forceFlush();
    const end = readState(stateDir).events.at(-1);
    expect(end?.usage?.total).toMatchObject({ requests: 1, unpriced_tokens: 8 });
    expect(end?.usage?.total).not.toHaveProperty('cost');
  });

  it('breaks nothing, whatever prices and counts are', async () => {
    const { pipeline, stateDir } = makeProgram();
    writeFileSync(`${stateDir}/usage_pricing.json`, 'no JSON');
    pipeline.withCommand('/odd', command => {
      for (const count of ['12', 3n, 1.4, -5, Number.NaN, Number.POSITIVE_INFINITY, null, {}, Symbol('x')]) {
        const given = { inputTokens: count, outputTokens: count, cacheReadTokens: count, webSearches: count };
        command.recordUsage({ model: 'claude-opus-5', ...given } as unknown as UsageReport);
      }
    });
    await pipeline.forceFlush();
    const document = readState(stateDir);
    expect(documentSchema.safeParse(document).error).toBeUndefined();
    expect(document.events.at(-1)?.usage?.total).toMatchObject({ input_tokens: 16, output_tokens: 16, requests: 9 });
    expect(sumOfLedger(stateDir)).toMatchObject({ input: 16, output: 16, requests: 9 });
  });
});

describe('an activity', () => {
  it('says what it used itself, what all below it used, and both in words', async () => {
    const { pipeline, stateDir, attributesOf } = makeProgram();
    await pipeline.withCommand('/run', async command => {
      command.recordUsage({ model: 'claude-opus-5', inputTokens: 1000, outputTokens: 10 });
      await Promise.all([
        pipeline.withAgent('a', async agent => {
          agent.recordUsage({ model: 'claude-sonnet-4-5', inputTokens: 100, cacheReadTokens: 11_000, outputTokens: 5 });
          await pipeline.withSkill('s', async skill =>
            skill.recordUsage({ model: 'claude-haiku-4-5', inputTokens: 1 }),
          );
        }),
        pipeline.withAgent('b', async () => {}),
        pipeline.withCheckpoint('5', point => point.recordUsage({ model: 'claude-haiku-4-5', outputTokens: 2 })),
      ]);
    });
    const command = attributesOf('invoke_workflow /run');
    expect(sumOfAttributes(command, 'self')).toEqual({
      ...NOTHING,
      input: 1000,
      output: 10,
      requests: 1,
      cost: 5_250_000,
    });
    expect(sumOfAttributes(command, 'total')).toMatchObject({
      input: 1101,
      cache_read: 11_000,
      output: 17,
      requests: 4,
    });
    expect(command[SUMMARY]).toBe('4 requests, 12.1K tokens in, 17 out, $0.0089, 2 agents');
    expect(attributesOf('invoke_agent a')[SUMMARY]).toBe('2 requests, 11.1K tokens in, 5 out, $0.0037');
    expect(attributesOf('skill s')[SUMMARY]).toBe('1 request, 1 token in, 0 out, <$0.0001');
    expect(attributesOf('checkpoint 5')).toMatchObject({ 'spanbook.usage.self.output_tokens': 2 });
    expect(Object.keys(attributesOf('invoke_agent b')).filter(key => key.startsWith('spanbook.usage'))).toEqual([]);
    await pipeline.forceFlush();
    expect(JSON.stringify(readState(stateDir).events.map(event => event.attributes ?? null))).not.toContain(
      'spanbook.',
    );
  });

  it('says nothing of usage where there was none', () => {
    const { pipeline, attributesOf } = makeProgram();
    pipeline.withCommand('/none', () => pipeline.withAgent('a', () => {}));
    expect(Object.keys(attributesOf('invoke_workflow /none')).filter(key => /usage|summary/.test(key))).toEqual([]);
  });

  it('that fails says what it used until then', async () => {
    const { pipeline, attributesOf } = makeProgram();
    const run = pipeline.withCommand('/fails', () =>
      pipeline.withAgent('a', async agent => {
        agent.recordUsage({ model: 'claude-opus-5', inputTokens: 1 });
        throw new Error('no');
      }),
    );
    await expect(run).rejects.toThrow('no');
    for (const name of ['invoke_agent a', 'invoke_workflow /fails']) {
      expect(attributesOf(name)).toMatchObject({ 'spanbook.usage.total.cost_nanousd': 5000 });
    }
  });

  it('that ends after its parent counts in the document, and on what is around them and still runs', async () => {
    const { pipeline, stateDir, attributesOf } = makeProgram();
    await pipeline.withCommand('/run', async () => {
      let late: Promise<void> | undefined;
      let finish = (): void => {};
      pipeline.withAgent('early', () => {
        late = pipeline.withSkill('late', async skill => {
          await new Promise<void>(resolve => {
            finish = resolve;
          });
          skill.recordUsage({ model: 'claude-opus-5', inputTokens: 1 });
        });
      });
      finish();
      await late;
    });
    expect(attributesOf('invoke_agent early')).not.toHaveProperty([SUMMARY]);
    expect(sumOfAttributes(attributesOf('skill late'), 'self').input).toBe(1);
    expect(sumOfAttributes(attributesOf('invoke_workflow /run'), 'total')).toMatchObject({ input: 1, requests: 1 });
    await pipeline.forceFlush();
    const usage = new Map(readState(stateDir).events.map(event => [event.activity.name, event.usage]));
    expect(usage.get('early')).toMatchObject({ self: { requests: 0 }, total: { input_tokens: 1 } });
    expect(usage.get('/run')).toMatchObject({ self: { requests: 0 }, total: { input_tokens: 1 } });
  });
});

it('reports of an activity that is over count in the document alone', async () => {
  const { pipeline, stateDir, attributesOf } = makeProgram();
  pipeline.withCommand('/run', command => {
    const over = pipeline.withAgent('over', agent => agent);
    over.recordUsage({ model: 'claude-opus-5', inputTokens: 10 });
    command.recordUsage({ model: 'claude-opus-5', inputTokens: 1 });
  });
  expect(sumOfAttributes(attributesOf('invoke_workflow /run'), 'total').input).toBe(1);
  await pipeline.forceFlush();
  expect([...sumsOfDocument(stateDir).values()].map(({ total }) => total.input)).toEqual([10, 11]);
});

const chatBy = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'claude-opus-5',
  'gen_ai.usage.input_tokens': 2,
};
const within = <T>(active: Context, fn: () => T): T => context.with(active, fn);

describe('spans of other instrumentations', () => {
  it('are priced and counted like those of recordUsage', async () => {
    const { pipeline, stateDir, attributesOf } = makeProgram();
    pipeline.withCommand('/foreign', () => {
      const http = pipeline.tracer.startSpan('POST /v1/messages');
      within(trace.setSpan(context.active(), http), () => {
        pipeline.tracer.startSpan('early', { attributes: chatBy }).end();
        // Some say only at the end what they are.
        const late = pipeline.tracer.startSpan('late');
        late.setAttributes(chatBy);
        late.end();
      });
      http.end();
    });
    expect([attributesOf('early')[COST], attributesOf('late')[COST]]).toEqual([10_000, 10_000]);
    const command = attributesOf('invoke_workflow /foreign');
    expect(sumOfAttributes(command, 'self')).toEqual({ ...NOTHING, input: 4, requests: 2, cost: 20_000 });
    await pipeline.forceFlush();
    expect([...sumsOfDocument(stateDir).values()]).toEqual([
      { self: sumOfAttributes(command, 'self'), total: sumOfAttributes(command, 'total') },
    ]);
  });

  it('keep a price of their own', () => {
    const { pipeline, attributesOf } = makeProgram();
    pipeline.withCommand('/own', () =>
      pipeline.tracer.startSpan('chat m', { attributes: { ...chatBy, [COST]: 77 } }).end(),
    );
    expect(attributesOf('invoke_workflow /own')['spanbook.usage.total.cost_nanousd']).toBe(77);
  });

  it('that are activities say what they used', () => {
    const { pipeline, attributesOf } = makeProgram();
    const attributes = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'researcher' };
    const agent = pipeline.tracer.startSpan('invoke_agent researcher', { attributes });
    within(trace.setSpan(context.active(), agent), () => pipeline.tracer.startSpan('c', { attributes: chatBy }).end());
    agent.end();
    expect(attributesOf('invoke_agent researcher')[SUMMARY]).toBe('1 request, 2 tokens in, 0 out, <$0.0001');
  });
});

describe('a provider of the user', () => {
  function provide(withLive: boolean) {
    const stateDir = makeFolder();
    const exporter = new InMemorySpanExporter();
    const provider = new NodeTracerProvider({
      spanProcessors: [
        new SimpleSpanProcessor(exporter),
        ...(withLive ? [new LiveSpanProcessor({ stateDir })] : []),
        new SimpleSpanProcessor(new StateFileSpanExporter({ stateDir })),
      ],
    });
    onTestFinished(() => provider.shutdown());
    const tracer = provider.getTracer('test');
    const run = (chat: Record<string, string | number>) => {
      const attributes = { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': '/own' };
      const command = tracer.startSpan('invoke_workflow /own', { attributes });
      tracer.startSpan('chat', { attributes: chat }, trace.setSpan(context.active(), command)).end();
      command.end();
      return provider.forceFlush();
    };
    return { stateDir, exporter, run };
  }

  it('has usage on its spans with the live processor', async () => {
    const { exporter, run } = provide(true);
    await run(chatBy);
    expect(exporter.getFinishedSpans().map(span => span.attributes[SUMMARY])).toEqual([
      undefined,
      '1 request, 2 tokens in, 0 out, <$0.0001',
    ]);
  });

  it('with the exporter alone has in its document what stands on the spans', async () => {
    const { stateDir, run } = provide(false);
    await run({ ...chatBy, [COST]: 123 });
    expect([...sumsOfDocument(stateDir).values()]).toMatchObject([{ total: { input: 2, requests: 1, cost: 123 } }]);
  });
});
