/** The project's configuration of Jaeger in a real one: what is acknowledged is there, also after a crash. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, inject, it, onTestFinished } from 'vitest';
import { outcomeOf, ROOT } from '../helpers/run-program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { describeJaeger } from './describe-jaeger.ts';
import { AGENT_SPAN, CHAT_SPAN, newTraceId, postTrace, ROOT_SPAN, SPANS } from './otlp-trace.ts';
import { type RunningJaeger, startJaeger } from './run-jaeger.ts';

async function jaegerOfTest(): Promise<RunningJaeger> {
  const jaeger = await startJaeger(tempDir());
  // Before its folder goes: what is registered last is called first.
  onTestFinished(() => jaeger.stop());
  return jaeger;
}

interface UiConfig {
  linkPatterns: { key: string; url: string }[];
  topTagPrefixes: string[];
}
/** Configurations of Jaeger on the page about scale, by the name in their first line. */
const shown = [
  ...readFileSync(`${ROOT}docs/scale.md`, 'utf8').matchAll(/^```yaml\n(# (jaeger-\S+)\n[\s\S]*?)^```$/gm),
].map(([, text = '', name = '']) => [name, text] as const);
const ui = JSON.parse(readFileSync(`${ROOT}config/jaeger/ui.json`, 'utf8')) as UiConfig;

