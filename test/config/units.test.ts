/** The files with which systemd and launchd run the monitor. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../helpers/run-program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const UNITS = ['spanbook-monitor.service', 'spanbook-monitor@.service'];
const read = (name: string): string => readFileSync(`${ROOT}config/systemd/${name}`, 'utf8');

describe('the units of systemd', () => {
  it.for([
    ['spanbook-monitor.service', 'spanbook-monitor.service'],
    ['spanbook-monitor@.service', 'spanbook-monitor@home-dev-shop-state.service'],
  ] as const)('%s is one that systemd takes', ([name, instance], context) => {
    const folder = tempDir();
    mkdirSync(`${folder}/run`);
    copyFileSync(`${ROOT}config/systemd/${name}`, `${folder}/${name}`);
    const env = { PATH: process.env.PATH, HOME: folder, XDG_RUNTIME_DIR: `${folder}/run` };
    const verify = spawnSync('systemd-analyze', ['--user', 'verify', `${folder}/${instance}`], {
      env,
      encoding: 'utf8',
    });
    if (verify.error) return context.skip(`systemd-analyze cannot be run here: ${verify.error.message}`);
    // It ends well even if it does not know a key, and says so.
    expect([verify.status, verify.stderr]).toEqual([0, '']);
  });

  it('differ in their folder only', () => {
    const [user = '', template = ''] = UNITS.map(read).map(text => text.slice(text.indexOf('[Unit]')));
    expect(user.replaceAll('%h/.local/state/spanbook', '%f')).toBe(template.replace(' of %f', ''));
    expect(template).toContain('--state-dir %f\n');
  });

  it.each(UNITS)('%s restarts after a failure, not for ever, and keeps to its folder', name => {
    for (const line of [
      'Type=exec',
      'Restart=on-failure',
      'RestartSec=2',
      'StartLimitIntervalSec=60',
      'StartLimitBurst=5',
      'TimeoutStopSec=5',
      'UMask=0077',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      'WantedBy=default.target',
    ]) {
      expect(read(name).split('\n')).toContain(line);
    }
  });
});

it('the agent of launchd is one that a parser of property lists takes', context => {
  const parse = 'import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], "rb"))))';
  const path = `${ROOT}config/launchd/dev.spanbook.monitor.plist`;
  const { error, stdout, stderr } = spawnSync('python3', ['-c', parse, path], { encoding: 'utf8' });
  if (error) return context.skip(`python3 cannot be run here: ${error.message}`);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    Label: 'dev.spanbook.monitor',
    ProgramArguments: [
      '/usr/local/bin/node',
      '/usr/local/bin/spanbook',
      'monitor',
      'run',
      '--state-dir',
      '/Users/you/.local/state/spanbook',
    ],
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 10,
    ExitTimeOut: 5,
    Umask: 0o077,
    ProcessType: 'Background',
    StandardErrorPath: '/Users/you/.local/state/spanbook/monitor.err',
  });
});
