/** The whole monitor on a clock that tests move, in this process, with real files. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askMonitor } from '../../src/monitor/ask-monitor.ts';
import type { MonitorFile } from '../../src/monitor/monitor-file.ts';
import { monitorPlace } from '../../src/monitor/monitor-place.ts';
import type { MonitorService } from '../../src/monitor/monitor-service.ts';
import { monitorStatus } from '../../src/monitor/monitor-status.ts';
import { type MonitorEnd, type MonitorOptions, runMonitor } from '../../src/monitor/run-monitor.ts';
import { heartbeatAt, isKept } from '../../src/store/heartbeat.ts';
import { ownIdentity } from '../../src/store/process-identity.ts';
import { appendLines, end, linesOf, makeState, start, writeSettings } from '../helpers/run-cli.ts';
import { until } from '../helpers/run-monitor.ts';
import { memoryLog, SimulatedClock } from '../helpers/simulated-clock.ts';
import { fill, smallDisk } from '../helpers/small-disk.ts';
import { readDocument } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

interface Running {
  stateDir: string;
  clock: SimulatedClock;
  log: ReturnType<typeof memoryLog>;
  /** When each look for usage began, by the clock of the wall. */
  polls: number[];
  ended: Promise<MonitorEnd>;
  stop(): Promise<MonitorEnd>;
}

async function running(stateDir: string, overrides: Partial<MonitorOptions> = {}): Promise<Running> {
  const clock = new SimulatedClock(Date.now());
  const log = memoryLog();
  const polls: number[] = [];
  const controller = new AbortController();
  let runs = false;
  const ended = runMonitor({
    place: monitorPlace(stateDir),
    version: '1',
    clock,
    log,
    poll: async now => {
      polls.push(now);
      return { changed: false };
    },
    claudeDirs: [],
    services: [],
    stop: controller.signal,
    onRunning: () => {
      runs = true;
    },
    ...overrides,
  });
  await Promise.race([until(() => runs), ended]);
  const stop = async (): Promise<MonitorEnd> => {
    controller.abort('the test is over');
    await clock.advance(SECOND);
    return ended;
  };
  onTestFinished(async () => void (await stop()));
  return { stateDir, clock, log, polls, ended, stop };
}

const fileOf = (stateDir: string): MonitorFile => JSON.parse(readFileSync(`${stateDir}/monitor.json`, 'utf8'));
const places = (stateDir: string) => monitorPlace(stateDir);

