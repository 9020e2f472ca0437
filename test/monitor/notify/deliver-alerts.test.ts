/** Delivery: once over each channel, again after a failure, across restarts, and never a throw. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { AlertSettings } from '../../../src/model/alert-settings-schema.ts';
import { deliverAlerts } from '../../../src/monitor/notify/deliver-alerts.ts';
import { appendAlerts, readAlerts } from '../../../src/store/alert-log.ts';
import { appendDeliveries } from '../../../src/store/delivery-log.ts';
import type { Alert } from '../../../src/usage/alert.ts';
import { ALERT_TIME, alertOf } from '../../helpers/alerts.ts';
import { type HttpSink, startHttpSink } from '../../helpers/http-sink.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface World {
  sink: HttpSink;
  stateDir: string;
  log: string[];
  /** Delivers so long after the alert, as a monitor that was just started would. */
  deliverAfter(millis: number, settings?: AlertSettings): ReturnType<typeof deliverAlerts>;
  /** Texts that arrived, by message. */
  texts(): string[];
}

async function makeWorld(
  alerts: readonly Alert[],
  answer?: (response: ServerResponse, n: number) => void,
): Promise<World> {
  const sink = await startHttpSink(answer);
  const stateDir = tempDir();
  const log: string[] = [];
  appendAlerts(stateDir, alerts);
  const webhook = { url: `http://127.0.0.1:${sink.port}/secret`, allow_private: true };
  return {
    sink,
    stateDir,
    log,
    deliverAfter: (millis, settings = { webhook }) =>
      deliverAlerts(readAlerts(stateDir), settings, {
        stateDir,
        env: { PATH: process.env.PATH },
        platform: 'linux',
        now: () => ALERT_TIME + millis,
        log: message => log.push(message),
      }),
    texts: () => sink.requests.map(({ body }) => JSON.parse(body).text),
  };
}

const failUntil = (number: number) => (response: ServerResponse, n: number) => {
  response.writeHead(n < number ? 503 : 200).end();
};

/** At another hour each, so that none stands for the other. */
const hourly = (hour: number, overrides: Parameters<typeof alertOf>[0] = {}): Alert =>
  alertOf({ periodStart: ALERT_TIME + hour * HOUR, message: `hour ${hour}`, ...overrides });

