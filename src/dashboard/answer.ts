/** What the server sends back. */
import type { Refusal } from './guard.ts';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

const SCHEMA_VERSION = '1.0.0';

/** Nothing of it is kept by a browser, or read by another page. */
const PRIVATE = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** The page loads nothing from anywhere else, and stands in no other page. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** An answer with `schema_version` before its keys. */
export const jsonAnswer = (answer: object): Answer => ({
  status: 200,
  headers: { ...PRIVATE, 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify({ schema_version: SCHEMA_VERSION, ...answer }),
});

export const refusedAnswer = ({ status, code, message }: Refusal): Answer => ({
  status,
  headers: {
    ...PRIVATE,
    'content-type': 'application/json; charset=utf-8',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  },
  body: JSON.stringify({ error: { code, message } }),
});

export const fileAnswer = (body: Buffer, type: string): Answer => ({
  status: 200,
  headers: {
    ...PRIVATE,
    'content-type': type,
    'content-security-policy': PAGE_POLICY,
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
  },
  body,
});

/** The headers of a stream of events. */
export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  ...PRIVATE,
  'content-type': 'text/event-stream; charset=utf-8',
};
