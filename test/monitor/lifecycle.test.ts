/** Real monitors, started and stopped as people do it. `npm test` builds them first. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { MonitorFile } from '../../src/monitor/monitor-file.ts';
import { monitorPlace } from '../../src/monitor/monitor-place.ts';
import { identityOf, processState } from '../../src/monitor/process-check.ts';
import { startMonitor } from '../../src/monitor/start-monitor.ts';
import { stopMonitor } from '../../src/monitor/stop-monitor.ts';
import { appendLines, end, linesOf, start } from '../helpers/run-cli.ts';
import {
  monitor,
  monitoredFolder,
  monitorPid,
  plainEnv,
  SPANBOOK,
  spanbook,
  spawnSpanbook,
  until,
} from '../helpers/run-monitor.ts';
import { outcomeOf, ROOT, startFixture } from '../helpers/run-program.ts';
import { readDocument } from '../helpers/state-folder.ts';

const onLinux = it.skipIf(process.platform !== 'linux');
const STOP_MILLIS = 2000;

const fileOf = (stateDir: string): MonitorFile => JSON.parse(readFileSync(`${stateDir}/monitor.json`, 'utf8'));
const logOf = (stateDir: string): string => readFileSync(`${stateDir}/monitor.log`, 'utf8');
const isThere = (pid: number): boolean => processState(identityOf(pid)) === 'alive';
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('start', () => {
  it('makes the folder, runs, and says how it is', async () => {
    const stateDir = monitoredFolder();
    expect(await monitor('start', stateDir)).toMatchObject({ result: 'started', running: true, state: 'running' });
    const pid = monitorPid(stateDir);
    const status = await monitor('status', stateDir);
    expect(status).toMatchObject({
      running: true,
      pid,
      relay: null,
      hooks: { last_seen_at: null },
      poll_interval_seconds: 300,
      state_dir: stateDir,
      log: `${stateDir}/monitor.log`,
      problems: [],
      limits: null,
    });
    expect(Date.now() - Date.parse(String(status.since))).toBeLessThan(60_000);
    expect(Date.now() - Date.parse(String(status.heartbeat_at))).toBeLessThan(5000);
    for (const name of ['monitor.json', 'monitor.log', 'journal/monitor-alive'])
      expect(mode(`${stateDir}/${name}`)).toBe('600');
    await monitor('stop', stateDir);
  });

  it('twice is once, also by another name of the folder', async () => {
    const stateDir = monitoredFolder();
    await monitor('start', stateDir);
    const pid = monitorPid(stateDir);
    symlinkSync(stateDir, `${stateDir}-link`);
    for (const name of [stateDir, `${stateDir}-link`, `${stateDir}/../state/`]) {
      expect(await monitor('start', name)).toMatchObject({ result: 'already', running: true, pid });
    }
    const { code, stdout } = await spanbook(['monitor', 'run', '--state-dir', stateDir]);
    expect([code, stdout]).toEqual([0, `The monitor of ${stateDir} runs already, as process ${pid}.\n`]);
    expect(monitorPid(stateDir)).toBe(pid);
    await monitor('stop', stateDir);
  });

  it('fifty times at once is once, and each says so with exit code 0', async () => {
    const stateDir = monitoredFolder();
    const starts = Array.from({ length: 50 }, () => spanbook(['monitor', 'start', '--state-dir', stateDir, '--json']));
    const outcomes = await Promise.all(starts);
    expect(outcomes.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      outcomes.map(() => ({ code: 0, stderr: '' })),
    );
    const { pid } = await monitor('status', stateDir);
    const answers = outcomes.map(({ stdout }) => JSON.parse(stdout));
    // On a busy machine the one that started it may have stopped waiting before it answered; the log says how often.
    expect(answers.filter(({ result }) => result === 'started').length).toBeLessThanOrEqual(1);
    for (const answer of answers) expect(['started', 'already', 'starting']).toContain(answer.result);
    for (const answer of answers) expect([pid, null]).toContain(answer.pid);
    expect(logOf(stateDir).match(/"started as process/g)).toHaveLength(1);
    await monitor('stop', stateDir);
  }, 120_000);

  it('works at once after kill -9, again and again', async () => {
    const stateDir = monitoredFolder();
    await monitor('start', stateDir);
    for (let round = 1; round <= 5; round++) {
      const pid = monitorPid(stateDir);
      process.kill(pid, 'SIGKILL');
      await until(() => !isThere(pid));
      expect(await monitor('status', stateDir)).toMatchObject({ running: false, pid: null, state: 'killed' });
      appendLines(stateDir, linesOf([start(round), end(round)]));
      expect(await monitor('start', stateDir)).toMatchObject({ result: 'started', running: true });
      await until(
        () => existsSync(`${stateDir}/pipeline_progress.json`) && readDocument(stateDir).events.length === 2 * round,
      );
    }
    await monitor('stop', stateDir);
  });

  onLinux('gives the monitor no secrets of the terminal that it was started in', async () => {
    const stateDir = monitoredFolder();
    mkdirSync(stateDir);
    const mail = {
      to: 'a@b.example',
      from: 'a@b.example',
      host: 'b.example',
      user: 'a',
      password_env: 'MAIL_PASSWORD',
    };
    writeFileSync(`${stateDir}/spanbook.json`, JSON.stringify({ alerts: { mail } }));
    const env = {
      NODE_EXTRA_CA_CERTS: '/nowhere',
      TOKEN: 'hunter2',
      MAIL_PASSWORD: 'x',
      TZ: 'Europe/Berlin',
      SPANBOOK_NOW: '1',
    };
    await spanbook(['monitor', 'start', '--state-dir', stateDir], { ...env, HOME: stateDir.replace(/\/state$/, '') });
    const pid = monitorPid(stateDir);
    const given = readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .filter(text => text !== '');
    expect(given.map(text => text.split('=')[0]).sort()).toEqual(['HOME', 'MAIL_PASSWORD', 'PATH', 'TZ']);
    await monitor('stop', stateDir);
  });

  it('that cannot work says why, with exit code 1', async () => {
    const stateDir = monitoredFolder();
    mkdirSync(stateDir);
    writeFileSync(`${stateDir}/spanbook.json`, '{"poll_interval_seconds": 0}');
    const wrong = await spanbook(['monitor', 'start', '--state-dir', stateDir]);
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toContain('poll_interval_seconds: expected a number of seconds, 1 or more, got 0');
    const nowhere = await spanbook(['monitor', 'start', '--state-dir', '/proc/none/state']);
    expect(nowhere).toMatchObject({ code: 1, stdout: '' });
    expect(nowhere.stderr).toMatch(/^spanbook: E\w+: /);
  });

  it('of a program that ends at once says so, with the last that it said', async () => {
    const stateDir = monitoredFolder();
    const executable = `${ROOT}test/fixtures/no-such-file.mjs`;
    const { result, log } = await startMonitor({ stateDir, executable, env: plainEnv() });
    expect(result).toBe('failed');
    expect(log).toContain('Node.js v');
  });
});

describe('stop', () => {
  it('is done within two seconds, and says so; twice is once', async () => {
    const stateDir = monitoredFolder();
    await monitor('start', stateDir);
    const pid = monitorPid(stateDir);
    const began = performance.now();
    expect(await stopMonitor(monitorPlace(stateDir))).toEqual({ result: 'stopped', pid });
    expect(performance.now() - began).toBeLessThan(STOP_MILLIS);
    expect(isThere(pid)).toBe(false);
    for (const name of ['monitor.json', 'journal/monitor-alive']) expect(existsSync(`${stateDir}/${name}`)).toBe(false);
    const again = await spanbook(['monitor', 'stop', '--state-dir', stateDir]);
    expect(again).toMatchObject({ code: 0, stdout: `No monitor of ${stateDir} runs.\n` });
  });

  it('makes no folder', async () => {
    const stateDir = monitoredFolder();
    expect(await monitor('stop', stateDir)).toMatchObject({ result: 'none', running: false });
    expect(await monitor('status', stateDir)).toMatchObject({ running: false, state: 'stopped' });
    expect(existsSync(stateDir)).toBe(false);
  });

  it.each([
    ['waits for ever', 'waits', 'stopped'],
    ['gives nothing else a turn', 'spins', 'killed'],
  ])('takes no longer while a look for usage %s', async (_, how, result) => {
    const stateDir = monitoredFolder();
    const executable = `${ROOT}test/fixtures/monitor.mjs`;
    const started = await startMonitor({ stateDir, executable, env: { ...plainEnv(), SPANBOOK_TEST_HOW: how } });
    const pid = started.status.file?.pid ?? 0;
    await until(() => existsSync(`${stateDir}/usage-began`));
    const began = performance.now();
    expect(await stopMonitor(monitorPlace(stateDir))).toEqual({ result, pid });
    expect(performance.now() - began).toBeLessThan(STOP_MILLIS);
    expect(isThere(pid)).toBe(false);
    expect(existsSync(`${stateDir}/monitor.json`)).toBe(false);
  });

  onLinux('ends one that was stopped by a signal, and status says that it is stuck', async () => {
    const stateDir = monitoredFolder();
    await monitor('start', stateDir);
    const pid = monitorPid(stateDir);
    process.kill(pid, 'SIGSTOP');
    expect(await monitor('status', stateDir)).toMatchObject({ running: true, pid, state: 'stuck' });
    expect(await monitor('stop', stateDir)).toMatchObject({ result: 'killed', running: false });
    expect(isThere(pid)).toBe(false);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('comes by %s too, with exit code 0', async signal => {
    const stateDir = monitoredFolder();
    const child = spawnSpanbook(['monitor', 'run', '--state-dir', stateDir]);
    const outcome = outcomeOf(child);
    await once(child.stderr ?? child, 'data');
    appendLines(stateDir, linesOf([start(1)]));
    child.kill(signal);
    expect(await outcome).toMatchObject({ code: 0, stdout: `The monitor of ${stateDir} has stopped: ${signal}.\n` });
    // What came before is in the document.
    expect(readDocument(stateDir).events).toHaveLength(1);
  });

  it('does not come by SIGHUP', async () => {
    const stateDir = monitoredFolder();
    const child = spawnSpanbook(['monitor', 'run', '--state-dir', stateDir]);
    const outcome = outcomeOf(child);
    await once(child.stderr ?? child, 'data');
    child.kill('SIGHUP');
    await until(() => logOf(stateDir).includes('SIGHUP: goes on'));
    expect(await monitor('status', stateDir)).toMatchObject({ running: true });
    child.kill('SIGTERM');
    expect(await outcome).toMatchObject({ code: 0 });
  });

  it('comes by itself when the folder is gone, which stays gone', async () => {
    const stateDir = monitoredFolder();
    await monitor('start', stateDir);
    const pid = monitorPid(stateDir);
    rmSync(stateDir, { recursive: true });
    await until(() => !isThere(pid));
    expect(existsSync(stateDir)).toBe(false);
  });
});

describe.skipIf(process.platform === 'win32')('a folder that cannot be written', () => {
  /** Root may write anywhere, so root starts it as somebody else. */
  const NOBODY = 65534;
  const uid = process.getuid?.() === 0 ? NOBODY : undefined;
  const asOther = (verb: string, stateDir: string) =>
    outcomeOf(
      spawn(process.execPath, [SPANBOOK, 'monitor', verb, '--state-dir', stateDir], {
        env: plainEnv(),
        stdio: 'pipe',
        uid,
      }),
    );
  function makeOthers(): string {
    const stateDir = monitoredFolder();
    mkdirSync(`${stateDir}/journal`, { recursive: true });
    for (const path of [dirname(stateDir), stateDir, `${stateDir}/journal`]) if (uid) chownSync(path, uid, -1);
    return stateDir;
  }

  it('has no monitor, and that is said', async () => {
    const stateDir = makeOthers();
    chmodSync(stateDir, 0o500);
    for (const verb of ['start', 'run']) {
      expect(await asOther(verb, stateDir)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/EACCES/),
      });
    }
    for (const verb of ['stop', 'status']) expect(await asOther(verb, stateDir)).toMatchObject({ code: 0, stderr: '' });
  });

  it('when the monitor runs already is told, and kept again when it can be written', async () => {
    const stateDir = makeOthers();
    await asOther('start', stateDir);
    appendLines(stateDir, linesOf([start(1)]));
    await until(() => existsSync(`${stateDir}/pipeline_progress.json`));
    for (const path of [stateDir, `${stateDir}/journal`]) chmodSync(path, 0o500);
    appendLines(stateDir, linesOf([end(1)]));
    await until(() => logOf(stateDir).includes('the document cannot be kept: EACCES'));
    expect((await asOther('status', stateDir)).stdout).toContain('the document cannot be kept: EACCES');
    for (const path of [stateDir, `${stateDir}/journal`]) chmodSync(path, 0o700);
    await until(() => readDocument(stateDir).events.length === 2, 40_000);
    expect(await asOther('stop', stateDir)).toMatchObject({ code: 0 });
  });
});

