/** Opens the socket of the dashboard, on loopback only, and hands requests over. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { refusedAnswer } from './answer.ts';
import { ChangeStream } from './change-stream.ts';
import type { Dashboard } from './dashboard.ts';
import { type Access, isData, refusalOf } from './guard.ts';

const HOST = '127.0.0.1';
const STREAM_PATH = '/api/stream';
/** A page asks for its parts one after the other; until it has them nothing else is done. */
const HOLD_MILLIS = 700;
const HOLD_EACH_MILLIS = 250;
/** The history is opened when the page has come, or so long after the start. */
const OPEN_MILLIS = 500;
/** Questions have no body, so they are short. */
const LIMITS = {
  headersTimeout: 5000,
  requestTimeout: 5000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 16_384,
};

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
  const changes = new ChangeStream(() => ({
    version: dashboard.view.version,
    running: dashboard.view.history.head.active_activities.length,
  }));
  let isOpen = false;
  const open = (): void => {
    if (isOpen) return;
    isOpen = true;
    dashboard.view.start(() => changes.changed(), HOLD_MILLIS);
  };
  const access: Access = { port, token };
  const server = createServer(LIMITS, (request, response) => {
    // A page that went away in the middle.
    response.on('error', () => response.destroy());
    respond(request, response, { dashboard, changes, access, open }).catch(() => response.destroy());
  });
  access.port = await listen(server, port);
  const opening = setTimeout(open, OPEN_MILLIS);
  return {
    port: access.port,
    async close() {
      clearTimeout(opening);
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
  /** Begins to follow the state folder. */
  open: () => void;
}

async function respond(
  { method = '', url = '', headers }: IncomingMessage,
  response: ServerResponse,
  { dashboard, changes, access, open }: Serving,
): Promise<void> {
  const [path = '', search = ''] = url.split(/\?(.*)/s);
  if (isData(path)) {
    open();
    dashboard.view.hold(HOLD_EACH_MILLIS);
  } else if (path.endsWith('.js')) {
    // While the browser is busy with the code of the page.
    response.once('finish', () => setImmediate(open));
  }
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
