import { context, trace } from '@opentelemetry/api';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StateFileSpanExporter } from '../../exporters/state-file-span-exporter.ts';
import { identityAttributes, spanName } from '../../src/model/operation.ts';
import { LiveSpanProcessor } from '../../src/processor/live-span-processor.ts';
import { edgesOf, makeStateFolder, readState } from '../helpers/state-document.ts';

function provide(processors: SpanProcessor[]): NodeTracerProvider {
  const provider = new NodeTracerProvider({ spanProcessors: processors });
  onTestFinished(() => provider.shutdown());
  return provider;
}

/** A command with an agent with a skill, all with one request and one error in the skill. */
function runTree(provider: NodeTracerProvider, name: string): void {
  const tracer = provider.getTracer('test');
  const command = tracer.startSpan(spanName('command', name), { attributes: identityAttributes('command', name) });
  const inCommand = trace.setSpan(context.active(), command);
  const agent = tracer.startSpan('invoke_agent a', { attributes: identityAttributes('agent', 'a') }, inCommand);
  const inAgent = trace.setSpan(context.active(), agent);
  const skill = tracer.startSpan('skill s', { attributes: identityAttributes('skill', 's') }, inAgent);
  skill.addEvent('spanbook.error', { 'spanbook.note.type': 'E', 'spanbook.note.message': 'broke' });
  const chat = tracer.startSpan(
    'chat m',
    { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 3 } },
    trace.setSpan(context.active(), skill),
  );
  for (const span of [chat, skill, agent, command]) span.end();
}

const STATISTICS = {
  total_events: 7,
  total_commands: 1,
  total_agents_spawned: 1,
  total_skills_invoked: 1,
  total_errors: 1,
  total_warnings: 0,
};

describe('StateFileSpanExporter', () => {
  it.each([
    ['a stock BatchSpanProcessor', (exporter: StateFileSpanExporter) => new BatchSpanProcessor(exporter)],
    ['a stock SimpleSpanProcessor', (exporter: StateFileSpanExporter) => new SimpleSpanProcessor(exporter)],
    [
      'batches of one',
      (exporter: StateFileSpanExporter) => new BatchSpanProcessor(exporter, { maxExportBatchSize: 1 }),
    ],
  ])('writes the documented file behind %s', async (_name, behind) => {
    const stateDir = makeStateFolder();
    const provider = provide([behind(new StateFileSpanExporter({ stateDir }))]);
    runTree(provider, '/ship');
    await provider.forceFlush();
    const document = readState(stateDir);
    expect(document.statistics).toEqual(STATISTICS);
    expect(edgesOf(document)).toEqual(['/ship', '/ship > a', '/ship > a > s']);
    expect(document.active_activities).toEqual([]);
    expect(document.events.find(event => event.activity.name === '/ship' && event.status)?.usage?.total).toMatchObject({
      input_tokens: 3,
      requests: 1,
    });
  });

  it('counts a span once that a live processor told too, and that comes twice', async () => {
    const stateDir = makeStateFolder();
    const exporters = [new StateFileSpanExporter({ stateDir }), new StateFileSpanExporter({ stateDir })];
    const provider = provide([
      new LiveSpanProcessor({ stateDir }),
      ...exporters.map(exporter => new BatchSpanProcessor(exporter)),
    ]);
    runTree(provider, '/ship');
    await provider.forceFlush();
    expect(readState(stateDir).statistics).toEqual(STATISTICS);
  });

  it('writes nothing for spans that are no activities', async () => {
    const stateDir = makeStateFolder();
    const provider = provide([new SimpleSpanProcessor(new StateFileSpanExporter({ stateDir }))]);
    provider.getTracer('test').startSpan('GET /').end();
    await provider.forceFlush();
    expect(readState(stateDir).events).toEqual([]);
  });

  it('reports failure for what comes after shutdown', async () => {
    const exporter = new StateFileSpanExporter({ stateDir: makeStateFolder() });
    await exporter.shutdown();
    const result = await new Promise<{ code: number; error?: Error }>(done => exporter.export([], done));
    expect(result.code).toBe(1);
    expect(result.error?.message).toMatch(/expected spans before shutdown/);
  });
});
