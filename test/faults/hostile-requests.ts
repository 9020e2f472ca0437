/** Requests that no client of ours sends: of web pages, for other machines, and such as two readers take for different ones. */
import { logsOf, requestRecord } from '../helpers/otlp-logs.ts';

const EVENT = JSON.stringify(logsOf(requestRecord()));
const TYPE = 'Content-Type: application/json';

/** A request with these lines in its head, and the body of an event. */
export const request = (first: string, ...lines: string[]): string =>
  `${[first, ...lines, `Content-Length: ${EVENT.length}`].join('\r\n')}\r\n\r\n${EVENT}`;
export const postTo = (port: number, ...lines: string[]): string =>
  request('POST /v1/logs HTTP/1.1', `Host: 127.0.0.1:${port}`, TYPE, ...lines);

/** Names of other machines, and of this one in ways that no client writes. */
const HOSTS = (port: number): string[] =>
  [
    ...[
      'evil.example',
      'evil.example:PORT',
      '127.0.0.1',
      'localhost',
      '127.0.0.1:1',
      '127.0.0.1:PORT0',
      '0.0.0.0:PORT',
    ],
    ...[
      '127.1:PORT',
      '2130706433:PORT',
      '0x7f.1:PORT',
      '0177.0.0.1:PORT',
      '127.0.0.1.:PORT',
      'localhost.:PORT',
      '::1',
      '[::1]',
    ],
    ...[
      '[::ffff:127.0.0.1]:PORT',
      '127.0.0.1:PORT.evil.example',
      '127.0.0.1:PORT@evil.example',
      'evil.example@127.0.0.1:PORT',
    ],
    ...[
      'localhost:PORT:PORT',
      '127.0.0.1:PORT/',
      '127.0.0.1:PORT,evil.example',
      '127.0.0.1 :PORT',
      '①②⑦.0.0.1:PORT',
      '',
      ' ',
      '*',
    ],
  ].map(host => host.replaceAll('PORT', String(port)));

const ORIGINS = [
  'http://127.0.0.1:PORT',
  'http://localhost:PORT',
  'http://evil.example',
  'null',
  '',
  'file://',
  'https://127.0.0.1:PORT',
  'chrome-extension://x',
  'moz-extension://x',
  'http://[::1]:PORT',
];
const SITES = ['cross-site', 'same-site', 'same-origin', 'none', 'CROSS-SITE', ''];
const METHODS = [
  'GET',
  'HEAD',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'PROPFIND',
  'SEARCH',
  'LOCK',
  'M-SEARCH',
  'post',
  'POSTX',
  'PRI',
];
const TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/html',
  'application/xml',
  'application/x-protobuf',
  'application/jsonp',
  'text/json',
  '*/*',
  '',
  'a'.repeat(5000),
];
const PATHS = [
  '/',
  '/v1/logs/',
  '//v1/logs',
  '/v1/logs/..',
  '/v1/../v1/logs',
  '/v1/%6cogs',
  '/v1%2flogs',
  '/..%2f..%2fetc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/v1/logs%00',
  '/v1/logs;x',
  '/V1/LOGS',
  '/v1\\logs',
  '*',
  '/monitor.json',
  '/status',
  '/stop',
  '/.git/config',
  `/${'a'.repeat(5000)}`,
];

/** Forms that one reader takes for one request, and another for two. */
function smuggled(port: number): string[] {
  const head = (...lines: string[]): string =>
    `POST /v1/logs HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${TYPE}\r\n${lines.join('\r\n')}\r\n\r\n`;
  const chunk = `${EVENT.length.toString(16)}\r\n${EVENT}\r\n0\r\n\r\n`;
  const length = `Content-Length: ${EVENT.length}`;
  return [
    head(length, 'Content-Length: 0') + EVENT,
    head(length, `Content-Length: ${EVENT.length}`, 'Transfer-Encoding: chunked') + chunk,
    head('Content-Length: 5', 'Transfer-Encoding: chunked') + chunk,
    head('Transfer-Encoding: chunked', 'Transfer-Encoding: identity') + chunk,
    head('Transfer-Encoding: identity, chunked, identity') + chunk,
    head('Transfer-Encoding: xchunked') + chunk,
    head('Transfer-Encoding : chunked') + chunk,
    head('Transfer-Encoding:\x0bchunked') + chunk,
    head('Transfer-Encoding: chunked\n\n') + chunk,
    head(`Content-Length: +${EVENT.length}`) + EVENT,
    head(`Content-Length: ${EVENT.length},${EVENT.length}`) + EVENT,
    head('Content-Length: 0x10') + EVENT,
    head('Content-Length: 99999999999999999999') + EVENT,
    head('Content-Length: -1') + EVENT,
    head(' Content-Length: 5') + EVENT,
    head('X: y\rContent-Length: 5') + EVENT,
    head('X: y\n Content-Length: 5', length) + EVENT,
    `${head('Transfer-Encoding: chunked')}${'f'.repeat(20)}\r\n${EVENT}`,
    `${head('Transfer-Encoding: chunked')}5;${'x'.repeat(30_000)}\r\n`,
    `${head('Transfer-Encoding: chunked')}zz\r\n\r\n`,
    `${head('Transfer-Encoding: chunked')}-5\r\n${EVENT}\r\n`,
  ];
}

