/** Mail to a real server on loopback: what arrives, what is never told, and what keeps it from arriving. */
import { describe, expect, it } from 'vitest';
import type { AlertSettings } from '../../../src/model/alert-settings-schema.ts';
import { mailChannel } from '../../../src/monitor/notify/mail.ts';
import type { Alert } from '../../../src/usage/alert.ts';
import { alertOf } from '../../helpers/alerts.ts';
import { startSmtpSink } from '../../helpers/smtp-sink.ts';

type MailSettings = NonNullable<AlertSettings['mail']>;

interface Setting {
  settings?: Partial<MailSettings>;
  alerts?: readonly Alert[];
  env?: Record<string, string>;
}

function send(port: number, { settings, alerts = [alertOf()], env = {} }: Setting = {}) {
  const deps = { stateDir: '/', env, platform: 'linux', serverMillis: 400 };
  const mail = { to: ['ann@example.com', 'bob@example.com'], from: 'spanbook@example.com', host: '127.0.0.1', port };
  return mailChannel({ ...mail, ...settings }, deps).send(alerts);
}

const LOGIN = { user: 'ann', password_env: 'MAIL_PASSWORD' };

describe('a mail', () => {
  it('reaches the server with all alerts in it', async () => {
    const sink = await startSmtpSink();
    const alerts = [
      alertOf({ message: 'Hour 13:00: too much.' }),
      alertOf({ level: 'critical', message: 'Tag: zu viel für /bö' }),
    ];
    expect(await send(sink.port, { alerts })).toEqual({ ok: true, detail: 'taken by the server' });
    expect(sink.commands.filter(line => /^(MAIL|RCPT)/.test(line))).toEqual([
      'MAIL FROM:<spanbook@example.com>',
      'RCPT TO:<ann@example.com>',
      'RCPT TO:<bob@example.com>',
    ]);
    const [mail = ''] = sink.mails;
    expect(mail).toContain('Subject: spanbook: 2 alerts, 1 critical\n');
    expect(mail).toContain('Auto-Submitted: auto-generated\n');
    expect(mail).toMatch(/CRITICAL: Tag: zu viel f=C3=BCr \/b=C3=B6\n+WARNING: Hour 13:00: too much\./);
  });

  it('gets no header from a name', async () => {
    const sink = await startSmtpSink();
    const subject = 'command /a\r\nBcc: eve@example.com\r\n\r\nhello';
    await send(sink.port, {
      alerts: [alertOf({ subject, message: `${subject}\r\n.\r\nMAIL FROM:<eve@example.com>` })],
    });
    expect(sink.commands.join('\n')).not.toContain('eve');
    expect(sink.mails[0]?.split('\n\n')[0]).not.toMatch(/^Bcc:/m);
  });

  it('is sent with the password of the environment', async () => {
    const sink = await startSmtpSink({ extensions: ['AUTH PLAIN'] });
    const result = await send(sink.port, { settings: LOGIN, env: { MAIL_PASSWORD: 'topsecret' } });
    expect(result).toEqual({ ok: true, detail: 'taken by the server' });
    const login = Buffer.from('\0ann\0topsecret').toString('base64');
    expect(sink.commands).toContain(`AUTH PLAIN ${login}`);
  });

  it('is not sent without the password', async () => {
    const sink = await startSmtpSink();
    expect(await send(sink.port, { settings: LOGIN })).toEqual({
      ok: false,
      detail: 'expected the password in the environment variable MAIL_PASSWORD, got none',
    });
    expect(sink.commands).toEqual([]);
  });

  it('takes no password over a network in the clear', async () => {
    const sink = await startSmtpSink({ extensions: ['AUTH PLAIN'] });
    // Leads to loopback, but is not one of its names.
    const settings = { ...LOGIN, host: '0.0.0.0' };
    const result = await send(sink.port, { settings, env: { MAIL_PASSWORD: 'topsecret' } });
    expect(result).toEqual({ ok: false, detail: 'no encrypted connection with the server; the server answered 502' });
    expect(sink.commands.map(line => line.split(' ')[0])).not.toContain('AUTH');
    expect(sink.commands.length).toBeGreaterThan(0);
  });

  it.each([
    [{ AUTH: '535 ann:topsecret is wrong' }, 'the server refuses user or password; the server answered 535'],
    [{ RCPT: '550 no ann here' }, 'the server refuses sender or receiver; the server answered 550'],
    [{ DATA: '451 later' }, expect.stringContaining('the server answered 451')],
    [{ greeting: '' }, 'the server does not answer in time'],
  ])('that fails by %j is told of without its secrets', async (answers, detail) => {
    const sink = await startSmtpSink({ extensions: ['AUTH PLAIN'], answers: answers as Record<string, string> });
    const result = await send(sink.port, { settings: LOGIN, env: { MAIL_PASSWORD: 'topsecret' } });
    expect(result).toEqual({ ok: false, detail });
    expect(JSON.stringify(result)).not.toContain('topsecret');
  });

  it('to nobody there is told of', async () => {
    expect(await send(1)).toEqual({ ok: false, detail: 'no connection to the server' });
  });
});
