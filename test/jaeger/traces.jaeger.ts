/** What the product sends, in a real Jaeger: runs of Claude Code, programs, imports; whole whatever happens on the way. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { programJournal } from '../helpers/program-journal.ts';
import { recordedCalls, recordedFacts } from '../helpers/recorded-session.ts';
import { makeState, RECORDED_END, writeSettings } from '../helpers/run-cli.ts';
import { type Outcome, outcomeOf, ROOT, runHook, startFixture } from '../helpers/run-program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { describeJaeger } from './describe-jaeger.ts';
import type { StoredSpan } from './query-jaeger.ts';
import { type RunningJaeger, startJaeger } from './run-jaeger.ts';

const RECORDED = `${ROOT}examples/recorded-session`;
const LONG_AGO = { from: new Date('2020-01-01'), to: new Date('2035-01-01') };

async function jaegerOfTest(): Promise<RunningJaeger> {
  const jaeger = await startJaeger(tempDir());
  onTestFinished(() => jaeger.stop());
  return jaeger;
}

function spanbook(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [`${ROOT}dist/bin/spanbook.cjs`, ...args], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', CLAUDE_CONFIG_DIR: RECORDED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return outcomeOf(child);
}

async function ask(args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await spanbook([...args, '--json']);
  if (code !== 0) throw new Error(`spanbook ${args.join(' ')}: expected exit code 0, got ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const shipArgs = (stateDir: string, { otlpUrl, queryUrl }: RunningJaeger): string[] => [
  'ship',
  '--state-dir',
  stateDir,
  '--endpoint',
  otlpUrl,
  '--verify',
  '--query',
  queryUrl,
];

async function storedSpans({ query }: RunningJaeger): Promise<StoredSpan[]> {
  return [...(await query.traces(LONG_AGO)).values()].flat();
}

const sum = (spans: readonly StoredSpan[], key: string): number =>
  spans.reduce((all, { attributes }) => all + Number(attributes[key] ?? 0), 0);

const recorded = readFileSync(`${ROOT}test/fixtures/recorded-requests.jsonl`, 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as { id: string; usage: Record<string, number> });

/** Everything that the recorded session is, as Jaeger has it. */
function expectRecordedSession(spans: readonly StoredSpan[]): void {
  const byName = (name: string): StoredSpan[] => spans.filter(span => span.name.startsWith(name));
  const counts = ['invoke_workflow', 'invoke_agent', 'skill', 'chat', 'execute_tool'].map(name => byName(name).length);
  expect(counts).toEqual([3, 4, 1, 15, 5]);
  expect(spans).toHaveLength(28);
  expect(spans.flatMap(span => span.warnings)).toEqual([]);
  const chats = byName('chat');
  expect(chats.map(({ attributes }) => attributes['gen_ai.response.id']).sort()).toEqual(
    recorded.map(({ id }) => id).sort(),
  );
  const billed = (key: string): number => recorded.reduce((all, { usage }) => all + (usage[key] ?? 0), 0);
  const [read, written] = [billed('cache_read_input_tokens'), billed('cache_creation_input_tokens')];
  expect(sum(chats, 'gen_ai.usage.input_tokens')).toBe(billed('input_tokens') + read + written);
  expect(sum(chats, 'gen_ai.usage.cache_read.input_tokens')).toBe(read);
  expect(sum(chats, 'gen_ai.usage.cache_creation.input_tokens')).toBe(written);
  expect(sum(chats, 'gen_ai.usage.output_tokens')).toBe(billed('output_tokens'));
  expect(sum(chats, 'spanbook.cost.nanousd')).toBe(32_778_000 + 44_712_000 + 5_670_000);
  expect(sum(spans, 'gen_ai.usage.input_tokens')).toBe(sum(chats, 'gen_ai.usage.input_tokens'));
  const roots = spans.filter(span => span.parentSpanId === null);
  expect(roots.map(({ name }) => name).sort()).toEqual([
    'invoke_workflow /fanout',
    'invoke_workflow /simple',
    'invoke_workflow prompt',
  ]);
  expect(sum(roots, 'spanbook.usage.total.cost_nanousd')).toBe(sum(chats, 'spanbook.cost.nanousd'));
  const ids = new Map(spans.map(span => [span.spanId, span]));
  for (const span of spans) {
    if (span.parentSpanId !== null) expect(ids.get(span.parentSpanId)?.traceId).toBe(span.traceId);
    expect(span.attributes['session.id']).toBe('fe0a3f5c-4c52-4589-b1df-2d0604705b1b');
    expect(Object.keys(span.resource)).toEqual(expect.arrayContaining(['service.name', 'host.name']));
  }
  expect(byName('invoke_agent tester')[0]?.events).toMatchObject([
    { name: 'spanbook.warning', attributes: { 'spanbook.note.type': 'ToolFailure' } },
  ]);
}