describe('monitor.json', () => {
  it('is mended within a second when somebody damages or removes it', async () => {
    const stateDir = monitoredFolder();
    await monitor('start', stateDir);
    const pid = monitorPid(stateDir);
    for (const spoil of [
      () => rmSync(`${stateDir}/monitor.json`),
      () => writeFileSync(`${stateDir}/monitor.json`, '{}'),
    ]) {
      spoil();
      expect(await monitor('start', stateDir)).toMatchObject({ result: 'already', pid });
    }
    rmSync(`${stateDir}/monitor.json`);
    expect(await stopMonitor(monitorPlace(stateDir))).toEqual({ result: 'stopped', pid });
  });

  const GARBAGE = [
    '',
    '{',
    'null',
    '[]',
    '{"pid": 7}',
    '{"pid": -1}',
    '{"pid": 0}',
    '{"pid": 1}',
    '{"pid": 1099511627776}',
  ];

  it.each(GARBAGE)('with %j in it is no monitor, and no obstacle', async text => {
    const stateDir = monitoredFolder();
    mkdirSync(stateDir);
    writeFileSync(`${stateDir}/monitor.json`, text);
    expect(await monitor('status', stateDir)).toMatchObject({ running: false, pid: null });
    expect(await monitor('stop', stateDir)).toMatchObject({ result: 'none' });
    expect(await monitor('start', stateDir)).toMatchObject({ result: 'started' });
    await monitor('stop', stateDir);
  });

  onLinux.each([
    ['of a stranger who got its number', (pid: number) => ({ ...identityOf(pid), started: 1 })],
    ['of a stranger who began in the same moment', (pid: number) => identityOf(pid)],
    ['of a stranger, without more than the number', () => undefined],
    ['of the first process', () => ({ ...identityOf(1) }), 1],
    ['of a group', () => ({ ...identityOf(process.pid), pid: -1 }), -1],
    ['of another start of the machine', (pid: number) => ({ ...identityOf(pid), boot: 'another' })],
    ['of another host', (pid: number) => ({ ...identityOf(pid), host: 'another' })],
    ['of another container', (pid: number) => ({ ...identityOf(pid), namespace: 'pid:[1]' })],
  ] as [string, (pid: number) => object | undefined, number?][])(
    'that a dead monitor left hurts nobody: with the number %s',
    async (_, identity, number) => {
      const stateDir = monitoredFolder();
      mkdirSync(stateDir);
      const stranger = startFixture('idle', []);
      onTestFinished(() => void stranger.kill('SIGKILL'));
      await once(stranger.stdout ?? stranger, 'data');
      const pid = stranger.pid ?? 0;
      const left = {
        version: '0',
        pid: number ?? pid,
        process: identity(pid),
        nonce: 'a'.repeat(64),
        started_at: '2026-01-01T00:00:00.000Z',
        socket: '',
      };
      writeFileSync(`${stateDir}/monitor.json`, JSON.stringify(left));
      expect(await monitor('status', stateDir)).toMatchObject({ running: false });
      expect(['left', 'none']).toContain((await monitor('stop', stateDir)).result);
      writeFileSync(`${stateDir}/monitor.json`, JSON.stringify(left));
      expect(await monitor('start', stateDir)).toMatchObject({ result: 'started' });
      expect(fileOf(stateDir).pid).not.toBe(pid);
      await monitor('stop', stateDir);
      expect(isThere(pid)).toBe(true);
    },
  );
});
