/** Commands and the desktop: real programs get the alert, and none can hold the monitor up. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { NotifyDeps } from '../../../src/monitor/notify/channel.ts';
import { commandChannel } from '../../../src/monitor/notify/command.ts';
import { desktopChannel } from '../../../src/monitor/notify/desktop.ts';
import { alertOf } from '../../helpers/alerts.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

/** A folder with programs, in which they are run as well. */
function programs(scripts: Readonly<Record<string, string>>): { dir: string; deps: NotifyDeps } {
  const dir = tempDir();
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(`${dir}/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(`${dir}/${name}`, 0o755);
  }
  return { dir, deps: { stateDir: dir, env: { PATH: `${dir}:${process.env.PATH}`, TOKEN: 'abc' }, platform: 'linux' } };
}

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);

describe('a command', () => {
  it('gets the alert on standard input, in its environment, and its arguments as they are', async () => {
    const { dir, deps } = programs({
      notify: 'cat > input; env > env; for word; do echo "$word"; done > args; pwd -P > cwd',
    });
    const alert = alertOf({ subject: 'command /a\0b', message: 'two\nlines; $(touch pwned) `touch pwned`' });
    const channel = commandChannel(`notify 'a b' "$HOME" *.ts ; touch pwned`, deps);
    expect(await channel.send([alert])).toEqual({ ok: true, detail: 'done' });
    expect(JSON.parse(readFileSync(`${dir}/input`, 'utf8'))).toEqual(alert);
    expect(linesOf(`${dir}/args`)).toEqual(['a b', '$HOME', '*.ts', ';', 'touch', 'pwned']);
    const env = readFileSync(`${dir}/env`, 'utf8');
    expect(env).toContain('SPANBOOK_ALERT_KEY=hourly_cost_warning 2026-11-26T13:00Z\n');
    expect(env).toContain('SPANBOOK_ALERT_LEVEL=warning\n');
    expect(env).toContain('SPANBOOK_ALERT_VALUE=12.5\n');
    expect(env).toContain('SPANBOOK_ALERT_SUBJECT=command /ab\n');
    expect(env).toContain('TOKEN=abc\n');
    expect(() => readFileSync(`${dir}/pwned`)).toThrow('ENOENT');
    expect(linesOf(`${dir}/cwd`)).toHaveLength(1);
  });

  it.each([
    ['exit 3', 'exit code 3'],
    ['echo "no such room" >&2; echo more >&2; exit 1', 'exit code 1: no such room'],
    ['echo "token=abcdefgh12345" >&2; exit 1', 'exit code 1: token=[redacted]'],
    ['kill -9 $$', 'ended by SIGKILL'],
  ])('that does %j is told of', async (script, detail) => {
    const { deps } = programs({ notify: script });
    expect(await commandChannel('notify', deps).send([alertOf()])).toEqual({ ok: false, detail });
  });

  it('that is not there, may not be run, or has an open quote is told of', async () => {
    const { dir, deps } = programs({ notify: 'true' });
    chmodSync(`${dir}/notify`, 0o644);
    const results = [];
    for (const command of ['nobody-has-this --x', `${dir}/notify`, `notify 'x`]) {
      results.push(await commandChannel(command, deps).send([alertOf()]));
    }
    expect(results.map(({ ok, detail }) => [ok, detail])).toEqual([
      [false, 'nobody-has-this is not there'],
      [false, `${dir}/notify may not be run`],
      [false, 'expected a program with its arguments, all quotes closed'],
    ]);
  });

  it('that does not end is ended, with what it started', async () => {
    const { dir, deps } = programs({ notify: 'trap "" TERM; sleep 60 & echo $! > child; while :; do sleep 60; done' });
    const started = Date.now();
    const result = await commandChannel('notify', { ...deps, programMillis: 300 }).send([alertOf()]);
    expect(result).toEqual({ ok: false, detail: 'stopped: not done within 0.3 s' });
    expect(Date.now() - started).toBeLessThan(10_000);
    const child = Number(linesOf(`${dir}/child`)[0]);
    await expect.poll(() => isAlive(child), { timeout: 5000 }).toBe(false);
  });

  it('that reads nothing, or leaves something running, holds nobody up', async () => {
    const { deps } = programs({ closes: 'exec 0<&-; exit 0', leaves: 'sleep 20 & exit 0' });
    const message = 'x'.repeat(1_000_000);
    expect(await commandChannel('closes', deps).send([alertOf({ message })])).toMatchObject({ ok: true });
    const started = Date.now();
    expect(await commandChannel('leaves', deps).send([alertOf()])).toMatchObject({ ok: true });
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it('is known in the log by what it is, and shown without its arguments', () => {
    const { deps } = programs({});
    const channel = commandChannel('curl -H "Authorization: topsecret" x', deps);
    expect(channel.name).toBe('command curl');
    expect(channel.id).toMatch(/^command [0-9a-f]{8}$/);
    expect(commandChannel('curl', deps).id).not.toBe(channel.id);
  });
});

/** False as well if it is only waited for by nobody any more. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the desktop', () => {
  const record = 'for word; do echo "$word"; done > args';

  it('of Linux is told by notify-send', async () => {
    const { deps } = programs({ 'notify-send': `cd "$HOME"; ${record}` });
    const home = tempDir();
    const alerts = [alertOf({ message: '<b>5</b> & more' }), alertOf({ level: 'critical', message: 'too much' })];
    const result = await desktopChannel({ ...deps, env: { ...deps.env, HOME: home } }).send(alerts);
    expect(result).toEqual({ ok: true, detail: 'done' });
    expect(linesOf(`${home}/args`)).toEqual([
      '--app-name=spanbook',
      '--urgency=critical',
      '--',
      'spanbook: 2 alerts, 1 critical',
      'CRITICAL: too much',
      'WARNING: &lt;b&gt;5&lt;/b&gt; &amp; more',
    ]);
  });

  it('of macOS is told by osascript, with the texts as arguments', async () => {
    const { deps } = programs({ osascript: `cd "$HOME"; ${record}` });
    const home = tempDir();
    const env = { ...deps.env, HOME: home };
    await desktopChannel({ ...deps, env, platform: 'darwin' }).send([alertOf({ message: '" & do shell script "x' })]);
    expect(linesOf(`${home}/args`).slice(-2)).toEqual([
      'spanbook: warning: hourly cost',
      'WARNING: " & do shell script "x',
    ]);
  });

  it.each([
    ['linux', 'notify-send is not there: install it, or give alerts.notify a command'],
    ['win32', 'no notifications on win32; give alerts.notify a command'],
  ])('of %s without a program for it says what to do', async (platform, detail) => {
    const deps = { stateDir: '/', env: { PATH: tempDir() }, platform };
    expect(await desktopChannel(deps).send([alertOf()])).toEqual({ ok: false, detail });
  });
});