function odd(port: number): string[] {
  const host = `Host: 127.0.0.1:${port}`;
  return [
    request('POST /v1/logs HTTP/0.9', host, TYPE),
    request('POST /v1/logs HTTP/3.0', host, TYPE),
    request('POST /v1/logs', host, TYPE),
    request('POST  /v1/logs HTTP/1.1', host, TYPE, 'Origin: x'),
    request(`POST http://evil.example/v1/logs HTTP/1.1`, 'Host: evil.example', TYPE),
    request(`CONNECT 127.0.0.1:${port} HTTP/1.1`, host),
    request(
      'GET /v1/logs HTTP/1.1',
      host,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZQ==',
    ),
    request('POST /v1/logs HTTP/1.1', host, TYPE, 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'Origin: x'),
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    request('POST /v1/logs HTTP/1.1', host, host, TYPE),
    request('POST /v1/logs HTTP/1.1', host, 'Host: evil.example', TYPE),
    request('POST /v1/logs HTTP/1.1', 'Host: evil.example', host, TYPE),
    request('POST /v1/logs HTTP/1.1', TYPE),
    request('POST /v1/logs HTTP/1.1', `Host:\t127.0.0.1:${port}\x0b`, TYPE),
    request('POST /v1/logs HTTP/1.1', host, TYPE, `X: ${'y'.repeat(100_000)}`),
    request('POST /v1/logs HTTP/1.1', host, TYPE, ...Array(3000).fill('X: y')),
    request('POST /v1/logs HTTP/1.1', host, TYPE, 'X\0: y'),
    request('POST /v1/logs HTTP/1.1', host, TYPE, 'no colon'),
    request('POST /v1/logs HTTP/1.1', host, TYPE, 'Expect: 200-ok'),
    request('POST /v1/logs HTTP/1.1', host, TYPE, 'Content-Encoding: gzip'),
    request('POST /v1/logs HTTP/1.1', host, TYPE, 'Content-Encoding: br, gzip'),
    ...[
      '\x16\x03\x01\x02\0\x01\0',
      '\0'.repeat(100),
      'EHLO x\r\n',
      'SSH-2.0-x\r\n',
      '\r\n\r\n\r\n',
      '{}\n',
      `${'x'.repeat(70_000)}`,
      '*1\r\n$4\r\nPING\r\n',
    ],
  ];
}

export function hostileRequests(port: number): string[] {
  return [
    ...HOSTS(port).map(host => request('POST /v1/logs HTTP/1.1', `Host: ${host}`, TYPE)),
    ...HOSTS(port).map(host => request('POST /v1/traces HTTP/1.1', `Host: ${host}`, TYPE)),
    ...ORIGINS.flatMap(origin =>
      ['/v1/logs', '/v1/metrics'].map(path =>
        request(
          `POST ${path} HTTP/1.1`,
          `Host: 127.0.0.1:${port}`,
          TYPE,
          `Origin: ${origin.replaceAll('PORT', String(port))}`,
        ),
      ),
    ),
    ...SITES.map(site => postTo(port, `Sec-Fetch-Site: ${site}`)),
    // Of an answer to HEAD only the head comes.
    ...METHODS.map(method =>
      request(`${method} /v1/logs HTTP/1.1`, `Host: 127.0.0.1:${port}`, TYPE, 'Connection: close'),
    ),
    ...TYPES.map(type => request('POST /v1/logs HTTP/1.1', `Host: 127.0.0.1:${port}`, `Content-Type: ${type}`)),
    ...PATHS.map(path => request(`POST ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, TYPE)),
    ...smuggled(port),
    ...odd(port),
  ];
}
