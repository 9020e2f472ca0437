/** Webhooks against real servers on loopback: what they get, what is refused, and that no secret is told. */
import { describe, expect, it } from 'vitest';
import type { AlertSettings } from '../../../src/model/alert-settings-schema.ts';
import type { NotifyDeps } from '../../../src/monitor/notify/channel.ts';
import { webhookChannel } from '../../../src/monitor/notify/webhook.ts';
import type { Alert } from '../../../src/usage/alert.ts';
import { alertOf } from '../../helpers/alerts.ts';
import { startHttpSink } from '../../helpers/http-sink.ts';

type WebhookSettings = NonNullable<AlertSettings['webhook']>;

const DEPS: NotifyDeps = { stateDir: '/nowhere', env: {}, platform: 'linux' };

function send(
  settings: WebhookSettings,
  { alerts = [alertOf()], ...deps }: Partial<NotifyDeps> & { alerts?: readonly Alert[] } = {},
) {
  return webhookChannel(settings, { ...DEPS, ...deps }).send(alerts);
}

const local = (port: number, path = '/services/T000/B000/secret'): WebhookSettings => ({
  url: `http://127.0.0.1:${port}${path}`,
  allow_private: true,
});

describe('a webhook', () => {
  it('gets what Slack takes', async () => {
    const sink = await startHttpSink();
    expect(await send({ ...local(sink.port), headers: { 'X-Token': 'abc' } })).toEqual({
      ok: true,
      detail: 'answered 200',
    });
    const [request, ...others] = sink.requests;
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      method: 'POST',
      url: '/services/T000/B000/secret',
      headers: { 'content-type': 'application/json', 'x-token': 'abc', host: `127.0.0.1:${sink.port}` },
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      text: '*spanbook: warning: hourly cost*\nWARNING: Hour 13:00: $12.50 at list prices, warning limit $10.00.',
      attachments: [
        {
          color: '#daa038',
          fallback: 'WARNING: Hour 13:00: $12.50 at list prices, warning limit $10.00.',
          fields: [
            { title: 'alert', value: 'hourly cost', short: true },
            { title: 'level', value: 'warning', short: true },
            { title: 'hour', value: '2026-11-26T13:00:00.000Z', short: true },
            { title: 'value', value: '12.5', short: true },
            { title: 'limit', value: '10', short: true },
          ],
          ts: 1_795_699_800,
        },
      ],
    });
  });

  it('gets many alerts in one message, the worst first, and is told how many more there are', async () => {
    const sink = await startHttpSink();
    const alerts = Array.from({ length: 30 }, (_, index) =>
      alertOf({ message: `number ${index}`, level: index === 29 ? 'critical' : 'warning' }),
    );
    await send(local(sink.port), { alerts });
    expect(sink.requests).toHaveLength(1);
    const { text, attachments } = JSON.parse(sink.requests[0]?.body ?? '');
    const lines = text.split('\n');
    expect(lines.slice(0, 2)).toEqual(['*spanbook: 30 alerts, 1 critical*', 'CRITICAL: number 29']);
    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe('… and 10 more: spanbook usage alerts');
    expect(attachments).toHaveLength(5);
  });

  it('gets names that ring for nobody, link to nothing and turn no line round', async () => {
    const sink = await startHttpSink();
    const subject = 'command /<!channel>&<http://evil|x> @here \u202e\x1b[2J';
    await send(local(sink.port), { alerts: [alertOf({ subject, message: `${subject}\n@everyone` })] });
    const { body = '' } = sink.requests[0] ?? {};
    expect(body).not.toMatch(/[<>\u202e]|\\u001b|@here|@everyone/);
    const { text } = JSON.parse(body);
    expect(text).toContain('/&lt;!channel&gt;&amp;&lt;http://evil|x&gt; @\u200bhere \\u202e\\x1b[2J');
    expect(text.split('\n')).toHaveLength(2);
  });

  it.each([
    [404, 'no_service', 'answered 404 (no_service)'],
    [403, 'invalid_token\n', 'answered 403 (invalid_token)'],
    [500, 'Bearer abc is wrong', 'answered 500'],
    [500, 'x'.repeat(100_000), 'answered 500'],
    [200, 'anything', 'answered 200'],
    [204, '', 'answered 204'],
  ])('that answers %d with %j is told of as such', async (status, body, detail) => {
    const sink = await startHttpSink(response => response.writeHead(status).end(status === 204 ? undefined : body));
    expect(await send(local(sink.port))).toEqual({ ok: status < 300, detail });
  });

  it('is not followed to another place', async () => {
    const inner = await startHttpSink();
    const sink = await startHttpSink(response =>
      response.writeHead(307, { location: `http://127.0.0.1:${inner.port}/` }).end(),
    );
    expect(await send(local(sink.port))).toEqual({
      ok: false,
      detail: 'answered 307; redirects are not followed, set the final address',
    });
    expect([sink.requests.length, inner.requests.length]).toEqual([1, 0]);
  });

  it('on loopback gets nothing unless that is allowed', async () => {
    const sink = await startHttpSink();
    const { url } = local(sink.port);
    const lookup = async () => [{ address: '127.0.0.1' }];
    for (const host of ['127.0.0.1', '127.1', '2130706433', '[::ffff:127.0.0.1]', 'hooks.example', 'localhost.']) {
      const result = await send({ url: url.replace('127.0.0.1', host) }, { lookup });
      expect(result).toMatchObject({ ok: false, detail: expect.stringContaining('allow_private') });
    }
    expect(sink.requests).toEqual([]);
  });

  it('goes to the address that was checked, whatever the name says later', async () => {
    const sink = await startHttpSink();
    let asked = 0;
    // 127.0.0.2 is loopback too, but nobody listens there.
    const lookup = async () => [{ address: ++asked === 1 ? '127.0.0.1' : '127.0.0.2' }];
    const settings = { url: `http://hooks.example:${sink.port}/x`, allow_private: true };
    expect(await send(settings, { lookup })).toEqual({ ok: true, detail: 'answered 200' });
    expect(asked).toBe(1);
    expect(sink.requests[0]?.headers.host).toBe(`hooks.example:${sink.port}`);
  });

  it('is given up when nobody answers in time', async () => {
    const silent = await startHttpSink(() => {});
    const hanging = await startHttpSink(response => response.writeHead(500).write('x'));
    for (const { port } of [silent, hanging]) {
      expect(await send(local(port), { serverMillis: 100 })).toEqual({ ok: false, detail: 'no answer within 0.1 s' });
    }
    const lookup = () => new Promise<never>(() => {});
    expect(await send({ url: 'http://hooks.example/' }, { lookup, serverMillis: 50 })).toEqual({
      ok: false,
      detail: 'no answer within 0.05 s',
    });
  });

  it('that answers without an end has got its message', async () => {
    const sink = await startHttpSink(response => response.writeHead(200).write('x'));
    expect(await send(local(sink.port), { serverMillis: 2000 })).toEqual({ ok: true, detail: 'answered 200' });
  });

  it('that cannot be reached is told of without its secrets', async () => {
    const sink = await startHttpSink(response => response.socket?.destroy());
    const secret = { 'x-token': 'topsecret' };
    const results = [
      await send({ ...local(1), headers: secret }),
      await send({ ...local(sink.port), headers: secret }),
      await send({ url: `https://127.0.0.1:${sink.port}/secret`, allow_private: true, headers: secret }),
      await send(
        { url: 'http://hooks.example/secret' },
        { lookup: () => Promise.reject(Object.assign(new Error('secret'), { code: 'ENOTFOUND' })) },
      ),
      await send({ ...local(sink.port), headers: { 'x-token': 'topsecret\n' } }),
    ];
    expect(results.map(({ detail }) => detail)).toEqual([
      'connection refused',
      'ECONNRESET',
      expect.stringMatching(/^E[A-Z_]+$/),
      'the host has no address, or no name server answers',
      'ERR_INVALID_CHAR',
    ]);
    expect(JSON.stringify(results)).not.toContain('secret');
    expect(webhookChannel(local(80), DEPS).name).toBe('webhook http://127.0.0.1');
  });

  it('cannot be told to take another host, or a message cut short', async () => {
    const sink = await startHttpSink();
    await send({ ...local(sink.port), headers: { 'Content-Length': '1', 'content-type': 'text/plain' } });
    expect(sink.requests[0]?.headers['content-type']).toBe('application/json');
    expect(() => JSON.parse(sink.requests[0]?.body ?? '')).not.toThrow();
  });
});