describe('a monitor', () => {
  it('beats every second, and no longer once it has stopped', async () => {
    const { stateDir, clock, stop, log } = await running(makeState());
    for (let second = 0; second < 10; second++) {
      await clock.advance(SECOND);
      expect(Math.abs(heartbeatAt(stateDir) - clock.now())).toBeLessThanOrEqual(SECOND);
    }
    expect(await stop()).toEqual({ status: 'ran', reason: 'the test is over' });
    expect([heartbeatAt(stateDir), existsSync(`${stateDir}/monitor.json`), clock.pending]).toEqual([0, false, 0]);
    expect(log.lines.map(line => line.split(' ', 2).join(' '))).toEqual(['info started', 'info stopped:']);
  });

  it('does not beat while it cannot keep the document, so that hooks do', async () => {
    const { stateDir, clock } = await running(makeState([start(1)]));
    await clock.advance(SECOND);
    expect(isKept(stateDir, clock.now())).toBe(true);
    mkdirSync(`${stateDir}/journal/events-00000009.jsonl/in the way`, { recursive: true });
    await clock.advance(10 * SECOND);
    expect(isKept(stateDir, clock.now())).toBe(false);
    const { nonce } = fileOf(stateDir);
    const asked = askMonitor('status', { socket: places(stateDir).socket, nonce, timeoutMillis: 2000 });
    expect(await asked).toMatchObject({
      answer: { problems: [expect.stringContaining('the document cannot be kept: ')] },
    });
    rmSync(`${stateDir}/journal/events-00000009.jsonl`, { recursive: true });
    await clock.advance(60 * SECOND);
    expect(isKept(stateDir, clock.now())).toBe(true);
    expect(readDocument(stateDir).events).toHaveLength(1);
  });

  it('looks for usage at its interval, and soon after something was recorded', async () => {
    const { stateDir, clock, polls } = await running(makeState([start(1)]));
    const began = clock.now();
    const seconds = (): number[] => polls.map(at => Math.round((at - began) / SECOND));
    await clock.advance(100 * SECOND);
    expect(seconds()).toEqual([0]);
    appendLines(stateDir, linesOf([end(1)]));
    await clock.advance(4 * SECOND);
    expect(seconds()).toEqual([0, 102]);
    await clock.advance(300 * SECOND);
    expect(seconds()).toEqual([0, 102, 402]);
  });

  it('looks for usage soon after a transcript grew', async () => {
    const claudeDir = tempDir();
    const project = `${claudeDir}/projects/-home-dev-shop`;
    mkdirSync(project, { recursive: true });
    const { clock, polls } = await running(makeState(), { claudeDirs: [claudeDir] });
    await clock.advance(10 * SECOND);
    expect(polls).toHaveLength(1);
    writeFileSync(`${project}/s1.jsonl`, '{}\n');
    // The hint comes from the file system, in its own time.
    for (let tries = 0; polls.length < 2 && tries < 200; tries++) {
      await new Promise(resolve => setTimeout(resolve, 5));
      await clock.advance(SECOND / 10);
    }
    expect(polls).toHaveLength(2);
  });

  it('reads its settings again when they change, and says what is wrong with them', async () => {
    const { stateDir, clock, polls, log } = await running(makeState());
    writeSettings(stateDir, { poll_interval_seconds: 10 });
    await clock.advance(101 * SECOND);
    expect(polls.length).toBeGreaterThanOrEqual(10);
    expect(log.lines.at(-1)).toBe('info settings read again: usage is looked for every 10 s');
    writeSettings(stateDir, { poll_interval_seconds: 'often' });
    await clock.advance(SECOND);
    await until(() => log.lines.some(line => line.startsWith('warn ')));
    expect(log.lines.at(-1)).toBe(
      `warn ${stateDir}/spanbook.json: poll_interval_seconds: expected a number of seconds, 1 or more, got "often"; the default is used`,
    );
    const { nonce } = fileOf(stateDir);
    const asked = await askMonitor('status', { socket: places(stateDir).socket, nonce, timeoutMillis: 2000 });
    expect(asked).toMatchObject({ answer: { poll_interval_seconds: 300 } });
  });

  it('looks for usage for somebody who asks over the socket', async () => {
    const { stateDir, clock, polls } = await running(makeState());
    await clock.advance(SECOND);
    const { nonce } = fileOf(stateDir);
    const asked = askMonitor('poll', { socket: places(stateDir).socket, nonce, timeoutMillis: 2000 });
    expect(await asked).toEqual({ status: 'answered', answer: { changed: false } });
    expect(polls).toHaveLength(2);
  });

  it('notes the last look in its file', async () => {
    const { stateDir, clock, polls } = await running(makeState());
    await clock.advance(20 * SECOND);
    expect(fileOf(stateDir).last_poll_at).toBe(new Date(polls[0] ?? 0).toISOString());
  });

  it('goes on when somebody moves the folder away and back, and ends when it stays away', async () => {
    const { stateDir, clock, ended } = await running(makeState());
    renameSync(stateDir, `${stateDir}-moved`);
    await clock.advance(2 * SECOND);
    renameSync(`${stateDir}-moved`, stateDir);
    await clock.advance(20 * SECOND);
    expect(isKept(stateDir, clock.now())).toBe(true);
    rmSync(stateDir, { recursive: true });
    await clock.advance(5 * SECOND);
    expect(await ended).toEqual({ status: 'ran', reason: 'the state folder is gone' });
    expect(existsSync(stateDir)).toBe(false);
  });
});

