/** The receiver of telemetry over real connections: what a client sends, what a stranger sends, and what nobody should. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ToolWaitFact } from '../../src/model/client-fact.ts';
import { type OtlpReceiverOptions, startOtlpReceiver } from '../../src/monitor/otlp-receiver.ts';
import type { OtlpRequest } from '../../src/usage/otlp-request.ts';
import { decisionRecord, logsOf, recordedDecisions, recordedLogs, requestRecord } from '../helpers/otlp-logs.ts';
import { openRaw, type RawConnection, rawRequest } from '../helpers/raw-http.ts';

const EVENT = JSON.stringify(logsOf(requestRecord()));
const MIB = 1_048_576;

interface Receiver {
  port: number;
  /** Ids of the requests that were handed on. */
  ids: string[];
  lines: string[];
  post(body: string | Buffer, headers?: Record<string, string>, path?: string): Promise<Answer>;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

async function start(options: Partial<OtlpReceiverOptions> = {}): Promise<Receiver> {
  const ids: string[] = [];
  const lines: string[] = [];
  const receiver = await startOtlpReceiver({
    port: 0,
    onRequests: requests => void ids.push(...requests.map(({ request }) => request.id)),
    log: line => void lines.push(line),
    ...options,
  });
  onTestFinished(() => receiver.close());
  const port = receiver.port ?? 0;
  return {
    port,
    ids,
    lines,
    close: receiver.close,
    async post(body, headers = {}, path = '/v1/logs') {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: new Uint8Array(Buffer.from(body)),
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
  };
}

/** Head of a request that says that so much follows. */
const head = (port: number, length: number | string, more = ''): string =>
  `POST /v1/logs HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n${more}Content-Length: ${length}\r\n\r\n`;

describe('the receiver takes', () => {
  it('what a client sent, to the request', async () => {
    const requests: OtlpRequest[] = [];
    const { post } = await start({ onRequests: got => void requests.push(...got) });
    for (const body of recordedLogs('2.1.197')) {
      const { status, headers, text } = await post(body);
      expect([status, headers.get('content-type'), text]).toEqual([200, 'application/json', '{}']);
    }
    expect(requests).toHaveLength(15);
    expect(requests.reduce((sum, { request }) => sum + request.tokens.output, 0)).toBe((51 + 65) * 7.5);
    expect(new Set(requests.map(({ prompt }) => prompt)).size).toBe(3);
  });

  it('a body in chunks, as the client sends it', async () => {
    const { port, ids } = await start();
    const chunks = [EVENT.slice(0, 10), EVENT.slice(10)].map(part => `${part.length.toString(16)}\r\n${part}\r\n`);
    const before = head(port, 0).replace('Content-Length: 0', 'Transfer-Encoding: chunked');
    expect((await rawRequest(port, before, ...chunks, '0\r\n\r\n')).status).toBe(200);
    expect(ids).toEqual(['otlp:req_1']);
  });

  it.each(['gzip', 'GZIP', 'x-gzip', ' gzip '])('a body that is compressed with %j', async encoding => {
    const { port, ids } = await start();
    const body = gzipSync(EVENT);
    const answer = await rawRequest(port, head(port, body.length, `Content-Encoding: ${encoding}\r\n`), body);
    expect([answer.status, ids]).toEqual([200, ['otlp:req_1']]);
  });

  it.each(['application/json; charset=utf-8', 'Application/JSON'])('the content type %s', async type => {
    const { post, ids } = await start();
    expect([(await post(EVENT, { 'content-type': type })).status, ids.length]).toEqual([200, 1]);
  });

  it('logs that hold no request, without a word to its owner', async () => {
    const { post, ids } = await start();
    for (const body of ['{}', '{"resourceLogs":[]}', JSON.stringify(logsOf({ body: { stringValue: 'other' } }))]) {
      expect(await post(body)).toMatchObject({ status: 200, text: '{}' });
    }
    expect(ids).toEqual([]);
  });

  it.each(['2.1.197', '2.1.332'] as const)('what a person decided, as client %s sent it', async version => {
    const waits: ToolWaitFact[] = [];
    const { post, ids } = await start({ onWaits: got => void waits.push(...got) });
    for (const body of recordedDecisions(version)) expect(await post(body)).toMatchObject({ status: 200, text: '{}' });
    expect(waits.map(({ name, tool_use, decision }) => [name, tool_use.slice(-3), decision])).toEqual([
      ['Bash', '010', 'user_temporary'],
      ['Bash', '020', 'user_reject'],
      ['Write', '030', 'user_permanent'],
      ['Bash', '041', 'user_temporary'],
    ]);
    expect(ids).toEqual([]);
  });

  it('decisions and requests in one body, and decisions though nobody wants them', async () => {
    const waits: ToolWaitFact[] = [];
    const { post, ids } = await start({ onWaits: got => void waits.push(...got) });
    const body = JSON.stringify(logsOf(decisionRecord(), requestRecord()));
    expect((await post(body)).status).toBe(200);
    expect([waits.length, ids.length]).toEqual([1, 1]);
    expect((await (await start()).post(body)).status).toBe(200);
  });

  it('what is whole, and says how much was not', async () => {
    const { post, ids, lines } = await start();
    const broken = requestRecord({ model: undefined });
    const { status, text } = await post(JSON.stringify(logsOf(broken, requestRecord(), broken)));
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      partialSuccess: { rejectedLogRecords: '2', errorMessage: expect.stringContaining('api_request events') },
    });
    expect([ids, lines]).toEqual([['otlp:req_1'], ['receiver: 2 damaged api_request events dropped so far']]);
    // The log does not grow with every one of them.
    for (let more = 0; more < 17; more++) await post(JSON.stringify(logsOf(broken)));
    expect(lines).toHaveLength(1);
    await post(JSON.stringify(logsOf(broken)));
    expect(lines.slice(1)).toEqual(['receiver: 20 damaged api_request events dropped so far']);
  });

  it('many requests over one connection, and several at once', async () => {
    const { port, ids } = await start();
    const connection = openRaw(port);
    const request = head(port, EVENT.length) + EVENT;
    connection.write(request, request, request);
    for (let at = 0; at < 3; at++) expect((await connection.answer()).status).toBe(200);
    expect(ids).toHaveLength(3);
    connection.socket.destroy();
  });

  it('requests by the other name of this machine', async () => {
    const { port, ids } = await start();
    const answer = await rawRequest(port, head(port, EVENT.length).replace('127.0.0.1', 'LOCALHOST'), EVENT);
    expect([answer.status, ids.length]).toEqual([200, 1]);
  });

  it('requests over IPv6', async context => {
    const { port, ids } = await start();
    const connection = openRaw(port, '::1');
    connection.write(head(port, EVENT.length).replace('127.0.0.1', '[::1]'), EVENT);
    const { status } = await connection.answer();
    connection.socket.destroy();
    if (status === null) return context.skip('there is no IPv6 here');
    expect([status, ids.length]).toEqual([200, 1]);
  });

  it('a body of which it was asked first whether it may come', async () => {
    const { port, ids } = await start();
    const connection = openRaw(port);
    connection.write(head(port, EVENT.length, 'Expect: 100-continue\r\n'));
    connection.write(EVENT);
    expect([(await connection.answer()).status, ids.length]).toEqual([200, 1]);
    connection.socket.destroy();
  });

  it.each(['/v1/traces', '/v1/metrics'])('%s, and drops it', async path => {
    const { post, ids } = await start();
    expect(await post(EVENT, {}, path)).toMatchObject({ status: 200, text: '{}' });
    const protobuf = await post(Buffer.from([10, 3, 1, 2, 3]), { 'content-type': 'application/x-protobuf' }, path);
    expect([protobuf.status, protobuf.headers.get('content-type'), protobuf.text]).toEqual([
      200,
      'application/x-protobuf',
      '',
    ]);
    expect((await post(gzipSync('no JSON'), { 'content-encoding': 'gzip' }, path)).status).toBe(200);
    expect(ids).toEqual([]);
  });
});