describeJaeger('a real Jaeger', () => {
  it('gives back what it was sent, without a warning', async () => {
    const { otlpUrl, queryUrl, query } = await jaegerOfTest();
    expect(await query.services()).toEqual([]);
    const traceId = newTraceId();
    expect(await postTrace(otlpUrl, { traceId })).toBe(200);

    const spans = await query.trace(traceId);
    expect(spans.map(span => [span.spanId, span.parentSpanId, span.name, span.kind])).toEqual([
      [ROOT_SPAN, null, 'invoke_workflow /simple', 1],
      [AGENT_SPAN, ROOT_SPAN, 'invoke_agent builder', 1],
      [CHAT_SPAN, AGENT_SPAN, 'chat claude-sonnet-4-5', 3],
    ]);
    expect(spans.map(span => span.endTimeUnixNano - span.startTimeUnixNano)).toEqual([
      900_000_000n,
      700_000_000n,
      500_000_000n,
    ]);
    expect(spans[2]?.attributes).toEqual({
      'session.id': 's1',
      'gen_ai.operation.name': 'chat',
      'gen_ai.usage.input_tokens': 12_345,
    });
    expect(spans[2]?.resource).toEqual({ 'service.name': 'spanbook', 'host.name': 'dev' });
    expect(spans.flatMap(span => span.warnings)).toEqual([]);
    expect(await query.uiWarnings(traceId)).toEqual([]);

    expect(await query.services()).toEqual(['spanbook']);
    // It would trace its own queries, and say so here.
    const answer = await fetch(`${queryUrl}/api/v3/services`);
    expect(answer.headers.get('traceresponse') || null).toBeNull();
    expect((await query.operations()).sort()).toEqual(spans.map(span => span.name).sort());
    expect([...(await query.traces()).keys()]).toEqual([traceId]);
    expect([...(await query.traces({ operation: 'skill x' })).keys()]).toEqual([]);
    expect(await query.trace(newTraceId())).toEqual([]);
  });

  it('warns of what is wrong with a trace', async () => {
    const { otlpUrl, query } = await jaegerOfTest();
    const traceId = newTraceId();
    const orphan = { spanId: 'b000000000000001', parentSpanId: 'b0000000000000ff', name: 'orphan', start: 1, end: 2 };
    const empty = { spanId: 'b000000000000002', parentSpanId: ROOT_SPAN, name: 'empty', start: 5, end: 5 };
    expect(await postTrace(otlpUrl, { traceId, spans: [...SPANS, orphan, empty] })).toBe(200);
    const found = Object.fromEntries((await query.trace(traceId)).map(span => [span.name, span.warnings]));
    expect(found).toMatchObject({
      orphan: [expect.stringMatching(/parent span ID=b0000000000000ff is not in the trace/)],
      empty: [expect.stringMatching(/Negative duration/)],
      'invoke_agent builder': [],
    });
    expect(await query.uiWarnings(traceId)).toHaveLength(2);
  });

  it('keeps its traces over a restart', async () => {
    const jaeger = await jaegerOfTest();
    const traceId = newTraceId();
    expect(await postTrace(jaeger.otlpUrl, { traceId })).toBe(200);
    const before = await jaeger.query.trace(traceId);
    const { pid } = jaeger;
    await jaeger.restart();
    expect(jaeger.pid).not.toBe(pid);
    expect(await jaeger.query.trace(traceId)).toEqual(before);
    expect(before).toHaveLength(SPANS.length);
  });

  it('has all that it acknowledged when it is killed right after the answer', async () => {
    const jaeger = await jaegerOfTest();
    const sent: string[] = [];
    for (let round = 0; round < 5; round++) {
      const traceId = newTraceId();
      expect(await postTrace(jaeger.otlpUrl, { traceId })).toBe(200);
      sent.push(traceId);
      await jaeger.stop('SIGKILL');
      await jaeger.restart();
    }
    const counts = await Promise.all(sent.map(async traceId => (await jaeger.query.trace(traceId)).length));
    expect(counts).toEqual(sent.map(() => SPANS.length));
  });

  it('has a span once that came twice', async () => {
    const { otlpUrl, query } = await jaegerOfTest();
    const trace = { traceId: newTraceId(), startMillis: Date.now() - 60_000 };
    for (let times = 0; times < 2; times++) expect(await postTrace(otlpUrl, trace)).toBe(200);
    expect(await query.trace(trace.traceId)).toHaveLength(SPANS.length);
    expect(await query.trace(trace.traceId, { raw: true })).toHaveLength(SPANS.length);
    // The same span with another start is another span to it.
    expect(await postTrace(otlpUrl, { ...trace, startMillis: trace.startMillis + 1 })).toBe(200);
    expect(await query.trace(trace.traceId, { raw: true })).toHaveLength(2 * SPANS.length);
  });

  it('takes the configuration of the user interface', async () => {
    const { queryUrl } = await jaegerOfTest();
    const page = await (await fetch(`${queryUrl}/search`)).text();
    for (const prefix of ui.topTagPrefixes) expect(page).toContain(JSON.stringify(prefix));
  });

  it('finds behind each link of the user interface the runs that it promises', async () => {
    const { otlpUrl, query } = await jaegerOfTest();
    const skill = {
      spanId: 'c000000000000001',
      parentSpanId: ROOT_SPAN,
      name: 'skill writer',
      start: 1,
      end: 2,
      attributes: { 'gen_ai.skill.name': 'writer' },
    };
    const one = newTraceId();
    const other = newTraceId();
    expect(await postTrace(otlpUrl, { traceId: one, session: 'id 1 & more', spans: [...SPANS, skill] })).toBe(200);
    expect(await postTrace(otlpUrl, { traceId: other, session: 's2', spans: [{ ...skill, parentSpanId: undefined }] }));
    const values: Record<string, string> = {};
    for (const { attributes } of await query.trace(one)) Object.assign(values, attributes);
    for (const { key, url } of ui.linkPatterns) {
      // As the user interface fills them in.
      const filled = url.replaceAll(/#\{([^{}]*)\}/g, (_, name) => encodeURIComponent(values[name] ?? ''));
      const asked = new URL(filled, 'http://127.0.0.1').searchParams;
      expect(asked.get('service')).toBe('spanbook');
      const found = await query.search(JSON.parse(asked.get('tags') ?? ''));
      expect(found.sort(), key).toEqual((key === 'gen_ai.skill.name' ? [one, other] : [one]).sort());
    }
  });

  it('takes the configurations of the page about scale', async () => {
    expect(shown.map(([name]) => name)).toEqual([
      'jaeger-front.yaml',
      'jaeger-ingester.yaml',
      'jaeger-query.yaml',
      'jaeger-clickhouse.yaml',
    ]);
    for (const [name, text] of shown) {
      const path = `${tempDir()}/${name}`;
      writeFileSync(path, text);
      const env = { PATH: process.env.PATH, CLICKHOUSE_PASSWORD: 'x' };
      const checked = await outcomeOf(spawn(inject('jaeger').path ?? '', ['validate', `--config=${path}`], { env }));
      expect(checked.code, `${name}: ${checked.stderr}`).toBe(0);
    }
  });
});
