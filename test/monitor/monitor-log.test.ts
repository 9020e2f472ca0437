import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Episode } from '../../src/monitor/episode.ts';
import { openMonitorLog } from '../../src/monitor/monitor-log.ts';
import { memoryLog } from '../helpers/simulated-clock.ts';
import { fill, smallDisk } from '../helpers/small-disk.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const AT = Date.parse('2026-03-01T12:00:00.000Z');
const now = (): number => AT;
const linesIn = (path: string): Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));

describe('the log', () => {
  it('has one JSON line an event, open to nobody else', () => {
    const path = `${tempDir()}/monitor.log`;
    const log = openMonitorLog(path, { now });
    log.info('started');
    log.warn('careful');
    expect(linesIn(path)).toEqual([
      { at: '2026-03-01T12:00:00.000Z', level: 'info', message: 'started' },
      { at: '2026-03-01T12:00:00.000Z', level: 'warn', message: 'careful' },
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('holds no secrets, and nothing that a terminal would obey', () => {
    const path = `${tempDir()}/monitor.log`;
    const key = `sk-ant-${'a'.repeat(30)}`;
    openMonitorLog(path, { now }).warn(`no: ${key} \x1b[2J\u202e\r\nnext\x7f`);
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain(key);
    expect(text).toMatch(/^[ -~]*\n$/);
    expect(linesIn(path)).toHaveLength(1);
  });

  it('is three files of a limited size', () => {
    const folder = tempDir();
    const log = openMonitorLog(`${folder}/monitor.log`, { now, maxBytes: 1000 });
    for (let line = 0; line < 200; line++) log.info(`line ${line} ${'x'.repeat(40)}`);
    expect(readdirSync(folder).sort()).toEqual(['monitor.log', 'monitor.log.1', 'monitor.log.2']);
    const messages = ['monitor.log.2', 'monitor.log.1', 'monitor.log'].flatMap(name => {
      expect(statSync(`${folder}/${name}`).size).toBeLessThan(1200);
      return linesIn(`${folder}/${name}`).map(({ message }) => Number(String(message).split(' ')[1]));
    });
    // The newest, in order, without a gap.
    expect(messages).toEqual(messages.map((_, index) => 200 - messages.length + index));
    expect(messages.length).toBeGreaterThan(20);
  });

  it('leads nowhere by a planted link, and is no reason to fail', () => {
    const folder = tempDir();
    const victim = `${folder}/victim`;
    writeFileSync(victim, 'mine');
    symlinkSync(victim, `${folder}/monitor.log`);
    const log = openMonitorLog(`${folder}/monitor.log`, { now });
    log.info('one');
    log.info('two');
    expect(readFileSync(victim, 'utf8')).toBe('mine');
    rmSync(`${folder}/monitor.log`);
    log.info('three');
    expect(linesIn(`${folder}/monitor.log`)).toMatchObject([{ message: 'three', lost_lines: 2 }]);
    mkdirSync(`${folder}/folder`);
    expect(() => openMonitorLog(`${folder}/folder`, { now }).info('x')).not.toThrow();
  });

  it('counts what a full disk refuses', context => {
    const disk = smallDisk();
    if ('refused' in disk) return context.skip(disk.refused);
    const log = openMonitorLog(`${disk.path}/monitor.log`, { now });
    log.info('before');
    fill(`${disk.path}/filler`);
    for (let line = 0; line < 100; line++) log.info(`during ${'x'.repeat(100)}`);
    rmSync(`${disk.path}/filler`);
    log.info('after');
    const text = readFileSync(`${disk.path}/monitor.log`, 'utf8');
    expect(text).toMatch(/"message":"after","lost_lines":\d+\}\n$/);
    expect(existsSync(`${disk.path}/monitor.log.1`)).toBe(false);
  });
});

describe('an episode', () => {
  it('is told at its beginning, when its reason changes, and at its end', () => {
    const log = memoryLog();
    let at = 0;
    const episode = new Episode('it cannot be done', log, () => at);
    episode.ended();
    for (let attempt = 0; attempt < 100; attempt++) episode.failed(new Error('no space'));
    // Reasons that change all the time are told once a minute.
    for (let attempt = 0; attempt < 100; attempt++) episode.failed(new Error(`number ${attempt}`));
    expect(log.lines).toEqual(['warn it cannot be done: no space; tried again']);
    expect(episode.problem).toBe('it cannot be done: no space');
    at = 61_000;
    episode.failed('not allowed');
    expect([log.lines.at(-1), episode.reason]).toEqual([
      'warn it cannot be done: not allowed; tried again',
      'not allowed',
    ]);
    episode.ended();
    episode.ended();
    expect(log.lines.slice(2)).toEqual(['info it cannot be done: all is well again, after 201 attempts that failed']);
    expect(episode.problem).toBeNull();
    episode.failed(new Error('no space'));
    expect(log.lines).toHaveLength(4);
  });
});
