/** The set-ups of others that spanbook works beside: the examples, run as a person runs them. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type OtlpSink, startOtlpSink } from './helpers/otlp-sink.ts';
import { SPANBOOK } from './helpers/run-monitor.ts';
import { outcomeOf, ROOT } from './helpers/run-program.ts';
import { askState, edgesOf, makeStateFolder, type StateDocument } from './helpers/state-document.ts';

interface Ran {
  sink: OtlpSink;
  document: StateDocument;
}

/** `before`: what stands before the example on the command line. */
async function run(example: string, before: readonly string[] = []): Promise<Ran> {
  const stateDir = makeStateFolder();
  const sink = await startOtlpSink();
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    SPANBOOK_STATE_DIR: stateDir,
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
  };
  const args = [...before, ...(before.length > 0 ? [process.execPath] : []), `examples/${example}`];
  const outcome = await outcomeOf(spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'pipe' }));
  expect(outcome).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  return { sink, document: askState(stateDir) };
}

const namesIn = ({ spans }: OtlpSink): string[] => spans.map(({ name }) => name).sort();
const tracesIn = ({ sink, document }: Ran): Set<string | undefined> =>
  new Set([...sink.spans.map(({ traceId }) => traceId), ...document.events.map(({ trace }) => trace.trace_id)]);

describe('a NodeTracerProvider of one’s own', () => {
  const SPANS = ['/restock', 'SELECT stock', 'ask', 'chat', 'nightly job'];

  it('has its activities in the state folder, and all its spans where it sends them', async () => {
    const ran = await run('own-provider.mjs');
    expect(edgesOf(ran.document)).toEqual(['/restock', '/restock > buyer']);
    expect(namesIn(ran.sink)).toEqual(SPANS);
    expect(tracesIn(ran).size).toBe(1);
    const end = ran.document.events.find(event => event.event_type === 'command_end');
    expect(end).toMatchObject({ status: 'completed', usage: { total: { requests: 1, output_tokens: 340 } } });
  });

  it('goes on with what exec hands over', async () => {
    const ran = await run('own-provider.mjs', [SPANBOOK, 'exec', '--name', 'nightly', '--']);
    // The job between the two is no activity.
    expect(edgesOf(ran.document)).toEqual(['nightly', 'nightly > /restock', 'nightly > /restock > buyer']);
    expect(namesIn(ran.sink)).toEqual(SPANS);
    expect(tracesIn(ran).size).toBe(1);
    const job = ran.sink.spans.find(({ name }) => name === 'nightly job');
    expect(job?.parentSpanId).toBe(ran.document.events[0]?.trace.span_id);
  });
});

describe('@opentelemetry/sdk-node', () => {
  it('has its activities in the state folder, and all its spans where it sends them', async () => {
    const ran = await run('sdk-node.mjs');
    expect(edgesOf(ran.document)).toEqual(['/review', '/review > style-check']);
    expect(namesIn(ran.sink)).toEqual(['/review', 'style-check']);
    expect(tracesIn(ran).size).toBe(1);
    const end = ran.document.events.find(event => event.event_type === 'skill_invoke_end');
    expect(end).toMatchObject({ status: 'failed', error: { type: 'StyleError', message: 'two lines are too long' } });
    expect(ran.sink.resource['service.name']).toBe('shop');
  });

  it('comes with the packages of OpenTelemetry that are here already, one copy of each', () => {
    const { packages } = JSON.parse(readFileSync(`${ROOT}package-lock.json`, 'utf8')) as { packages: object };
    const names = Object.keys(packages)
      .map(path => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
      .filter(name => name.startsWith('@opentelemetry/'));
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});