describe('a full disk', () => {
  it('is waited out: the monitor stays up, says so, and goes on when there is room', async context => {
    const disk = smallDisk();
    if ('refused' in disk) return context.skip(disk.refused);
    const stateDir = `${disk.path}/state`;
    mkdirSync(`${stateDir}/journal`, { recursive: true });
    appendLines(stateDir, linesOf([start(1)]));
    const { clock, log, stop } = await running(stateDir);
    await clock.advance(5 * SECOND);
    appendLines(stateDir, linesOf([end(1)]));
    fill(`${disk.path}/filler`);
    await clock.advance(30 * SECOND);
    const { nonce } = fileOf(stateDir);
    const asked = await askMonitor('status', { socket: places(stateDir).socket, nonce, timeoutMillis: 2000 });
    expect(asked).toMatchObject({ answer: { problems: [expect.stringMatching(/^the document .*ENOSPC/)] } });
    rmSync(`${disk.path}/filler`);
    await clock.advance(60 * SECOND);
    expect(readDocument(stateDir).events).toHaveLength(2);
    expect(log.lines.slice(1)).toEqual([
      expect.stringMatching(/^warn the document cannot be kept: ENOSPC.*; tried again$/),
      expect.stringMatching(/^info the document cannot be kept: all is well again/),
    ]);
    await stop();
  });

  it('is no reason not to begin', async context => {
    const disk = smallDisk();
    if ('refused' in disk) return context.skip(disk.refused);
    const stateDir = `${disk.path}/state`;
    mkdirSync(`${stateDir}/journal`, { recursive: true });
    fill(`${disk.path}/filler`);
    const { clock, stop } = await running(stateDir);
    await clock.advance(5 * SECOND);
    rmSync(`${disk.path}/filler`);
    await clock.advance(5 * SECOND);
    expect(fileOf(stateDir).pid).toBe(process.pid);
    expect(isKept(stateDir, clock.now())).toBe(true);
    await stop();
  });
});

describe('services', () => {
  it('run as long as the monitor; one that fails costs only itself, one that hangs a second', async () => {
    const calls: string[] = [];
    const service = (name: string, fails = false): MonitorService => ({
      name,
      start() {
        calls.push(`start ${name}`);
        if (fails) throw new Error('no');
      },
      stop() {
        calls.push(`stop ${name}`);
        return name === 'slow' ? new Promise(() => {}) : undefined;
      },
    });
    const services = [service('one'), service('two', true), service('slow')];
    const { clock, log, stop } = await running(makeState(), { services });
    await clock.advance(SECOND);
    expect(log.lines).toContain('warn two cannot be started: no');
    expect(await stop()).toMatchObject({ status: 'ran' });
    expect(calls).toEqual(['start one', 'start two', 'start slow', 'stop one', 'stop two', 'stop slow']);
  });
});

