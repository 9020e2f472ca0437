/** Who is let in, and who is not. */
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../src/dashboard/guard.ts';

const TOKEN = 'f'.repeat(48);
const access = { port: 4747, token: TOKEN };
const headers = { host: '127.0.0.1:4747', authorization: `Bearer ${TOKEN}` };
const status = (path: string, more: Record<string, string | undefined> = {}, method = 'GET'): number =>
  refusalOf({ method, path, headers: { ...headers, ...more } }, access)?.status ?? 200;

describe('a request', () => {
  it.each([
    ['the page, without a token', '/', { authorization: undefined }, 200],
    ['a view of the page', '/runs/evt-1', { authorization: undefined }, 200],
    ['data, with the token', '/api/now', {}, 200],
    ['data, by the name localhost', '/api/now', { host: 'localhost:4747' }, 200],
    ['data, by the address of IPv6', '/api/now', { host: '[::1]:4747' }, 200],
    [
      'data, from the page itself',
      '/api/now',
      { origin: 'http://127.0.0.1:4747', 'sec-fetch-site': 'same-origin' },
      200,
    ],
    ['data, without a token', '/api/now', { authorization: undefined }, 401],
    ['data, with half a token', '/api/now', { authorization: `Bearer ${TOKEN.slice(1)}` }, 401],
    ['data, with another token', '/api/now', { authorization: `Bearer ${'0'.repeat(48)}` }, 401],
    ['data, with the token as a password', '/api/now', { authorization: `Basic ${TOKEN}` }, 401],
    ['paths below /api that are none', '/api', { authorization: undefined }, 401],
    ['another name that leads here', '/', { host: 'evil.example:4747' }, 403],
    ['a name that begins like ours', '/', { host: '127.0.0.1.evil.example:4747' }, 403],
    ['another port', '/', { host: '127.0.0.1:4748' }, 403],
    ['no name at all', '/', { host: undefined }, 403],
    ['a foreign page', '/', { origin: 'http://evil.example' }, 403],
    ['a page of another port', '/api/now', { origin: 'http://127.0.0.1:8080' }, 403],
    ['a page without an origin', '/api/now', { origin: 'null' }, 403],
    ['a foreign page that sends no origin', '/api/now', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of another port of this machine', '/api/now', { 'sec-fetch-site': 'same-site' }, 403],
  ])('for %s', (_, path, more, expected) => {
    expect(status(path, more)).toBe(expected);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('that is %s changes nothing', method => {
    expect(status('/api/now', {}, method)).toBe(405);
    expect(status('/', {}, method)).toBe(405);
  });

  it('is refused as foreign before anything is said of the token', () => {
    expect(status('/api/now', { host: 'evil.example', authorization: undefined })).toBe(403);
  });
});
