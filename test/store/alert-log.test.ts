/** The log of alerts: each once, whoever writes, whatever is torn; deliveries beside them; old lines go. */
import { appendFileSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alertsPath } from '../../src/store/alert-lines.ts';
import { appendAlerts, readAlerts } from '../../src/store/alert-log.ts';
import { appendDeliveries, deliveryId, readDeliveries } from '../../src/store/delivery-log.ts';
import { type Alert, makeAlert } from '../../src/usage/alert.ts';
import { runFixture } from '../helpers/run-program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-26T12:00Z');

/** An alert of the hour so many hours after 12:00. */
const alertOf = (hour: number, overrides: Partial<Parameters<typeof makeAlert>[0]> = {}): Alert =>
  makeAlert({
    kind: 'hourly_cost',
    level: 'warning',
    at: NOW + hour * HOUR,
    now: NOW + hour * HOUR,
    period: 'hour',
    periodStart: NOW + hour * HOUR,
    subject: null,
    value: 12.5,
    limit: 10,
    message: 'Ä "quoted" name\nwith two lines',
    ...overrides,
  });

const keys = (stateDir: string, since?: number): string[] =>
  readAlerts(stateDir, { ...(since !== undefined && { since }) }).map(({ key }) => key.slice(-17));

describe('the log of alerts', () => {
  it('gives back what was written, in order, to nobody else', () => {
    const stateDir = tempDir();
    expect(readAlerts(stateDir)).toEqual([]);
    expect(readAlerts(`${stateDir}/none/at/all`)).toEqual([]);
    const alerts = [alertOf(0), alertOf(2, { subject: 'command /simple', level: 'critical' }), alertOf(1)];
    appendAlerts(stateDir, alerts.slice(0, 1));
    appendAlerts(stateDir, alerts.slice(1));
    appendAlerts(stateDir, []);
    expect(readAlerts(stateDir)).toEqual(alerts);
    expect(statSync(alertsPath(stateDir)).mode & 0o777).toBe(0o600);
    expect(readFileSync(alertsPath(stateDir), 'utf8').split('\n')).toHaveLength(4);
  });

  it('has of several alerts with one key the first', () => {
    const stateDir = tempDir();
    appendAlerts(stateDir, [alertOf(0), alertOf(1), alertOf(0, { now: NOW + 5 * HOUR, value: 99 })]);
    expect(readAlerts(stateDir)).toEqual([alertOf(0), alertOf(1)]);
  });

  it.each([
    ['half a line', '{"noted_at":"2026-11-26T13:00:00.000Z","alert":{"key":"hourly'],
    ['zeros', '\0'.repeat(100)],
    ['a line of something else', '{"noted_at":"2026-11-26T13:00:00.000Z"}'],
    ['a line without a level', JSON.stringify({ noted_at: alertOf(9).noted_at, alert: { ...alertOf(9), level: 'x' } })],
    ['JSON that is no object', '{"noted_at":"2026-11-26T13:00:00.000Z",\nnull\n1'],
  ])('passes by %s, and the next writer is not glued to it', (_, damage) => {
    const stateDir = tempDir();
    appendAlerts(stateDir, [alertOf(0)]);
    appendFileSync(alertsPath(stateDir), damage);
    appendAlerts(stateDir, [alertOf(1)]);
    expect(readAlerts(stateDir)).toEqual([alertOf(0), alertOf(1)]);
  });

  it('survives any byte being changed or cut', () => {
    const stateDir = tempDir();
    appendAlerts(stateDir, [alertOf(0), alertOf(1)]);
    const bytes = readFileSync(alertsPath(stateDir));
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x15;
      for (const damaged of [changed, Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])]) {
        writeFileSync(alertsPath(stateDir), damaged);
        // Without the end of its line, one alert takes the next along.
        expect(readAlerts(stateDir).length).toBeGreaterThanOrEqual(bytes[at] === 0x0a ? 0 : 1);
      }
    }
  });

  it('reads from a time on, across blocks, and no further than it must', () => {
    const stateDir = tempDir();
    const message = 'ä'.repeat(3000);
    const alerts = Array.from({ length: 300 }, (_, hour) => alertOf(hour, { message }));
    appendAlerts(stateDir, alerts);
    expect(statSync(alertsPath(stateDir)).size).toBeGreaterThan(1_500_000);
    expect(readAlerts(stateDir)).toEqual(alerts);
    for (const hour of [299, 298, 250, 150, 1, 0]) {
      expect(readAlerts(stateDir, { since: NOW + hour * HOUR })).toEqual(alerts.slice(hour));
    }
    expect(readAlerts(stateDir, { since: NOW + 300 * HOUR })).toEqual([]);
  });

  it('follows no planted link, and is not held up by a pipe', () => {
    const stateDir = tempDir();
    mkdirSync(`${stateDir}/usage`);
    writeFileSync(`${stateDir}/victim`, 'mine');
    symlinkSync(`${stateDir}/victim`, alertsPath(stateDir));
    expect(() => appendAlerts(stateDir, [alertOf(0)])).toThrow('ELOOP');
    expect(readFileSync(`${stateDir}/victim`, 'utf8')).toBe('mine');
    const folder = tempDir();
    mkdirSync(alertsPath(folder), { recursive: true });
    expect(() => readAlerts(folder)).toThrow('expected a file, got something else');
  });
});

