/** What comes over the network: telemetry of the client, answers of whoever spans are sent to, and what monitors say. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import fc from 'fast-check';
import { describe, expect, onTestFinished } from 'vitest';
import { createSender, type SendResult } from '../../exporters/otlp-sender.ts';
import { apiRequestEvents } from '../../src/claude-code/api-request-event.ts';
import { toolWaitFacts } from '../../src/claude-code/tool-decision-event.ts';
import { askMonitor } from '../../src/monitor/ask-monitor.ts';
import { startOtlpReceiver } from '../../src/monitor/otlp-receiver.ts';
import { fromLedgerLine, toLedgerLine } from '../../src/usage/ledger-line.ts';
import { otlpRequest } from '../../src/usage/otlp-request.ts';
import { decisionRecord, logsOf, requestRecord } from '../helpers/otlp-logs.ts';
import { fault, times } from './fault.ts';
import { fuzz } from './fuzz.ts';
import { hostileJson, jsonIn } from './hostile-json.ts';
import { foldLines } from './valid-document.ts';

const SINCE = { 'agent.name': 'builder', 'skill.name': 'plan', agent_id: 'a1', cache_creation_1h_tokens: 7 };
const LOGS = [logsOf(requestRecord()), logsOf(requestRecord(SINCE), decisionRecord()), logsOf(decisionRecord())];
const logs = hostileJson(LOGS.map(body => JSON.stringify(body)));

/** Takes what the receiver would keep; returns how much that is. */
function takeLogs(text: string): number {
  const payload = jsonIn(text);
  const { events } = apiRequestEvents(payload);
  const waits = toolWaitFacts(payload);
  for (const { request, prompt, costUsdMicros } of events.map(otlpRequest)) {
    const line = toLedgerLine(request, { prompt: prompt ?? undefined, costMicros: costUsdMicros ?? undefined });
    expect(JSON.stringify(fromLedgerLine(line)?.request.tokens)).toBe(JSON.stringify(request.tokens));
    expect(fromLedgerLine(line)).toMatchObject({ request: { id: request.id, owner: request.owner } });
  }
  const lines = waits.map(wait => JSON.stringify(wait));
  if (lines.length > 0) expect(foldLines(lines)).toBe(lines.length);
  return events.length + waits.length;
}

/** Listens on a port of its own until the test is over. */
async function listening<T extends Server | ReturnType<typeof createSocketServer>>(server: T): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const answer = fc.tuple(
  fc.oneof({ weight: 6, arbitrary: fc.constant(200) }, fc.constantFrom(202, 204, 301, 400, 401, 413, 429, 500, 503)),
  fc.oneof(
    { weight: 6, arbitrary: fc.constant('application/json') },
    fc.constantFrom('text/html', 'text/plain', 'application/x-protobuf', ''),
  ),
  fc.constantFrom(undefined, '1', '-1', '1e9', 'never', 'Wed, 21 Oct 2099 07:28:00 GMT'),
  hostileJson(['{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}}', '{}', '{"code":3,"message":"no"}']),
);
const KINDS: SendResult['kind'][] = ['delivered', 'partial', 'refused', 'later', 'wrong'];

describe('input', () => {
  fault('bodies of telemetry', 'what is taken is written to the ledger and read again as it was', row =>
    fuzz(row, { input: logs, take: bodies => bodies.filter(body => takeLogs(body) > 0).length }),
  );

  fault('bodies of telemetry, over a socket', 'each is answered, and the next one is taken', async row => {
    const lines: string[] = [];
    const { port, close } = await startOtlpReceiver({ port: 0, onRequests: () => {}, log: line => lines.push(line) });
    onTestFinished(close);
    const post = async (body: string): Promise<number> => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`http://127.0.0.1:${port}/v1/logs`, { method: 'POST', headers, body });
      await response.arrayBuffer();
      return response.status;
    };
    await fuzz(row, {
      input: logs,
      inputs: times(1000, 50_000),
      async take(bodies) {
        const statuses = await Promise.all(bodies.map(post));
        for (const status of statuses) expect([200, 400]).toContain(status);
        return statuses.filter(status => status === 200).length;
      },
    });
    expect(lines.filter(line => line.includes('unexpected'))).toEqual([]);
  });

  fault(
    'answers of receivers',
    'only a proved answer counts as delivered, and each is told for what it is',
    async row => {
      let next: { status: number; type: string; after: string | undefined; body: string } | undefined;
      const server = createServer((request, response) => {
        const { status = 500, type = '', after, body = '' } = next ?? {};
        request.resume();
        response.writeHead(status, {
          ...(type && { 'content-type': type }),
          ...(after && { 'retry-after': after }),
        });
        response.end(body);
      });
      const sender = createSender({
        url: `http://127.0.0.1:${await listening(server)}/v1/traces`,
        timeoutMillis: 5000,
      });
      onTestFinished(() => sender.close());
      await fuzz(row, {
        input: answer,
        inputs: times(4000, 200_000),
        async take(answers) {
          let delivered = 0;
          for (const [status, type, after, body] of answers) {
            next = { status, type, after, body };
            const result = await sender.send(Buffer.from('{}'));
            expect(KINDS).toContain(result.kind);
            const isTaken = result.kind === 'delivered' || result.kind === 'partial';
            // An answer of 204 has no body.
            const said = status === 204 || body === '' ? {} : jsonIn(body);
            const isObject = typeof said === 'object' && said !== null && !Array.isArray(said);
            expect(isTaken).toBe(status < 300 && type === 'application/json' && isObject);
            if ('reason' in result) expect(result.reason.length).toBeLessThan(2000);
            if ('afterMillis' in result) expect(result.afterMillis ?? 0).toBeLessThanOrEqual(300_000);
            if (isTaken) delivered++;
          }
          return delivered;
        },
      });
    },
  );

  fault(
    'whoever holds the socket of a monitor',
    'who cannot prove to be the monitor is not believed',
    async ({ count }) => {
      let said = '';
      const server = createSocketServer(socket => {
        socket.on('error', () => {});
        socket.end(said);
      });
      server.listen(`\0spanbook-test-${process.pid}`);
      await once(server, 'listening');
      onTestFinished(() => void server.close());
      const options = { socket: `\0spanbook-test-${process.pid}`, nonce: 'ab'.repeat(32), timeoutMillis: 2000 };
      const lines = hostileJson([JSON.stringify({ challenge: 'c', proof: 'd'.repeat(64) }), '{"challenge":"x"}']);
      for (const text of fc.sample(lines, times(3000, 50_000))) {
        said = `${text}\n{"pid":7,"proof":"${'0'.repeat(64)}"}\n`;
        expect(await askMonitor('status', options), text).toEqual({ status: 'silent' });
        count('answers', 1);
      }
    },
  );
});
