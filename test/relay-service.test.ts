/** The relay in the monitor: for days, over other settings, beside others. */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LeafSource } from '../src/model/leaf.ts';
import { RelayService } from '../src/relay-service.ts';
import { type OtlpServer, startOtlpServer } from './helpers/otlp-server.ts';
import { readRelayStatuses } from './helpers/relay-statuses.ts';
import { appendLines, end, linesOf, makeState, spanId, start, T0, writeSettings } from './helpers/run-cli.ts';
import { memoryLog, SimulatedClock } from './helpers/simulated-clock.ts';

const HOUR = 3600_000;
const NO_LEAVES: LeafSource = { isTold: () => true, leavesOf: () => new Map() };

function startService(stateDir: string, lookMillis = 60_000) {
  const clock = new SimulatedClock(T0);
  const log = memoryLog();
  const service = new RelayService({ stateDir, leaves: NO_LEAVES, clock, log, lookMillis });
  service.start();
  onTestFinished(() => service.stop());
  /** Lets time go by; between two looks there is as much real time as a look needs. */
  const pass = async (millis: number): Promise<void> => {
    const until = clock.monotonic() + millis;
    while (clock.monotonic() < until) {
      await clock.advance(Math.min(lookMillis, until - clock.monotonic()));
      while (clock.pending === 0) await new Promise(resolve => setImmediate(resolve));
    }
  };
  return { clock, log, service, pass };
}

const run = (number: number, at: number): string =>
  linesOf([start(number, { at, source: 'span' }), end(number, { at: at + 1000, source: 'span' })]);

const statusOf = (stateDir: string, { url }: OtlpServer) =>
  readRelayStatuses(stateDir).find(({ endpoint }) => endpoint.startsWith(url));

describe('the relay of a monitor', () => {
  it('holds what a day brings while the receiver is down, and sends all of it when it is up', async () => {
    const down = await startOtlpServer();
    await down.close();
    const stateDir = makeState();
    writeSettings(stateDir, { otlp: { endpoint: down.url } });
    const { pass, log } = startService(stateDir);
    for (let hour = 0; hour < 24; hour++) {
      appendLines(stateDir, run(hour + 1, T0 + hour * HOUR));
      await pass(HOUR);
      const status = statusOf(stateDir, down);
      expect(status).toMatchObject({ state: 'holding', sent: 0, oldest_unsent_at: new Date(T0 + 1000).toISOString() });
      expect(status?.lag_events).toBeGreaterThan(hour);
    }
    expect(log.lines.filter(line => line.startsWith('warn'))).toHaveLength(1);
    const up = await startOtlpServer(undefined, down.port);
    await pass(5 * 60_000);
    expect(up.spans.map(span => span.spanId)).toEqual(Array.from({ length: 24 }, (_, at) => spanId(at + 1)));
    expect(statusOf(stateDir, up)).toMatchObject({ state: 'idle', sent: 24, lag_events: 0, oldest_unsent_at: null });
    expect(log.lines.at(-1)).toMatch(/all is well again/);
  });

  it('asks a wrong receiver every five minutes, and goes on when it is right', async () => {
    let isRight = false;
    const server = await startOtlpServer(exchange => (isRight ? exchange.take() : exchange.answer(404)));
    const stateDir = makeState(run(1, T0));
    writeSettings(stateDir, { otlp: { endpoint: server.url } });
    const { pass } = startService(stateDir, 1000);
    await pass(2000);
    expect(statusOf(stateDir, server)).toMatchObject({
      state: 'wrong-destination',
      reason: expect.stringMatching(/404/),
    });
    await pass(290_000);
    expect(server.requests).toBe(1);
    await pass(20_000);
    expect(server.requests).toBe(2);
    isRight = true;
    await pass(310_000);
    expect(server.spans).toHaveLength(1);
  });

  it('sends nothing until the settings name an endpoint, and then what they name', async () => {
    const [one, other] = [await startOtlpServer(), await startOtlpServer()];
    const stateDir = makeState(run(1, T0));
    const { pass, log } = startService(stateDir, 1000);
    await pass(10_000);
    expect(readRelayStatuses(stateDir)).toEqual([]);
    writeSettings(stateDir, { otlp: { endpoint: one.url } });
    await pass(3000);
    expect(one.spans).toHaveLength(1);
    writeSettings(stateDir, { otlp: { endpoint: other.url, headers: { 'x-team': 'blue' } } });
    appendLines(stateDir, run(2, T0));
    await pass(3000);
    expect([one.spans.length, other.spans.length]).toEqual([1, 2]);
    expect(log.lines).toEqual([`info traces go to ${one.url}/v1/traces`, `info traces go to ${other.url}/v1/traces`]);
    writeSettings(stateDir, {});
    appendLines(stateDir, run(3, T0));
    await pass(10_000);
    expect(other.spans).toHaveLength(2);
  });

  it('leaves the folder to another relay that is at it, and takes over from it', async () => {
    const server = await startOtlpServer();
    const stateDir = makeState(run(1, T0));
    writeSettings(stateDir, { otlp: { endpoint: server.url } });
    const first = startService(stateDir, 1000);
    await first.pass(2000);
    const second = startService(stateDir, 1000);
    appendLines(stateDir, run(2, T0));
    await second.pass(5000);
    expect(server.spans).toHaveLength(1);
    await first.service.stop();
    expect(statusOf(stateDir, server)).toMatchObject({ state: 'stopped' });
    await second.pass(2000);
    expect(server.spans.map(span => span.spanId)).toEqual([1, 2].map(spanId));
  });

  it('says what is wrong with the settings, and holds', async () => {
    const stateDir = makeState(run(1, T0));
    writeSettings(stateDir, { otlp: { endpoint: 'nowhere' } });
    const { pass, log } = startService(stateDir, 1000);
    await pass(3000);
    expect(log.lines[0]).toMatch(/traces cannot be sent: otlp.endpoint: expected an http or https URL/);
  });

  it('does little while there is nothing to do', async () => {
    const server = await startOtlpServer();
    const stateDir = makeState(run(1, T0));
    writeSettings(stateDir, { otlp: { endpoint: server.url } });
    const { pass } = startService(stateDir, 1000);
    await pass(2000);
    const before = statusOf(stateDir, server);
    await pass(HOUR);
    expect(server.requests).toBe(1);
    expect(statusOf(stateDir, server)).toEqual(before);
  });
});
