/** `alerts test`: a message over every channel, what came of each, and settings that are wrong. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAlerts } from '../../src/store/alert-log.ts';
import { startHttpSink } from '../helpers/http-sink.ts';
import { cli, cliJson, makeFolder, makeState, writeSettings } from '../helpers/run-cli.ts';
import { startSmtpSink } from '../helpers/smtp-sink.ts';

const env = { PATH: process.env.PATH };

function stateWith(alerts: object): string {
  const stateDir = makeState();
  writeSettings(stateDir, { alerts });
  return stateDir;
}

describe('alerts test', () => {
  it('says how to set a channel if there is none', async () => {
    for (const stateDir of [`${makeFolder()}/none`, stateWith({}), stateWith({ notify: false, min_level: 'info' })]) {
      const { code, out, err } = await cli(['alerts', 'test', '--state-dir', stateDir]);
      expect([code, err]).toEqual([0, '']);
      expect(out).toContain('No channel is set');
      expect(out).toContain(`${stateDir}/spanbook.json`);
      expect(await cliJson(['alerts', 'test', '--state-dir', stateDir])).toEqual({
        schema_version: '1.0.0',
        channels: [],
      });
    }
  });

  it('sends over every channel, and logs no alert', async () => {
    const http = await startHttpSink();
    const smtp = await startSmtpSink();
    const stateDir = stateWith({
      min_level: 'critical',
      notify: 'tee told',
      webhook: { url: `http://127.0.0.1:${http.port}/secret`, allow_private: true },
      mail: { to: 'ann@example.com', from: 'spanbook@example.com', host: '127.0.0.1', port: smtp.port },
    });
    const { code, out, err } = await cli(['alerts', 'test', '--state-dir', stateDir], { env });
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      '✔ command tee: done',
      `✔ webhook http://127.0.0.1:${http.port}: answered 200`,
      '✔ mail by 127.0.0.1: taken by the server',
      '',
    ]);
    expect(JSON.parse(readFileSync(`${stateDir}/told`, 'utf8'))).toMatchObject({ kind: 'test', level: 'warning' });
    expect(JSON.parse(http.requests[0]?.body ?? '').text).toContain('This is a test of the alerts of spanbook');
    expect(smtp.mails).toHaveLength(1);
    expect(readAlerts(stateDir)).toEqual([]);
  });

  it('says which channel failed, with exit code 1', async () => {
    const stateDir = stateWith({ notify: ['true', 'sh -c "exit 3"'], webhook: { url: 'http://127.0.0.1/secret' } });
    const { code, out, err } = await cli(['alerts', 'test', '--state-dir', stateDir], { env });
    expect([code, err]).toEqual([1, '']);
    expect(out.split('\n')).toEqual([
      '✔ command true: done',
      '✖ command sh',
      '  › exit code 3',
      '✖ webhook http://127.0.0.1',
      '  › the host is loopback or private; allow it with alerts.webhook.allow_private',
      '',
    ]);
    const json = await cli(['alerts', 'test', '--json', '--state-dir', stateDir], { env });
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({
      channels: [
        { channel: 'command true', ok: true, detail: 'done' },
        { channel: 'command sh', ok: false },
        { channel: 'webhook http://127.0.0.1', ok: false },
      ],
    });
    expect(out + json.out).not.toContain('secret');
  });
});

describe('settings of alerts', () => {
  it.each([
    [{ notify: 5 }, 'alerts.notify: expected true, false, a command, or a list of commands, got 5'],
    [{ notify: `say 'hi` }, 'alerts.notify: expected a program with its arguments, all quotes closed, got "say \'hi"'],
    [{ notify: ['a', ''] }, 'alerts.notify.1: expected a program with its arguments, all quotes closed, got ""'],
    [{ min_level: 'high' }, 'alerts.min_level: expected "info", "warning" or "critical", got "high"'],
    [
      { webhook: 'https://hooks.example/topsecret' },
      'alerts.webhook: expected an object with url, allow_private, headers, got another kind of value',
    ],
    [
      { webhook: {} },
      'alerts.webhook.url: expected an http or https URL without a user name and password in it, got nothing',
    ],
    [{ webhook: { url: 'ftp://topsecret' } }, 'alerts.webhook.url: expected an http or https URL'],
    [
      { webhook: { url: 'https://a:topsecret@b.example' } },
      'alerts.webhook.url: expected an http or https URL without a user name',
    ],
    [
      { webhook: { url: 'https://b.example', headers: { Host: 'topsecret' } } },
      'alerts.webhook.headers.Host: expected header names',
    ],
    [
      { webhook: { url: 'https://b.example', headers: { A: 'topsecret\n' } } },
      'alerts.webhook.headers.A: expected a text on one line',
    ],
    [{ mail: { to: 'a', from: 'b' } }, 'alerts.mail.host: expected a text, got nothing'],
    [{ mail: { to: [], from: 'b', host: 'c' } }, 'alerts.mail.to: expected at least one address, got []'],
    [{ mail: { to: 'a', from: 'b', host: 'c', port: 0 } }, 'alerts.mail.port: expected a port, 1 to 65535, got 0'],
    [
      { mail: { to: 'a', from: 'b', host: 'c', user: 'd' } },
      'alerts.mail: expected user and password_env together, or neither',
    ],
    [
      { mail: { to: 'a', from: 'b', host: 'c', password: 'topsecret' } },
      'alerts.mail.password: expected only to, from, host, port, secure, user, password_env',
    ],
    [
      { mail: { to: 'a', from: 'b', host: 'c', user: 'd', password_env: 'topsecret!' } },
      'alerts.mail.password_env: expected the name of an environment variable',
    ],
  ])('%j are refused in words, and no secret is repeated', async (alerts, message) => {
    const { code, out, err } = await cli(['alerts', 'test', '--state-dir', stateWith(alerts)]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(message);
    expect(err).not.toContain('topsecret');
  });
});
