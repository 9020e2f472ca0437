/** Whoever connects to what listens on this machine: web pages, strangers, slow ones, and those that write no HTTP. */
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished } from 'vitest';
import { answerSocket } from '../../src/monitor/answer-socket.ts';
import { askMonitor } from '../../src/monitor/ask-monitor.ts';
import { monitorPlace } from '../../src/monitor/monitor-place.ts';
import { startOtlpReceiver } from '../../src/monitor/otlp-receiver.ts';
import { takeLock } from '../../src/monitor/socket-lock.ts';
import { openRaw, rawRequest } from '../helpers/raw-http.ts';
import { makeState, start as startFact } from '../helpers/run-cli.ts';
import { runDashboard } from '../helpers/run-dashboard.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { fault, times } from './fault.ts';
import { hostileRequests, postTo, request } from './hostile-requests.ts';

async function start(): Promise<{ port: number; ids: string[]; lines: string[] }> {
  const ids: string[] = [];
  const lines: string[] = [];
  const limits = { headersTimeoutMillis: 1000, requestTimeoutMillis: 1000, checkMillis: 100 };
  const { port, close } = await startOtlpReceiver({
    port: 0,
    onRequests: requests => void ids.push(...requests.map(({ request }) => request.id)),
    log: line => void lines.push(line),
    limits,
  });
  onTestFinished(close);
  return { port: port ?? 0, ids, lines };
}

/** Also where the other side broke it off. */
const closed = (socket: Socket): Promise<void> => new Promise(resolve => socket.once('close', () => resolve()));

