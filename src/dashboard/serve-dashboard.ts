/** Opens the socket of the dashboard, on loopback only, and hands requests over. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { refusedAnswer } from './answer.ts';
import { ChangeStream } from './change-stream.ts';
import type { Dashboard } from './dashboard.ts';
import { type Access, refusalOf } from './guard.ts';

const HOST = '127.0.0.1';
const STREAM_PATH = '/api/stream';
const LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 16_384 };

export interface ServedDashboard {
  port: number;
  close(): Promise<void>;
}

/**
 * `port`: 0 for any that is free.
 *
 * @throws SpanbookError `USAGE` if the port is taken.
 */
export async function serveDashboard(
  dashboard: Dashboard,
  { port, token }: { port: number; token: string },
): Promise<ServedDashboard> {
  const { view } = dashboard;
  const changes = new ChangeStream(() => ({
    version: view.version,
    running: view.history.head.active_activities.length,
  }));
  const access: Access = { port, token };
  const server = createServer(LIMITS, (request, response) => {
    // A page that went away in the middle.
    response.on('error', () => response.destroy());
    respond(request, response, { dashboard, changes, access }).catch(() => response.destroy());
  });
  access.port = await listen(server, port);
  view.start(() => changes.changed());
  return {
    port: access.port,
    async close() {
      changes.close();
      server.close();
      server.closeAllConnections();
      await dashboard.close();
    },
  };
}

interface Serving {
  dashboard: Dashboard;
  changes: ChangeStream;
  access: Access;
}

async function respond(
  { method = '', url = '', headers }: IncomingMessage,
  response: ServerResponse,
  { dashboard, changes, access }: Serving,
): Promise<void> {
  const [path = '', search = ''] = url.split(/\?(.*)/s);
  const request = { method, path, headers, query: new URLSearchParams(search) };
  if (path === STREAM_PATH && method === 'GET') {
    const refused = refusalOf(request, access);
    if (!refused && changes.open(response)) return;
    const tooMany = { status: 500, code: 'BUSY', message: 'streams: expected fewer than 64, got one more' } as const;
    return send(response, method, refusedAnswer(refused ?? tooMany));
  }
  send(response, method, await dashboard.answer(request, access));
}

function send(response: ServerResponse, method: string, answer: ReturnType<typeof refusedAnswer>): void {
  if (response.destroyed) return;
  const length = String(Buffer.byteLength(answer.body));
  response.writeHead(answer.status, { ...answer.headers, 'content-length': length });
  response.end(method === 'HEAD' ? undefined : answer.body);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', error => {
      const reason = systemErrorCode(error) === 'EADDRINUSE' ? 'one that another program has' : error.message;
      reject(new SpanbookError('USAGE', `--port: expected a free port on ${HOST}, got ${port}: ${reason}`));
    });
    server.listen({ host: HOST, port, exclusive: true }, () => resolve((server.address() as AddressInfo).port));
  });
}
