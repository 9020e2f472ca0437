/** Who may ask: a page of this server, or a program that has the token. Anything on this machine can reach the port. */
import { timingSafeEqual } from 'node:crypto';

/** What a guard looks at, as Node.js has it: names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface GuardedRequest {
  method: string;
  /** Of the URL, without the query. */
  path: string;
  headers: RequestHeaders;
}

export interface Access {
  /** Of this server. */
  port: number;
  token: string;
}

export interface Refusal {
  status: 400 | 401 | 403 | 404 | 405 | 500;
  code: string;
  message: string;
}

const NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/** Null: it may be answered. The page itself holds no data, and needs no token. */
export function refusalOf({ method, path, headers }: GuardedRequest, access: Access): Refusal | null {
  // Otherwise a foreign page could reach this server by a name of its own that leads here (DNS rebinding).
  if (!isOurs(headers.host, access.port)) return forbidden('Host', 'the address that spanbook printed');
  if (headers.origin !== undefined && !isOurOrigin(headers.origin, access.port)) {
    return forbidden('Origin', 'this page');
  }
  const site = headers['sec-fetch-site'];
  if (isData(path) && site !== undefined && site !== 'same-origin' && site !== 'none') {
    return forbidden('Sec-Fetch-Site', 'same-origin');
  }
  if (method !== 'GET' && method !== 'HEAD') {
    return { status: 405, code: 'METHOD', message: 'method: expected GET; nothing can be changed from here' };
  }
  if (isData(path) && !hasToken(headers.authorization, access.token)) {
    return {
      status: 401,
      code: 'TOKEN',
      message: 'Authorization: expected Bearer and the token of the printed address',
    };
  }
  return null;
}

export const isData = (path: string): boolean => path === '/api' || path.startsWith('/api/');

function forbidden(header: string, expected: string): Refusal {
  return { status: 403, code: 'FOREIGN', message: `${header}: expected ${expected}, got another one` };
}

function isOurs(host: RequestHeaders[string], port: number): boolean {
  return typeof host === 'string' && NAMES.some(name => host.toLowerCase() === `${name}:${port}`);
}

const isOurOrigin = (origin: RequestHeaders[string], port: number): boolean =>
  typeof origin === 'string' && NAMES.some(name => origin === `http://${name}:${port}`);

function hasToken(authorization: RequestHeaders[string], token: string): boolean {
  if (typeof authorization !== 'string') return false;
  const given = Buffer.from(/^Bearer (.*)$/i.exec(authorization)?.[1] ?? '');
  const expected = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