describe('of two monitors', () => {
  it('at one folder, the second is none', async () => {
    const { stateDir } = await running(makeState());
    const second = await running(stateDir);
    expect(await second.ended).toEqual({ status: 'here' });
    expect(second.log.lines).toEqual([]);
  });

  /** A file that a monitor of another container wrote. */
  const others = (started_at: string): MonitorFile => ({
    version: '1',
    pid: 7,
    process: { pid: 7, started: 1, boot: 'b', host: 'elsewhere', namespace: 'pid:[1]' },
    nonce: '0'.repeat(64),
    started_at,
    last_poll_at: null,
    socket: '@spanbook-0-0',
  });

  it('that cannot see each other, the second leaves it to the first while that beats', async () => {
    const stateDir = makeState();
    writeFileSync(`${stateDir}/monitor.json`, JSON.stringify(others('2026-01-01T00:00:00.000Z')));
    const alive = `${stateDir}/journal/monitor-alive`;
    writeFileSync(alive, '');
    const now = Date.now();
    expect(await monitorStatus(places(stateDir), { now, timeoutMillis: 100 })).toMatchObject({ state: 'elsewhere' });
    const clock = new SimulatedClock(now);
    const ended = runMonitor({
      place: places(stateDir),
      version: '1',
      clock,
      log: memoryLog(),
      poll: async () => ({ changed: false }),
      claudeDirs: [],
      services: [],
      stop: new AbortController().signal,
    });
    await until(() => clock.pending > 0);
    utimesSync(alive, now / 1000 + 1, now / 1000 + 1);
    await clock.advance(SECOND);
    expect(await ended).toEqual({ status: 'elsewhere', who: 'process 7 on elsewhere' });
  });

  it('that cannot see each other, the second begins when the first is seen to beat no more', async () => {
    const stateDir = makeState();
    writeFileSync(`${stateDir}/monitor.json`, JSON.stringify(others('2026-01-01T00:00:00.000Z')));
    writeFileSync(`${stateDir}/journal/monitor-alive`, '');
    const clock = new SimulatedClock(Date.now());
    const waiting = running(stateDir, { clock });
    await until(() => clock.pending > 0);
    await clock.advance(3 * SECOND);
    await waiting;
    expect(fileOf(stateDir).pid).toBe(process.pid);
  });

  it('that cannot see each other, the second begins at once if the first beats no more', async () => {
    const stateDir = makeState();
    writeFileSync(`${stateDir}/monitor.json`, JSON.stringify(others('2026-01-01T00:00:00.000Z')));
    await running(stateDir);
    expect(fileOf(stateDir).pid).toBe(process.pid);
  });

  it('that began all the same, the one that was later ends', async () => {
    for (const [when, isEnd] of [
      ['2026-01-01T00:00:00.000Z', true],
      ['2099-01-01T00:00:00.000Z', false],
    ] as const) {
      const { stateDir, clock, ended, stop } = await running(makeState());
      writeFileSync(`${stateDir}/monitor.json`, JSON.stringify(others(when)));
      await clock.advance(2 * SECOND);
      if (!isEnd) expect(fileOf(stateDir).pid).toBe(process.pid);
      expect(await (isEnd ? clock.advance(SECOND).then(() => ended) : stop())).toEqual({
        status: 'ran',
        reason: isEnd ? 'process 7 on elsewhere is the monitor of this folder' : 'the test is over',
      });
      if (isEnd) expect(fileOf(stateDir).pid).toBe(7);
    }
  });

  it.skipIf(process.platform !== 'linux')('a process that is gone is none', async () => {
    const stateDir = makeState();
    const own = ownIdentity();
    const gone = { ...others('2026-01-01T00:00:00.000Z'), process: own && { ...own, pid: 7, started: 1 } };
    writeFileSync(`${stateDir}/monitor.json`, JSON.stringify(gone));
    writeFileSync(`${stateDir}/journal/monitor-alive`, '');
    await running(stateDir);
    expect(fileOf(stateDir).pid).toBe(process.pid);
  });
});

it('two days give the right looks and beats, through jumps of the clock, and no more memory', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const { stateDir, clock, polls, log } = await running(makeState(), {
    beatMillis: 30 * SECOND,
    lookMillis: 10 * SECOND,
  });
  let before = 0;
  for (let hour = 0; hour < 48; hour++) {
    if (hour === 8) before = used();
    clock.jump(hour === 20 ? -24 * HOUR : hour === 30 ? 40 * 24 * HOUR : 0);
    appendLines(stateDir, linesOf([start(2 * hour + 1), end(2 * hour + 1)]));
    await clock.advance(HOUR);
    expect(readDocument(stateDir).statistics.total_commands).toBe(hour + 1);
    expect(Math.abs(heartbeatAt(stateDir) - clock.now())).toBeLessThan(40 * SECOND);
  }
  // One at the start, one at each interval, and one soon after each hour's facts, from which the interval counts anew.
  expect(polls.length).toBeGreaterThanOrEqual(48 * 12);
  expect(polls.length).toBeLessThanOrEqual(48 * 13 + 1);
  expect(log.lines).toHaveLength(1);
  expect(readdirSync(stateDir).sort()).toEqual(['journal', 'monitor.json', 'pipeline_progress.json']);
  expect(statSync(`${stateDir}/monitor.json`).mode & 0o777).toBe(0o600);
  expect(used() - before).toBeLessThan(3_000_000);
}, 120_000);