describeJaeger('what spanbook sends to a real Jaeger', () => {
  it('the recorded session: every span, parent, attribute and token; no warning; also after a restart', async () => {
    const jaeger = await jaegerOfTest();
    const stateDir = makeState(recordedFacts());
    const answer = await ask(shipArgs(stateDir, jaeger));
    expect(answer).toMatchObject({ sent: 28, held: 0, quarantined: 0, state: 'idle' });
    expect(answer.verified).toMatchObject({ traces: 3, spans: 28, missing: 0, warnings: [] });
    const before = await storedSpans(jaeger);
    expectRecordedSession(before);
    await jaeger.restart();
    const after = await storedSpans(jaeger);
    expectRecordedSession(after);
    const byId = (a: StoredSpan, b: StoredSpan): number => (a.spanId < b.spanId ? -1 : 1);
    expect(after.sort(byId)).toEqual(before.sort(byId));
    const totals = (await ask(['usage', 'totals', '--state-dir', stateDir])).totals as Record<string, number>;
    expect(Math.round((totals.total_cost ?? 0) * 1e9)).toBe(sum(after, 'spanbook.cost.nanousd'));
    expect(totals.total_tokens_output).toBe(sum(after, 'gen_ai.usage.output_tokens'));
  });

  it('an import of the same session', async () => {
    const jaeger = await jaegerOfTest();
    const stateDir = `${tempDir()}/state`;
    await ask(['import', '--spans', '--claude-dir', RECORDED, '--state-dir', stateDir]);
    expect((await ask(shipArgs(stateDir, jaeger))).verified).toMatchObject({ spans: 28, missing: 0, warnings: [] });
    const spans = await storedSpans(jaeger);
    expectRecordedSession(spans);
    // When it was, and not when it was imported.
    for (const { endTimeUnixNano } of spans) {
      expect(Math.abs(Number(endTimeUnixNano / 1_000_000n) - RECORDED_END)).toBeLessThan(10_000);
    }
  });

  it('a program that traces itself', async () => {
    const jaeger = await jaegerOfTest();
    const stateDir = `${tempDir()}/state`;
    const env = { PATH: process.env.PATH, SPANBOOK_STATE_DIR: stateDir, OTEL_EXPORTER_OTLP_ENDPOINT: jaeger.otlpUrl };
    const child = spawn(process.execPath, [`${ROOT}examples/instrument-code.mjs`], { env, stdio: 'pipe' });
    expect((await outcomeOf(child)).code).toBe(0);
    const spans = await storedSpans(jaeger);
    expect(spans.map(({ name }) => name).sort()).toEqual([
      'chat claude-sonnet-4-5',
      'invoke_agent builder',
      'invoke_workflow /prototype',
      'invoke_workflow /validate',
      'skill Prototype_Builder',
      'skill Schema_Checker',
    ]);
    expect(spans.flatMap(span => span.warnings)).toEqual([]);
    const named = (name: string): StoredSpan | undefined => spans.find(span => span.name === name);
    expect(named('invoke_agent builder')?.parentSpanId).toBe(named('invoke_workflow /prototype')?.spanId);
    expect(named('chat claude-sonnet-4-5')?.parentSpanId).toBe(named('invoke_agent builder')?.spanId);
    expect(named('skill Schema_Checker')?.events).toMatchObject([
      { name: 'exception', attributes: { 'exception.type': 'ValidationError', 'exception.message': 'Invalid input' } },
    ]);
    expect((await ask(shipArgs(stateDir, jaeger))).verified).toMatchObject({ spans: 6, missing: 0 });
  });

  it('a monitor sends by itself, and all that it could not send while Jaeger was down', async () => {
    const jaeger = await jaegerOfTest();
    const stateDir = makeState();
    writeSettings(stateDir, { otlp: { endpoint: jaeger.otlpUrl } });
    onTestFinished(async () => {
      await spanbook(['monitor', 'stop', '--state-dir', stateDir]);
    });
    await ask(['monitor', 'start', '--state-dir', stateDir]);
    const calls = recordedCalls();
    const fanout = calls.findIndex(({ payload }) => String(payload.prompt).startsWith('/fanout'));
    const replay = async (some: typeof calls): Promise<void> => {
      for (const { received_at_ms, payload } of some) {
        const env = { SPANBOOK_STATE_DIR: stateDir, SPANBOOK_NOW: String(received_at_ms) };
        expect((await runHook('claude-code', { input: payload, env })).code).toBe(0);
      }
    };
    await replay(calls.slice(0, fanout));
    const simple = [
      ...(
        await until(
          () => jaeger.query.traces(LONG_AGO),
          traces => traces.size === 1,
        )
      ).keys(),
    ];
    expect(await jaeger.query.untilSpans(simple[0] ?? '', 11)).toHaveLength(11);
    await jaeger.stop();
    await replay(calls.slice(fanout));
    const relay = async (): Promise<Record<string, unknown>> =>
      (await ask(['monitor', 'status', '--state-dir', stateDir])).relay as Record<string, unknown>;
    const held = await until(relay, ({ state }) => state === 'holding');
    expect(held).toMatchObject({
      endpoint: `${jaeger.otlpUrl}/v1/traces`,
      reason: expect.stringMatching(/ECONNREFUSED/),
    });
    expect(held.lag_events).toBeGreaterThan(0);
    expect(held.oldest_unsent_at).toEqual(expect.stringMatching(/^2026-11-22T/));
    await jaeger.restart();
    await until(relay, ({ state, lag_events }) => state === 'idle' && lag_events === 0);
    expectRecordedSession(await storedSpans(jaeger));
  });

  it('has everything after it was killed again and again in the middle of it', async () => {
    const jaeger = await jaegerOfTest();
    const count = 20_000;
    const stateDir = makeState(programJournal(count));
    const args = ['--state-dir', stateDir, '--endpoint', jaeger.otlpUrl];
    const ship = startFixture('ship', [stateDir, jaeger.otlpUrl]);
    const outcome = outcomeOf(ship);
    let isDone = false;
    void outcome.then(() => {
      isDone = true;
    });
    for (let kills = 0; kills < 3 && !isDone; kills++) {
      await until(
        () => sentOf(stateDir),
        sent => isDone || sent > kills * 3000,
      );
      await jaeger.stop('SIGKILL');
      await jaeger.restart();
    }
    expect(JSON.parse((await outcome).stdout)).toMatchObject({ sent: count, quarantined: 0 });
    const { verified } = await ask(['ship', ...args, '--verify', '--query', jaeger.queryUrl]);
    expect(verified).toMatchObject({ spans: count, missing: 0, warnings: [] });
  }, 180_000);
});

/** How many ids are known to have arrived. */
async function sentOf(stateDir: string): Promise<number> {
  const { readdirSync, statSync } = await import('node:fs');
  const folders = readdirSync(`${stateDir}/relay`, { withFileTypes: true });
  return folders.reduce((all, { name }) => {
    const stats = statSync(`${stateDir}/relay/${name}/sent.ids`, { throwIfNoEntry: false });
    return all + (stats?.size ?? 0) / 8;
  }, 0);
}

/** Asks again and again until the answer is as it should be. */
async function until<T>(ask: () => Promise<T>, isGood: (answer: T) => boolean, millis = 60_000): Promise<T> {
  const deadline = performance.now() + millis;
  for (;;) {
    const answer = await ask().catch((error: unknown) => {
      if (performance.now() > deadline) throw error;
      return undefined;
    });
    if (answer !== undefined && isGood(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`expected another answer by now, got ${JSON.stringify(answer)}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