describe('deliveries', () => {
  const delivery = (key: string, outcome: 'begun' | 'delivered' | 'failed', channel = 'webhook') => ({
    key,
    channel,
    outcome,
  });

  it('with a time that is none are counted all the same', () => {
    const stateDir = tempDir();
    appendDeliveries(stateDir, [delivery('a', 'begun')], NOW);
    const line = JSON.stringify({ noted_at: new Date(NOW), delivery: delivery('b', 'begun') });
    // Of a key that comes twice the last one counts.
    appendFileSync(alertsPath(stateDir), `${line.slice(0, -1)},"noted_at":{"toString":1}}\n`);
    expect(readDeliveries(stateDir, 0).size).toBe(2);
  });

  it('are counted by alert and channel, and are no alerts', () => {
    const stateDir = tempDir();
    appendAlerts(stateDir, [alertOf(0)]);
    appendDeliveries(stateDir, [delivery('a', 'begun'), delivery('b', 'begun'), delivery('a', 'begun', 'mail')], NOW);
    appendDeliveries(stateDir, [delivery('a', 'failed'), delivery('b', 'delivered')], NOW + 1000);
    appendDeliveries(stateDir, [delivery('a', 'begun')], NOW + HOUR);
    const states = readDeliveries(stateDir, 0);
    expect(states.get(deliveryId({ key: 'a', channel: 'webhook' }))).toEqual({
      attempts: 2,
      isDelivered: false,
      lastAt: NOW + HOUR,
    });
    expect(states.get(deliveryId({ key: 'b', channel: 'webhook' }))).toEqual({
      attempts: 1,
      isDelivered: true,
      lastAt: NOW + 1000,
    });
    expect(states.get(deliveryId({ key: 'a', channel: 'mail' }))?.attempts).toBe(1);
    expect(keys(stateDir)).toEqual(['2026-11-26T12:00Z']);
    expect(readDeliveries(stateDir, NOW + HOUR).size).toBe(1);
  });
});

describe('a log that has grown large', () => {
  const old = (count: number, ageDays: number): Alert[] =>
    Array.from({ length: count }, (_, index) =>
      alertOf(index / 10 - 24 * ageDays, {
        periodStart: NOW - ageDays * DAY + index * HOUR,
        message: 'x'.repeat(2000),
      }),
    );

  it('loses what is older than 400 days, once that is a month', () => {
    const stateDir = tempDir();
    appendAlerts(stateDir, [...old(400, 429), ...old(200, 398)]);
    appendAlerts(stateDir, [alertOf(0)]);
    expect(readAlerts(stateDir)).toHaveLength(601);
    const monthLater = alertOf(0, { now: NOW + 1.1 * DAY });
    appendAlerts(stateDir, [{ ...monthLater, key: 'last' }]);
    const kept = readAlerts(stateDir);
    expect(kept).toHaveLength(202);
    expect(kept.at(-1)?.key).toBe('last');
    expect(statSync(alertsPath(stateDir)).mode & 0o777).toBe(0o600);
  });

  it('keeps everything while it is small', () => {
    const stateDir = tempDir();
    appendAlerts(stateDir, [...old(10, 900), alertOf(0)]);
    expect(readAlerts(stateDir)).toHaveLength(11);
  });
});

describe('several processes', () => {
  it('give each alert once', async () => {
    const stateDir = tempDir();
    const outcomes = await Promise.all(
      ['a', 'b', 'c'].map(writer => runFixture('append-alerts', [stateDir, writer, 300])),
    );
    for (const { code, stderr } of outcomes) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = readFileSync(alertsPath(stateDir), 'utf8').split('\n').filter(Boolean);
    expect(lines).toHaveLength(900);
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    expect(readAlerts(stateDir)).toHaveLength(300);
  });
});
