/** `spanbook ship`: what runs of Claude Code look like to a receiver, with what their transcripts tell. */
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { genAiIcon } from './helpers/genai-icon.ts';
import { type OtlpServer, startOtlpServer } from './helpers/otlp-server.ts';
import { attribute, type SinkSpan } from './helpers/otlp-sink.ts';
import { recordedFacts } from './helpers/recorded-session.ts';
import { readRelayStatuses } from './helpers/relay-statuses.ts';
import { appendLines, cli, linesOf, makeFolder, makeState, RECORDED_END, writeSettings } from './helpers/run-cli.ts';
import { ROOT } from './helpers/run-program.ts';

const RECORDED = `${ROOT}examples/recorded-session`;
const LATER = RECORDED_END + 3600_000;

interface Shipped {
  code: number;
  answer: Record<string, unknown>;
}

async function ship(stateDir: string, server: Pick<OtlpServer, 'url'>, ...more: string[]): Promise<Shipped> {
  const args = ['--state-dir', stateDir, '--endpoint', server.url, '--claude-dir', RECORDED, '--json'];
  const { code, out, err } = await cli(['ship', ...args, ...more], { now: () => LATER });
  expect(err).toBe('');
  return { code, answer: JSON.parse(out) as Record<string, unknown> };
}

const recordedRequests = readFileSync(`${ROOT}test/fixtures/recorded-requests.jsonl`, 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as { id: string; usage: Record<string, number> });

/** `/simple` with what is inside of it, by names and in the order of their starts. */
function outline(spans: readonly SinkSpan[], parent?: string): unknown[] {
  const inside = spans.filter(span => span.parentSpanId === parent);
  const inOrder = inside.sort((a, b) => (BigInt(a.startTimeUnixNano) < BigInt(b.startTimeUnixNano) ? -1 : 1));
  return inOrder.map(span => {
    const below = outline(spans, span.spanId);
    return below.length > 0 ? [span.name, below] : span.name;
  });
}

const CHAT = 'chat claude-sonnet-4-5-20250929';
const OUTLINE = [
  [
    'invoke_workflow /simple',
    [
      CHAT,
      ['invoke_agent builder', [CHAT, 'execute_tool Bash', CHAT]],
      CHAT,
      ['skill prototype-builder', [CHAT, 'execute_tool Bash', CHAT]],
    ],
  ],
  [
    'invoke_workflow /fanout',
    [
      CHAT,
      ['invoke_agent builder', [CHAT, 'execute_tool Bash', CHAT]],
      ['invoke_agent tester', [CHAT, 'execute_tool Bash', CHAT, 'execute_tool Bash', CHAT]],
      ['invoke_agent builder', [CHAT]],
      CHAT,
    ],
  ],
  ['invoke_workflow prompt', [CHAT]],
];

const number = (span: SinkSpan, key: string): number => Number(attribute(span, key) ?? 0);
const KINDS = ['input', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'output'] as const;

/** What a request used, from its span. */
const usedBy = (span: SinkSpan): Record<string, number> => {
  const read = number(span, 'gen_ai.usage.cache_read.input_tokens');
  const written = number(span, 'gen_ai.usage.cache_creation.input_tokens');
  const hour = number(span, 'spanbook.usage.cache_write_1h_tokens');
  return {
    input: number(span, 'gen_ai.usage.input_tokens') - read - written,
    cache_read: read,
    cache_write_5m: written - hour,
    cache_write_1h: hour,
    output: number(span, 'gen_ai.usage.output_tokens'),
    cost: number(span, 'spanbook.cost.nanousd'),
  };
};

const sumOf = (all: readonly Record<string, number>[]): Record<string, number> =>
  all.reduce(
    (sum, one) => Object.fromEntries(Object.keys(one).map(key => [key, (sum[key] ?? 0) + (one[key] ?? 0)])),
    {},
  );

const toldBy = (span: SinkSpan, which: 'self' | 'total'): Record<string, number> => ({
  ...Object.fromEntries(KINDS.map(kind => [kind, number(span, `spanbook.usage.${which}.${kind}_tokens`)])),
  cost: number(span, `spanbook.usage.${which}.cost_nanousd`),
});