describe('the receiver answers only when the requests are kept', () => {
  it('and has them sent again if they cannot be', async () => {
    let isFull = true;
    const kept: string[] = [];
    const { post, lines } = await start({
      onRequests(requests) {
        if (isFull) throw new Error('ENOSPC: no space left on device');
        kept.push(...requests.map(({ request }) => request.id));
      },
    });
    for (let at = 0; at < 3; at++) {
      const { status, headers } = await post(EVENT);
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    }
    isFull = false;
    expect((await post(EVENT)).status).toBe(200);
    expect(kept).toEqual(['otlp:req_1']);
    expect(lines).toEqual([
      'receiver: requests could not be written (ENOSPC: no space left on device); the client is asked to send them again',
      'receiver: requests are written again; 3 times the client was asked to resend',
    ]);
  });
});

describe('the receiver has decisions sent again', () => {
  it('that cannot be kept, with what came beside them', async () => {
    let isFull = true;
    const { post, ids, lines } = await start({
      onWaits() {
        if (isFull) throw new Error('ENOSPC: no space left on device');
      },
    });
    const body = JSON.stringify(logsOf(decisionRecord(), requestRecord()));
    for (let at = 0; at < 2; at++) expect((await post(body)).status).toBe(503);
    expect(ids).toEqual([]);
    isFull = false;
    expect((await post(body)).status).toBe(200);
    expect([ids.length, lines.length]).toEqual([1, 2]);
  });
});