describe('delivery', () => {
  it('sends all that is due in one message, and nothing twice', async () => {
    const { deliverAfter, texts, log } = await makeWorld([hourly(0), hourly(1)]);
    expect(await deliverAfter(0)).toEqual([
      { channel: expect.stringMatching(/^webhook /), alerts: 2, ok: true, detail: 'answered 200' },
    ]);
    for (const minutes of [0, 5, 60, 600]) expect(await deliverAfter(minutes * MINUTE)).toEqual([]);
    expect(texts()).toEqual(['*spanbook: 2 alerts*\nWARNING: hour 0\nWARNING: hour 1']);
    expect(log).toEqual([expect.stringMatching(/^alerts: webhook http:\/\/127\.0\.0\.1:\d+: 2 alerts delivered$/)]);
  });

  it('tries again after a while, longer and longer, five times in all', async () => {
    const { deliverAfter, sink, log } = await makeWorld([hourly(0)], failUntil(100));
    const tried: number[] = [];
    for (let minute = 0; minute < 300; minute++) {
      if ((await deliverAfter(minute * MINUTE)).length > 0) tried.push(minute);
    }
    expect(tried).toEqual([0, 1, 6, 21, 81]);
    expect(sink.requests).toHaveLength(5);
    expect(log.at(0)).toMatch(/: 1 alert not delivered, attempt 1 of 5: answered 503$/);
    expect(log.at(-1)).toMatch(/: 1 alert given up after 5 attempts: answered 503$/);
    expect(log.join()).not.toContain('secret');
  });

  it('delivers what failed together with what is new', async () => {
    const { deliverAfter, texts, stateDir } = await makeWorld([hourly(0)], failUntil(2));
    await deliverAfter(0);
    appendAlerts(stateDir, [hourly(1)]);
    await deliverAfter(5 * MINUTE);
    expect(await deliverAfter(60 * MINUTE)).toEqual([]);
    expect(texts().at(-1)).toBe('*spanbook: 2 alerts*\nWARNING: hour 0\nWARNING: hour 1');
  });

  it('makes an attempt again that was not seen to end', async () => {
    const alert = hourly(0);
    const { deliverAfter, sink, stateDir } = await makeWorld([alert]);
    appendDeliveries(stateDir, [{ key: alert.key, channel: 'webhook', outcome: 'begun' }], ALERT_TIME);
    expect(await deliverAfter(0)).toEqual([]);
    expect(await deliverAfter(MINUTE)).toHaveLength(1);
    expect(sink.requests).toHaveLength(1);
  });

  it('goes on when the clock is put back', async () => {
    const { deliverAfter } = await makeWorld([hourly(0)], failUntil(2));
    await deliverAfter(0);
    expect(await deliverAfter(-HOUR)).toMatchObject([{ ok: true }]);
  });

  it('sends no news of yesterday, and none that was noticed late', async () => {
    const late = hourly(-30, { at: ALERT_TIME - 25 * HOUR });
    const { deliverAfter, sink } = await makeWorld([late, hourly(0)]);
    expect(await deliverAfter(24 * HOUR)).toEqual([]);
    expect(await deliverAfter(23 * HOUR)).toMatchObject([{ alerts: 1 }]);
    expect(sink.requests).toHaveLength(1);
  });

  it.each([
    ['info', 3],
    ['warning', 2],
    ['critical', 1],
    [undefined, 2],
  ] as const)('sends from level %s on', async (min_level, count) => {
    const alerts = (['info', 'warning', 'critical'] as const).map((level, hour) => hourly(hour, { level }));
    const { deliverAfter, sink } = await makeWorld(alerts);
    const webhook = { url: `http://127.0.0.1:${sink.port}/`, allow_private: true };
    expect(await deliverAfter(0, { webhook, min_level })).toMatchObject([{ alerts: count }]);
  });

  it('says of one crossing only the worst, unless the other was said before', async () => {
    const both = [hourly(0), hourly(0, { level: 'critical', message: 'worse' })];
    const { deliverAfter, texts, stateDir } = await makeWorld(both);
    await deliverAfter(0);
    await deliverAfter(2 * MINUTE);
    appendAlerts(stateDir, [hourly(1)]);
    await deliverAfter(5 * MINUTE);
    appendAlerts(stateDir, [hourly(1, { level: 'critical', message: 'worse too' })]);
    await deliverAfter(10 * MINUTE);
    expect(texts().map(text => text.split('\n').slice(1))).toEqual([
      ['CRITICAL: worse'],
      ['WARNING: hour 1'],
      ['CRITICAL: worse too'],
    ]);
  });

  it('keeps channels apart: one that is down holds up no other', async () => {
    const { deliverAfter, stateDir, sink } = await makeWorld([hourly(0), hourly(1)], failUntil(100));
    const webhook = { url: `http://127.0.0.1:${sink.port}/`, allow_private: true };
    writeFileSync(`${stateDir}/note.sh`, 'echo "$SPANBOOK_ALERT_MESSAGE" >> told\n');
    const settings: AlertSettings = { webhook, notify: ['sh note.sh', 'sh missing.sh'] };
    const reports = await deliverAfter(0, settings);
    expect(reports.map(({ alerts, ok }) => [alerts, ok])).toEqual([
      [1, true],
      [1, true],
      [1, false],
      [2, false],
    ]);
    await deliverAfter(2 * MINUTE, settings);
    expect(readFileSync(`${stateDir}/told`, 'utf8')).toBe('hour 0\nhour 1\n');
  });

  it('does nothing without a channel, and makes no folder', async () => {
    const stateDir = `${tempDir()}/none`;
    const deps = { stateDir, env: {}, platform: 'linux', now: () => ALERT_TIME, log: () => {} };
    expect(await deliverAlerts([hourly(0)], {}, deps)).toEqual([]);
    expect(await deliverAlerts([hourly(0)], { notify: false }, deps)).toEqual([]);
    expect(existsSync(stateDir)).toBe(false);
  });

  it('sends nothing that it could not remember, and does not throw', async () => {
    const { sink, log, deliverAfter } = await makeWorld([]);
    const blocked = `${tempDir()}/file`;
    writeFileSync(blocked, '');
    const webhook = { url: `http://127.0.0.1:${sink.port}/`, allow_private: true };
    const deps = {
      stateDir: blocked,
      env: {},
      platform: 'linux',
      now: () => ALERT_TIME,
      log: (text: string) => log.push(text),
    };
    expect(await deliverAlerts([hourly(0)], { webhook }, deps)).toEqual([]);
    expect(await deliverAfter(0)).toEqual([]);
    expect(sink.requests).toEqual([]);
    expect(log).toEqual(['alerts: not delivered, because the log of alerts cannot be kept (ENOTDIR)']);
  });
});
