/** From what the client posts to what a backend of traces is sent, over real connections. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { toolLeaves } from '../src/claude-code/tool-leaf.ts';
import type { ToolWaitFact } from '../src/model/client-fact.ts';
import type { Fact } from '../src/model/fact.ts';
import { OpenRelay } from '../src/open-relay.ts';
import { receiverService } from '../src/receiver-service.ts';
import { ledgerLines } from './helpers/ledger.ts';
import { logsOf, recordedDecisions, requestRecord } from './helpers/otlp-logs.ts';
import { startOtlpServer } from './helpers/otlp-server.ts';
import { attribute } from './helpers/otlp-sink.ts';
import { appendLines, cliJson, linesOf, makeState, writeSettings } from './helpers/run-cli.ts';
import { memoryLog } from './helpers/simulated-clock.ts';
import { journalLines, readDocument } from './helpers/state-folder.ts';

const PROMPT = '7f53b432-28e2-4071-be3f-4417e5a47a2d';
/** What the client wrote to its transcript meanwhile: seconds of 10:47 at which each call was made, and was done. */
const CALLS: [id: string, tool: string, from: number, to: number][] = [
  ['toolu_test0000010', 'Bash', 55.565, 56.362],
  ['toolu_test0000020', 'Bash', 56.426, 57.011],
  ['toolu_test0000030', 'Write', 57.088, 57.117],
  ['toolu_test0000040', 'Bash', 57.169, 58.782],
  ['toolu_test0000041', 'Bash', 57.193, 59.386],
];
const MINUTE = Date.parse('2026-11-26T10:47:00.000Z');
const calls = CALLS.map(([id, tool, from, to]) => ({
  id,
  tool,
  startAt: MINUTE + from * 1000,
  endAt: MINUTE + to * 1000,
  failure: undefined,
  message: '',
}));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** The service on a state folder, and what posts to it. */
async function startService(stateDir: string): Promise<(body: string) => Promise<number>> {
  const port = await freePort();
  writeSettings(stateDir, { receiver: { port } });
  const log = memoryLog();
  const service = receiverService(stateDir, log);
  await service?.start();
  onTestFinished(() => service?.stop());
  return async body => {
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`http://127.0.0.1:${port}/v1/logs`, { method: 'POST', headers, body });
    expect(log.lines).toEqual([]);
    return status;
  };
}

it('decisions of a recorded run become waits in its trace, and nothing else', async () => {
  const [body = ''] = recordedDecisions('2.1.197');
  const session = /"session.id","value":{"stringValue":"([^"]+)"/.exec(body)?.[1] ?? '';
  const base = { v: 1, source: 'hook', session, prompt: PROMPT } as const;
  const prompt: Fact = { ...base, kind: 'prompt', at: MINUTE + 55_000 };
  const stop: Fact = { ...base, kind: 'stop', at: MINUTE + 59_400 };
  const stateDir = makeState([prompt]);
  const post = await startService(stateDir);
  for (let time = 0; time < 2; time++) expect(await post(body)).toBe(200);
  appendLines(stateDir, linesOf([stop]));
  const facts = journalLines(stateDir).map(line => JSON.parse(line) as Fact);
  expect(facts.map(({ kind }) => kind)).toEqual(['prompt', ...Array(8).fill('tool_wait'), 'stop']);
  expect(facts[2] as ToolWaitFact).toEqual({
    v: 1,
    at: MINUTE + 57_010,
    kind: 'tool_wait',
    source: 'import',
    session,
    prompt: PROMPT,
    tool_use: 'toolu_test0000020',
    name: 'Bash',
    decision: 'user_reject',
  });
  const server = await startOtlpServer();
  const leaves = {
    isTold: () => true,
    leavesOf: (parents: readonly { span: string; session: string; endAt: number | null }[]) =>
      new Map(parents.map(parent => [parent.span, toolLeaves(calls, parent)])),
  };
  const endpoint = { url: `${server.url}/v1/traces`, headers: undefined };
  await new OpenRelay({ stateDir, endpoint, leaves }).drain();
  const seconds = (nanos: string): number => (Number(nanos.slice(0, -6)) - MINUTE) / 1000;
  const waits = server.spans.filter(({ name }) => name === 'wait permission');
  // Each was answered after half a second; the Write by a rule, and the last when the call before it was done.
  expect(
    waits.map(span => [
      attribute(span, 'spanbook.wait.decision'),
      attribute(
        server.spans.find(({ spanId }) => spanId === span.parentSpanId),
        'gen_ai.tool.call.id',
      ),
      seconds(span.startTimeUnixNano),
      seconds(span.endTimeUnixNano),
    ]),
  ).toEqual([
    ['user_temporary', 'toolu_test0000010', 55.565, 56.14],
    ['user_reject', 'toolu_test0000020', 56.426, 57.01],
    ['user_temporary', 'toolu_test0000041', 58.782, 59.326],
  ]);
  expect(server.spans).toHaveLength(3 + CALLS.length + 1);
  await cliJson(['pipeline', 'status', '--state-dir', stateDir]);
  const { events, statistics, skipped } = readDocument(stateDir);
  expect(events.map(({ event_type }) => event_type)).toEqual(['command_start', 'command_end']);
  expect([statistics.total_events, skipped]).toEqual([2, undefined]);
});

it('requests go to the ledger, and no fact is made of them', async () => {
  const stateDir = makeState();
  const post = await startService(stateDir);
  expect(await post(JSON.stringify(logsOf(requestRecord())))).toBe(200);
  expect(ledgerLines(stateDir)).toHaveLength(1);
  expect(journalLines(stateDir)).toEqual([]);
});