describe('network', () => {
  fault(
    'hostile requests to the receiver',
    'none is answered with 2xx, nothing is kept, and the next one is served',
    async ({ count }) => {
      const { port, ids, lines } = await start();
      const hostile = hostileRequests(port);
      expect(hostile.length).toBeGreaterThan(170);
      const answered: string[] = [];
      for (const sent of hostile) {
        const { status, headers, body } = await rawRequest(port, sent);
        if (status !== null && status < 400) answered.push(`${status}: ${sent.slice(0, 300)}`);
        // Nothing for a page to read, and nothing of what was sent.
        expect(Object.keys(headers).filter(name => name.startsWith('access-control'))).toEqual([]);
        expect(body).not.toContain('evil');
        count('requests', 1);
      }
      expect(answered).toEqual([]);
      expect(ids).toEqual([]);
      expect((await rawRequest(port, postTo(port))).status).toBe(200);
      // One that was refused on the same connection, and one behind it.
      const connection = openRaw(port);
      connection.write(request('POST /v1/nothing HTTP/1.1', `Host: 127.0.0.1:${port}`) + postTo(port));
      expect([(await connection.answer()).status, (await connection.answer()).status]).toEqual([404, 200]);
      connection.socket.destroy();
      expect(ids.length).toBe(2);
      expect(lines.filter(line => line.includes('unexpected'))).toEqual([]);
      count('answered with 2xx', answered.length);
    },
  );

  fault(
    'hundreds of connections that send nothing, or a byte now and then',
    'they are closed, memory stays flat, and others are served',
    async ({ count }) => {
      const { port } = await start();
      globalThis.gc?.();
      const before = process.memoryUsage().rss;
      for (let wave = 0; wave < times(2, 30); wave++) {
        const slow = Array.from({ length: 300 }, (_, number): Socket => {
          const socket = connect({ port, host: '127.0.0.1' });
          socket.on('error', () => {});
          const whole = postTo(port);
          let sent = 0;
          const timer = setInterval(() => socket.writable && socket.write(whole.slice(sent, ++sent)), 50 + number);
          socket.once('close', () => clearInterval(timer));
          return socket;
        });
        const gone = Promise.all(slow.map(closed));
        // Those that came first have all the places; one of them is free again as soon as they are closed.
        await gone;
        expect((await rawRequest(port, postTo(port))).status).toBe(200);
        count('connections', slow.length);
      }
      expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    },
  );

  fault(
    'hostile requests to the dashboard',
    'none learns anything but the page, which holds no data, and the next one is served',
    async ({ count }) => {
      const { port, token, get, said } = await runDashboard(makeState([startFact(1, { name: '/secret-name' })]));
      const key = `Authorization: Bearer ${token}`;
      const ours = `Host: 127.0.0.1:${port}`;
      const asked = (path: string, ...lines: string[]): string =>
        `GET ${path} HTTP/1.1\r\n${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`;
      const paths = [
        '/api/now',
        '/api/runs',
        '/api/stream',
        '/api/usage/totals',
        '/api/../api/now',
        '//api/now',
        '/API/now',
      ];
      const strangers = paths.flatMap(path => [
        asked(path, ours),
        asked(path, ours, 'Authorization: Bearer'),
        asked(path, ours, `Authorization: Bearer ${'0'.repeat(token.length)}`),
        asked(`${path}?token=${token}`, ours),
        asked(path, ours, `Cookie: token=${token}`),
        asked(path, ours, key, 'Origin: http://evil.example'),
        asked(path, ours, key, 'Origin: null'),
        asked(path, `Host: evil.example:${port}`, key),
        asked(path, `Host: 127.0.0.1:${port + 1}`, key),
        asked(path, ours, key, 'Sec-Fetch-Site: cross-site'),
      ]);
      for (const sent of [...strangers, ...hostileRequests(port)]) {
        const { headers, body } = await rawRequest(port, sent);
        // What is no path of the data is the page.
        expect(Object.keys(headers).filter(name => name.startsWith('access-control'))).toEqual([]);
        expect([sent.slice(0, 200), body]).toEqual([
          sent.slice(0, 200),
          expect.not.stringMatching(/secret-name|schema_version|"runs"/),
        ]);
        count('requests', 1);
      }
      const answer = await (await get('/api/runs')).text();
      expect(answer).toContain('secret-name');
      expect(said()).not.toMatch(/unexpected/);
    },
  );

  fault(
    'strangers at the socket of the monitor',
    'none is told anything, none can stop it, and whoever may ask is answered',
    async ({ count }) => {
      const nonce = 'ab'.repeat(32);
      const place = monitorPlace(tempDir());
      const asked: string[] = [];
      const lock = await takeLock(place, socket =>
        answerSocket(socket, {
          nonce,
          answer: question => {
            asked.push(question);
            return { pid: 7 };
          },
        }),
      );
      onTestFinished(() => lock?.release());
      const proof = '0'.repeat(64);
      const questions = ['status', 'poll', 'stop', 'constructor', '', 'STOP'].flatMap(question =>
        [undefined, null, '', proof, nonce, 7, {}, [proof], proof.slice(1)].map(given =>
          JSON.stringify({ question, challenge: 'x', proof: given }),
        ),
      );
      const noise = [
        '',
        'stop',
        '{}',
        'null',
        '[]',
        '{"question":',
        '\0\0\0',
        'x'.repeat(100_000),
        'GET / HTTP/1.1\r\nHost: x\r\n',
        `${'{"a":'.repeat(500)}`,
        'é😀',
        '"stop"',
      ];
      for (const said of [...questions, ...noise]) {
        const socket = connect(place.socket);
        let heard = '';
        socket.setEncoding('utf8').on('data', text => (heard += text));
        socket.on('error', () => {});
        socket.write(`${said}\n`);
        await closed(socket);
        // The challenge, and a no.
        expect([said, heard.replace(/^\{"challenge":"\w{32}"\}\n/, '')]).toEqual([
          said,
          expect.stringMatching(/^(\{"denied":true\}\n)?$/),
        ]);
        count('strangers', 1);
      }
      expect(asked).toEqual([]);
      expect(await askMonitor('status', { socket: place.socket, nonce, timeoutMillis: 2000 })).toEqual({
        status: 'answered',
        answer: { pid: 7 },
      });
    },
  );
});