describe('the receiver refuses', () => {
  it.each([
    ['an origin', 'Origin: http://127.0.0.1:PORT\r\n'],
    ['an origin that is null', 'Origin: null\r\n'],
    ['an origin that is empty', 'Origin: \r\n'],
    ['no origin, as with some methods', 'Sec-Fetch-Site: cross-site\r\n'],
  ])('a web page, which has %s', async (_what, line) => {
    const { port, ids } = await start();
    const answer = await rawRequest(port, head(port, EVENT.length, line.replace('PORT', String(port))), EVENT);
    expect([answer.status, answer.headers['access-control-allow-origin'], ids]).toEqual([403, undefined, []]);
  });

  it.each([
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    '0.0.0.0:PORT',
    '127.0.0.1.evil.example:PORT',
    '[::ffff:127.0.0.1]:PORT',
    'user@127.0.0.1:PORT',
    '',
  ])('the name %j for this machine', async name => {
    const { port, ids } = await start();
    const host = name.replace('PORT', String(port));
    const answer = await rawRequest(port, head(port, EVENT.length).replace(`127.0.0.1:${port}`, host), EVENT);
    expect([answer.status, ids]).toEqual([403, []]);
  });

  it('two names, and no name', async () => {
    const { port, ids } = await start();
    const two = head(port, EVENT.length, `Host: 127.0.0.1:${port}\r\n`);
    expect((await rawRequest(port, two, EVENT)).status).toBe(403);
    const none = head(port, EVENT.length).replace(/Host: .*\r\n/, '');
    expect((await rawRequest(port, none, EVENT)).status).toBe(400);
    expect((await rawRequest(port, none.replace('HTTP/1.1', 'HTTP/1.0'), EVENT)).status).toBe(403);
    expect(ids).toEqual([]);
  });

  it.each([
    '/',
    '/v1/logs/',
    '/v1',
    '/v1/LOGS',
    '/V1/logs',
    '//v1/logs',
    '/v1/logs/../logs',
    'http://127.0.0.1/v1/logs',
  ])('the path %s', async path => {
    const { port, ids } = await start();
    const answer = await rawRequest(port, head(port, EVENT.length).replace('/v1/logs', path), EVENT);
    expect([answer.status, ids]).toEqual([404, []]);
    expect(JSON.parse(answer.body)).toEqual({ code: 5, message: expect.stringContaining('/v1/logs') });
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('the method %s', async method => {
    const { port } = await start();
    const answer = await rawRequest(port, head(port, 0).replace('POST', method));
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
  });

  it.each([
    ['application/x-protobuf', /got protobuf.*OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=http\/json/],
    ['text/plain', /expected the content type application\/json/],
    ['application/jsonp', /expected the content type/],
    ['', /expected the content type/],
  ])('the content type %j, and says what would do', async (type, message) => {
    const { post, ids } = await start();
    const { status, text } = await post(EVENT, { 'content-type': type });
    expect([status, ids]).toEqual([415, []]);
    expect(JSON.parse(text).message).toMatch(message);
  });

  it.each(['deflate', 'br', 'gzip, gzip', 'zstd'])('the content encoding %s', async encoding => {
    const { post } = await start();
    const { status, headers } = await post(EVENT, { 'content-encoding': encoding });
    expect([status, headers.get('accept-encoding')]).toEqual([415, 'gzip, identity']);
  });

  it.each([
    ['no JSON', '{"resourceLogs":'],
    ['nothing', ''],
    ['a list', '[]'],
    ['a text', '"text"'],
    ['null', 'null'],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00])],
  ])('a body that is %s', async (_what, body) => {
    const { post } = await start();
    const { status, text } = await post(body);
    expect([status, JSON.parse(text).code]).toEqual([400, 3]);
  });

  it('gzip that is none, or is cut', async () => {
    const { post, ids } = await start();
    for (const body of [EVENT, gzipSync(EVENT).subarray(0, -9), '']) {
      expect((await post(body, { 'content-encoding': 'gzip' })).status).toBe(400);
    }
    expect(ids).toEqual([]);
  });

  it('a body that says that it is too large, before it comes', async () => {
    const { port } = await start();
    expect((await rawRequest(port, head(port, 20 * MIB + 1))).status).toBe(413);
    expect((await rawRequest(port, head(port, '9'.repeat(15)))).status).toBe(413);
  });

  it('a body that turns out to be too large, and takes the next request', async () => {
    const { port, ids } = await start({ limits: { maxBodyBytes: 1000 } });
    const connection = openRaw(port);
    const chunk = `400\r\n${'x'.repeat(1024)}\r\n`;
    const before = head(port, 0).replace('Content-Length: 0', 'Transfer-Encoding: chunked');
    connection.write(before, chunk);
    expect((await connection.answer()).status).toBe(413);
    connection.write(...Array(100).fill(chunk), '0\r\n\r\n', head(port, EVENT.length), EVENT);
    expect((await connection.answer()).status).toBe(EVENT.length > 1000 ? 413 : 200);
    expect(ids.length).toBe(EVENT.length > 1000 ? 0 : 1);
    connection.socket.destroy();
  });

  it('a small body that would be a large one', async () => {
    const { post } = await start();
    const bomb = gzipSync(Buffer.alloc(200 * MIB, ' '));
    expect(bomb.length).toBeLessThan(MIB);
    const before = process.memoryUsage().rss;
    expect((await post(bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(120 * MIB);
  });

  it('more at once than it may hold, and goes on when there is room', async () => {
    const { port, post, ids } = await start({ limits: { maxTotalBytes: 5000, maxBodyBytes: 4000 } });
    const slow = openRaw(port);
    slow.write(head(port, 4000), ' '.repeat(3999));
    // Until the first has read it, there may still be room.
    let answer = await post(' '.repeat(3000));
    while (answer.status !== 503) answer = await post(' '.repeat(3000));
    expect(answer.headers.get('retry-after')).toBe('1');
    slow.write('x');
    expect((await slow.answer()).status).toBe(400);
    slow.socket.destroy();
    expect([(await post(EVENT)).status, ids.length]).toEqual([200, 1]);
  });
});

describe('whatever is sent', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['the start of TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]), 400],
    ['a head without an end', `GET / HTTP/1.1\r\nX: ${'y'.repeat(100_000)}`, 431],
    ['two lengths', 'POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    [
      'a length and chunks',
      'POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    ['a length that is none', 'POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 400],
    ['chunks that are none', 'POST /v1/logs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400],
    ['an expectation', 'POST /v1/logs HTTP/1.1\r\nHost: x\r\nExpect: gold\r\nContent-Length: 0\r\n\r\n', 417],
    ['a tunnel', 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n', null],
    ['another protocol', 'GET /v1/logs HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', 403],
    ['a bell', 'POST /v1/\x07logs HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ])('the receiver lives on after %s', async (_what, bytes, status) => {
    const { port, post, ids } = await start();
    const answer = await rawRequest(port, bytes);
    expect(answer.status).toBe(status);
    expect([(await post(EVENT)).status, ids.length]).toEqual([200, 1]);
  });

  it('JSON of ten thousand levels, and of two million empty records', async () => {
    const { post, ids } = await start();
    const deep = `{"resourceLogs":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    expect((await post(deep)).status).toBe(200);
    const wide = JSON.stringify(logsOf()).replace('"logRecords":[]', `"logRecords":[${'0,'.repeat(2_000_000)}0]`);
    expect((await post(wide)).status).toBe(200);
    expect(ids).toEqual([]);
  });

  it('a sender that goes away in the middle costs nothing', async () => {
    const { port, post, ids } = await start({ limits: { maxTotalBytes: 10_000, maxBodyBytes: 9000 } });
    for (let at = 0; at < 20; at++) {
      const connection = openRaw(port);
      connection.write(head(port, 9000), 'x'.repeat(5000));
      await new Promise(resolve => connection.socket.once('connect', resolve));
      connection.socket.resetAndDestroy();
    }
    // What they had sent is given back, so that there is room for this one.
    let answer = await post(`${' '.repeat(9000 - EVENT.length)}${EVENT}`);
    while (answer.status === 503) answer = await post(`${' '.repeat(9000 - EVENT.length)}${EVENT}`);
    expect([answer.status, ids.length]).toEqual([200, 1]);
  });

  it.each([
    ['says nothing', () => ''],
    ['never ends its head', (port: number) => head(port, 5).slice(0, 30)],
    ['never ends its body', (port: number) => `${head(port, 5)}{`],
    ['never ends a body that nobody reads', (port: number) => head(port, 5).replace('logs', 'traces')],
    ['never ends a body that is too large', (port: number) => head(port, 5 * MIB)],
  ])('a sender that %s is hung up on', async (_what, bytes) => {
    const { port, post } = await start({
      limits: { headersTimeoutMillis: 50, requestTimeoutMillis: 100, checkMillis: 10, maxBodyBytes: MIB },
    });
    const connection = openRaw(port);
    connection.write(bytes(port));
    await connection.closed;
    expect((await post(EVENT)).status).toBe(200);
  });

  it('more connections than are allowed are closed, and those that are there go on', async () => {
    const { port, ids } = await start({ limits: { maxConnections: 3 } });
    const open: RawConnection[] = [];
    for (let at = 0; at < 3; at++) {
      const connection = openRaw(port);
      open.push(connection);
      connection.write(head(port, EVENT.length), EVENT);
      expect((await connection.answer()).status).toBe(200);
    }
    await openRaw(port).closed;
    for (const connection of open) {
      connection.write(head(port, EVENT.length), EVENT);
      expect((await connection.answer()).status).toBe(200);
      connection.socket.destroy();
    }
    expect(ids).toHaveLength(6);
  });
});

describe('the socket', () => {
  it('is open on loopback alone', async () => {
    const { port } = await start();
    const { networkInterfaces } = await import('node:os');
    const others = Object.values(networkInterfaces()).flatMap(list => (list ?? []).filter(({ internal }) => !internal));
    for (const { address, family, scopeid } of others) {
      const connection = openRaw(port, family === 'IPv6' && scopeid ? `${address}%${scopeid}` : address);
      await connection.closed;
      expect(connection.socket.bytesWritten).toBe(0);
    }
  });

  it('that somebody else has is named, and nothing is thrown', async () => {
    const other: Server = createServer();
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const lines: string[] = [];
    const receiver = await startOtlpReceiver({ port, onRequests: () => {}, log: line => void lines.push(line) });
    expect(receiver.port).toBeNull();
    expect(lines).toEqual([
      `receiver: port ${port} is in use by another program: set receiver.port in spanbook.json to a free one and run ` +
        'spanbook init --otlp again; usage is read from transcripts alone',
    ]);
    await receiver.close();
  });

  it('can be opened again as soon as it is closed', async () => {
    const first = await start();
    await first.post(EVENT);
    await first.close();
    await first.close();
    const second = await start({ port: first.port });
    expect([second.port, (await second.post(EVENT)).status]).toEqual([first.port, 200]);
  });

  it('closes at once, whoever is in the middle of something', async () => {
    const { port, ids, close } = await start();
    const idle = openRaw(port);
    const sending = openRaw(port);
    sending.write(head(port, EVENT.length), EVENT.slice(0, 20));
    const done = openRaw(port);
    done.write(head(port, EVENT.length), EVENT);
    expect((await done.answer()).status).toBe(200);
    const before = performance.now();
    await close();
    await Promise.all([idle.closed, sending.closed, done.closed]);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(ids).toEqual(['otlp:req_1']);
  });
});