/** Answers as the query API of Jaeger, out of what a receiver took. */
async function startJaegerDouble(spansOf: (trace: string) => SinkSpan[]): Promise<string> {
  const server = createServer((request, response) => {
    const trace = /^\/api\/v3\/traces\/([0-9a-f]{32})$/.exec(request.url ?? '')?.[1];
    const spans = trace === undefined ? [] : spansOf(trace);
    const body = { result: { resourceSpans: [{ scopeSpans: [{ spans }] }] } };
    response.writeHead(spans.length > 0 ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const isChat = (span: SinkSpan): boolean => span.name.startsWith('chat ');

describe('the recorded session, as hooks recorded it', () => {
  it('is one trace a command, with agents, skills, requests and tools in their places', async () => {
    const server = await startOtlpServer();
    const { code, answer } = await ship(makeState(recordedFacts()), server);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ sent: 28, held: 0, quarantined: 0, waiting: 0, state: 'idle' });
    expect(outline(server.spans)).toEqual(OUTLINE);
    expect(new Set(server.spans.map(span => span.traceId)).size).toBe(3);
    for (const span of server.spans) {
      const parent = server.spans.find(one => one.spanId === span.parentSpanId);
      if (parent) expect(parent.traceId).toBe(span.traceId);
      expect(attribute(span, 'session.id')).toBe('fe0a3f5c-4c52-4589-b1df-2d0604705b1b');
    }
  });

  it('has every request with the tokens that were billed, and a price', async () => {
    const server = await startOtlpServer();
    await ship(makeState(recordedFacts()), server);
    const chats = server.spans.filter(isChat);
    const told = chats.map(span => ({ id: attribute(span, 'gen_ai.response.id'), ...usedBy(span) }));
    const billed = recordedRequests.map(({ id, usage }) => ({
      id,
      input: usage.input_tokens,
      cache_read: usage.cache_read_input_tokens,
      cache_write_5m: usage.cache_creation_input_tokens,
      cache_write_1h: 0,
      output: usage.output_tokens,
      cost: expect.any(Number),
    }));
    const byId = (a: { id: unknown }, b: { id: unknown }): number => (String(a.id) < String(b.id) ? -1 : 1);
    expect(told.sort(byId)).toEqual(billed.sort(byId));
    expect(sumOf(chats.map(usedBy)).cost).toBe(32_778_000 + 44_712_000 + 5_670_000);
  });

  it('sums up: total = self + what is below; the root = its requests = the report of usage', async () => {
    const server = await startOtlpServer();
    const stateDir = makeState(recordedFacts());
    await ship(stateDir, server);
    const activities = server.spans.filter(span => attribute(span, 'spanbook.level') !== undefined);
    for (const span of activities) {
      const below = activities.filter(one => one.parentSpanId === span.spanId);
      const own = server.spans.filter(one => one.parentSpanId === span.spanId && isChat(one));
      expect([span.name, toldBy(span, 'self')]).toEqual([span.name, sumOf(own.map(usedBy))]);
      expect(toldBy(span, 'total')).toEqual(sumOf([toldBy(span, 'self'), ...below.map(one => toldBy(one, 'total'))]));
    }
    for (const root of activities.filter(span => span.parentSpanId === undefined)) {
      const leaves = server.spans.filter(span => span.traceId === root.traceId && isChat(span));
      expect(toldBy(root, 'total')).toEqual(sumOf(leaves.map(usedBy)));
    }
    const args = ['usage', 'totals', '--state-dir', stateDir, '--claude-dir', RECORDED, '--json'];
    const { totals } = JSON.parse((await cli(args, { now: () => LATER })).out) as { totals: Record<string, number> };
    const { cost = 0, ...tokens } = sumOf(server.spans.filter(isChat).map(usedBy));
    expect(tokens).toEqual(Object.fromEntries(KINDS.map(kind => [kind, totals[`total_tokens_${kind}`]])));
    expect(cost).toBe(Math.round((totals.total_cost ?? 0) * 1e9));
    expect(server.spans.filter(isChat)).toHaveLength(totals.requests ?? 0);
  });

  it('has nothing that Jaeger would warn of', async () => {
    const server = await startOtlpServer();
    await ship(makeState(recordedFacts()), server);
    const ids = server.spans.map(span => span.spanId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const span of server.spans) {
      const [start, end] = [BigInt(span.startTimeUnixNano), BigInt(span.endTimeUnixNano)];
      expect(end - start).toBeGreaterThanOrEqual(1_000_000n);
      const parent = server.spans.find(one => one.spanId === span.parentSpanId);
      if (parent) expect([span.name, start >= BigInt(parent.startTimeUnixNano)]).toEqual([span.name, true]);
      if (parent) expect([span.name, end <= BigInt(parent.endTimeUnixNano)]).toEqual([span.name, true]);
      expect((span as unknown as { links: unknown[] }).links).toEqual([]);
    }
    const hosts = server.bodies.flatMap(body => [...body.matchAll(/"host\.name","value":\{"stringValue":"([^"]+)"/g)]);
    expect(new Set(hosts.map(match => match[1])).size).toBe(1);
    expect(server.bodies.join('')).not.toMatch(/"process\.|uptime/);
  });

  it('gets from Jaeger the icon that each span should have', async () => {
    const server = await startOtlpServer();
    await ship(makeState(recordedFacts()), server);
    const icons: Record<string, string> = {
      invoke_workflow: 'AI Agent',
      invoke_agent: 'AI Agent',
      skill: 'GenAI span',
      chat: 'LLM call',
      execute_tool: 'MCP Tool call',
    };
    const shown = server.spans.map(span => [span.name, genAiIcon(span)]);
    expect(shown).toEqual(server.spans.map(span => [span.name, icons[span.name.split(' ')[0] ?? '']]));
    expect(new Set(server.spans.map(span => span.name.split(' ')[0]))).toEqual(new Set(Object.keys(icons)));
  });

  it('tells of tools that failed, and of what they were given nothing', async () => {
    const server = await startOtlpServer();
    await ship(makeState(recordedFacts()), server);
    const tools = server.spans.filter(span => span.name === 'execute_tool Bash');
    expect(tools).toHaveLength(5);
    const failed = tools.filter(span => span.status.code === 2);
    expect(failed.map(span => attribute(span, 'error.type'))).toEqual(['tool_failure', 'tool_failure']);
    const keys = new Set(tools.flatMap(span => span.attributes.map(({ key }) => key)));
    expect([...keys].sort()).toEqual([
      'error.type',
      'gen_ai.operation.name',
      'gen_ai.tool.call.id',
      'gen_ai.tool.name',
      'gen_ai.tool.type',
      'session.id',
    ]);
  });

  it('is sent once, and the same again from a time on', async () => {
    const server = await startOtlpServer();
    const stateDir = makeState(recordedFacts());
    await ship(stateDir, server);
    const first = [...server.spans];
    expect((await ship(stateDir, server)).answer).toMatchObject({ sent: 0 });
    expect(server.spans).toEqual(first);
    expect((await ship(stateDir, server, '--from', '2026-01-01')).answer).toMatchObject({ sent: 28 });
    expect(server.spans.slice(28)).toEqual(first);
    expect((await ship(stateDir, server, '--from', '2027-01-01')).answer).toMatchObject({ sent: 0 });
  });
});

describe('the recorded session, as an import tells it', () => {
  it('is the same trace, with its true times', async () => {
    const [live, imported] = [await startOtlpServer(), await startOtlpServer()];
    await ship(makeState(recordedFacts()), live);
    const stateDir = makeFolder();
    const args = ['import', '--spans', '--claude-dir', RECORDED, '--state-dir', stateDir];
    expect((await cli(args, { now: () => LATER })).code).toBe(0);
    expect((await ship(stateDir, imported)).answer).toMatchObject({ sent: 28, waiting: 0 });
    const ids = (spans: readonly SinkSpan[]): string[] =>
      spans.map(({ traceId, spanId, parentSpanId }) => `${traceId} ${spanId} ${parentSpanId}`).sort();
    expect(ids(imported.spans)).toEqual(ids(live.spans));
    for (const span of imported.spans) {
      const same = live.spans.find(one => one.spanId === span.spanId);
      const apart = Number(BigInt(span.startTimeUnixNano) - BigInt(same?.startTimeUnixNano ?? 0)) / 1e6;
      // A hook runs a moment after what it tells of.
      expect([span.name, Math.abs(apart) < 250]).toEqual([span.name, true]);
    }
  });
});

describe('a run whose transcript is not whole yet', () => {
  /** Ships at a time, with the transcripts in a folder. */
  const shipping =
    (stateDir: string, { url }: OtlpServer, claudeDir: string) =>
    async (now: number): Promise<Record<string, unknown>> => {
      const args = ['ship', '--state-dir', stateDir, '--endpoint', url, '--claude-dir', claudeDir, '--json'];
      return JSON.parse((await cli(args, { now: () => now })).out) as Record<string, unknown>;
    };

  /** The recorded session, with so many lines of its main transcript. */
  function unfinished(): { claudeDir: string; main: string; rest: string } {
    const claudeDir = makeFolder();
    cpSync(`${RECORDED}/projects`, `${claudeDir}/projects`, { recursive: true });
    const [folder = ''] = readdirSync(`${claudeDir}/projects`);
    const main = `${claudeDir}/projects/${folder}/fe0a3f5c-4c52-4589-b1df-2d0604705b1b.jsonl`;
    const text = readFileSync(main, 'utf8');
    const cut = text.lastIndexOf('"type":"assistant"');
    const lineStart = text.lastIndexOf('\n', cut) + 1;
    writeFileSync(main, text.slice(0, lineStart));
    return { claudeDir, main, rest: text.slice(lineStart) };
  }

  it('waits for it, and goes out whole', async () => {
    const server = await startOtlpServer();
    const stateDir = makeState(recordedFacts());
    const { claudeDir, main, rest } = unfinished();
    const shipAt = shipping(stateDir, server, claudeDir);
    // A moment after its end, when the client may still be writing.
    expect((await shipAt(RECORDED_END)).waiting).toBeGreaterThan(0);
    expect(server.spans.some(span => span.name === 'invoke_workflow prompt')).toBe(false);
    appendFileSync(main, rest);
    expect(await shipAt(RECORDED_END + 10_000)).toMatchObject({ waiting: 0 });
    expect(outline(server.spans)).toEqual(OUTLINE);
  });

  it('goes out after a minute, and what comes later hangs below it', async () => {
    const server = await startOtlpServer();
    const stateDir = makeState(recordedFacts());
    const { claudeDir, main, rest } = unfinished();
    const shipAt = shipping(stateDir, server, claudeDir);
    expect(await shipAt(LATER)).toMatchObject({ sent: 27, waiting: 0 });
    appendFileSync(main, rest);
    expect(await shipAt(LATER + 10_000)).toMatchObject({ sent: 1, waiting: 0 });
    expect(outline(server.spans)).toEqual(OUTLINE);
    const ids = server.spans.map(span => span.spanId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('ship', () => {
  it('says what is held, and that nothing is lost', async () => {
    const server = await startOtlpServer();
    await server.close();
    const stateDir = makeState(recordedFacts());
    const args = ['ship', '--state-dir', stateDir, '--endpoint', server.url, '--claude-dir', RECORDED];
    const { code, out } = await cli(args, { now: () => LATER });
    expect(code).toBe(1);
    expect(out).toMatch(/held; the receiver does not take them now: .*ECONNREFUSED/);
    expect(out).toMatch(/Nothing is lost/);
    const { answer } = await ship(stateDir, server);
    expect(answer).toMatchObject({ sent: 0, held: 28, state: 'holding' });
  });

  it('says that the address is wrong', async () => {
    const server = await startOtlpServer(exchange => exchange.answer(404, '', { 'content-type': 'text/plain' }));
    const stateDir = makeState(recordedFacts());
    const { code, answer } = await ship(stateDir, server);
    expect(code).toBe(1);
    expect(answer).toMatchObject({ sent: 0, state: 'wrong-destination', reason: 'HTTP 404 (text/plain)' });
  });

  it('takes the endpoint and its headers from the settings, then from the variables', async () => {
    const [settled, standard] = [await startOtlpServer(), await startOtlpServer()];
    const headers: unknown[] = [];
    const keeping = await startOtlpServer(exchange => {
      headers.push(exchange.headers['x-team']);
      exchange.take();
    });
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: standard.url, OTEL_EXPORTER_OTLP_HEADERS: 'x-team=red' };
    const stateDir = makeState(recordedFacts());
    const run = (more: object = {}) =>
      cli(['ship', '--state-dir', stateDir, '--claude-dir', RECORDED], { now: () => LATER, env, ...more });
    await run();
    expect(standard.spans).toHaveLength(28);
    writeSettings(stateDir, { otlp: { endpoint: settled.url } });
    await run();
    expect(settled.spans).toHaveLength(28);
    writeSettings(stateDir, { otlp: { endpoint: keeping.url, headers: { 'x-team': 'blue' } } });
    await run();
    expect(headers).toEqual(['blue']);
  });

  it.each([
    [['--endpoint', 'nonsense'], /OTLP endpoint: expected an http or https URL .*, got "nonsense\/v1\/traces"/],
    [['--from', 'yesterdayish'], /Expected a date/],
    [['--query', 'http://127.0.0.1:1'], /expected --verify with --query/],
  ])('%s is wrong usage', async (more, expected) => {
    const { code, err } = await cli(['ship', '--state-dir', makeState(recordedFacts()), ...more]);
    expect([code, err]).toEqual([2, expect.stringMatching(expected)]);
  });

  it('says that nothing is recorded, or that all was sent before', async () => {
    const server = await startOtlpServer();
    const run = (stateDir: string) =>
      cli(['ship', '--state-dir', stateDir, '--endpoint', server.url, '--claude-dir', RECORDED], { now: () => LATER });
    const empty = makeFolder();
    const nothing = await run(empty);
    expect([nothing.code, nothing.out]).toEqual([
      0,
      expect.stringMatching(/^Nothing is recorded in .*\n.*spanbook init/),
    ]);
    const stateDir = makeState(recordedFacts());
    expect((await run(stateDir)).out).toBe(`✔ 28 spans sent to ${server.url}/v1/traces\n`);
    expect((await run(stateDir)).out).toBe(`✔ 0 spans sent to ${server.url}/v1/traces, and 28 before\n`);
    expect((await ship(stateDir, server)).answer).toMatchObject({ sent: 0, sent_before: 28 });
  });

  it('makes no folder where there is none', async () => {
    const stateDir = `${makeFolder()}/state`;
    const { code, out } = await cli(['ship', '--state-dir', stateDir, '--endpoint', 'http://127.0.0.1:1', '--json']);
    expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ sent: 0, state: 'idle' })]);
    expect(existsSync(stateDir)).toBe(false);
  });

  it('fails to verify where no Jaeger answers', async () => {
    const server = await startOtlpServer();
    const args = ['--state-dir', makeState(recordedFacts()), '--endpoint', server.url, '--claude-dir', RECORDED];
    const { code, err } = await cli(['ship', ...args, '--verify', '--query', 'http://127.0.0.1:1'], {
      now: () => LATER,
    });
    expect(code).toBe(1);
    expect(err).toMatch(/http:\/\/127.0.0.1:1: expected the query API of Jaeger, got .*name it with --query/);
  });

  it('finds out with --verify what is missing', async () => {
    const server = await startOtlpServer();
    const stateDir = makeState(recordedFacts());
    let lost = '';
    const jaeger = await startJaegerDouble(trace =>
      server.spans.filter(span => span.traceId === trace && span.spanId !== lost),
    );
    const verify = async () => (await ship(stateDir, server, '--verify', '--query', jaeger)).answer.verified;
    expect(await verify()).toMatchObject({ traces: 3, spans: 28, missing: 0, missing_spans: [], warnings: [] });
    lost = server.spans[5]?.spanId ?? '';
    expect(await verify()).toMatchObject({ spans: 28, missing: 1, missing_spans: [{ span_id: lost }] });
    expect((await ship(stateDir, server, '--verify', '--query', jaeger)).code).toBe(1);
  });
});

it('a run that the client goes on with by itself waits for its last end', async () => {
  const server = await startOtlpServer();
  const facts = recordedFacts();
  const stateDir = makeState(facts);
  const last = facts.findLast(fact => fact.kind === 'stop');
  if (last?.kind !== 'stop') throw new Error('recorded session: expected a stop, got none');
  const { session } = last;
  const base = { v: 1, source: 'hook', session } as const;
  appendLines(stateDir, linesOf([{ ...base, kind: 'prompt', at: LATER - 5000, prompt: 'wake-up', system: true }]));
  expect((await ship(stateDir, server)).answer).toMatchObject({ waiting: 1 });
  appendLines(stateDir, linesOf([{ ...base, kind: 'stop', at: LATER - 4000, prompt: 'wake-up' }]));
  expect((await ship(stateDir, server)).answer).toMatchObject({ waiting: 0 });
  const root = server.spans.find(span => span.name === 'invoke_workflow prompt');
  expect(root?.endTimeUnixNano).toBe(`${LATER - 4000}000000`);
});

it('a name and a key in the address of the receiver are shown to nobody', async () => {
  const server = await startOtlpServer(exchange => exchange.answer(503));
  const stateDir = makeState(recordedFacts());
  const url = server.url.replace('http://', 'http://me:secret@');
  const { answer } = await ship(stateDir, { url: `${url}/v1/traces?key=hidden` });
  expect(answer.state).toBe('holding');
  const { out, err } = await cli(['monitor', 'status', '--state-dir', stateDir]);
  const written = readRelayStatuses(stateDir);
  expect(JSON.stringify([answer, out, err, written])).not.toMatch(/secret|hidden/);
  expect(written).toHaveLength(1);
});
