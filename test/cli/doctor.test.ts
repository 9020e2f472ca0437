/** `spanbook doctor` on real folders: a sound install, and the same with one thing broken. The hooks must be built. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Check } from '../../src/cli/doctor/check.ts';
import { checkHooksOff } from '../../src/cli/doctor/check-hooks-off.ts';
import { examine } from '../../src/cli/doctor/examination.ts';
import { readJournal } from '../../src/cli/doctor/read-journal.ts';
import { identityOf } from '../../src/monitor/process-check.ts';
import { ownIdentity } from '../../src/store/process-identity.ts';
import { type ClaudeProject, makeProject, snapshot, write } from '../helpers/claude-project.ts';
import { type CliResult, cli } from '../helpers/run-cli.ts';
import { ROOT, runHook } from '../helpers/run-program.ts';
import { smallDisk } from '../helpers/small-disk.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const SESSION = '11111111-2222-3333-4444-555555555555';
const isRoot = process.getuid?.() === 0;

interface Place extends ClaudeProject {
  stateDir: string;
  /** Of the one session of the project. */
  transcript: string;
  userState: string;
  /** `spanbook doctor …` in the project, now. */
  doctor(...argv: string[]): Promise<CliResult>;
  checks(...argv: string[]): Promise<Check[]>;
}

/** A project in which everything is as it should be: hooks, trust, a session that they recorded. */
async function makeSound(...initFlags: string[]): Promise<Place> {
  const made = makeProject();
  const { project, home, env } = made;
  env.PATH = process.env.PATH;
  await made.run('init', ...initFlags);
  const stateDir = `${project}/state`;
  const transcript = `${home}/.claude/projects/${project.replace(/[^a-zA-Z0-9]/g, '-')}/${SESSION}.jsonl`;
  write(transcript, '{}\n');
  write(`${home}/.claude.json`, JSON.stringify({ projects: { [project]: { hasTrustDialogAccepted: true } } }));
  for (const hook_event_name of ['UserPromptSubmit', 'Stop']) {
    const input = { hook_event_name, session_id: SESSION, prompt_id: 'p', prompt: 'hi' };
    const program = `${made.hooksDir}/claude-code.cjs`;
    await runHook('claude-code', { program, input, env: { CLAUDE_PROJECT_DIR: project, HOME: home } });
  }
  const doctor = (...argv: string[]): Promise<CliResult> =>
    cli(['doctor', ...argv], { cwd: project, env, now: Date.now });
  return {
    ...made,
    stateDir,
    transcript,
    userState: `${home}/.local/state/spanbook`,
    doctor,
    checks: async (...argv) => JSON.parse((await doctor(...argv, '--json')).out).checks,
  };
}

/** The file that a monitor with this process wrote. */
function writeMonitor(stateDir: string, identity: object): void {
  const { pid } = identity as { pid: number };
  const file = { version: '1', pid, process: identity, nonce: 'a'.repeat(64), started_at: '2026-01-01T00:00:00Z' };
  writeFileSync(`${stateDir}/monitor.json`, JSON.stringify(file), { mode: 0o600 });
}

function beatAt(stateDir: string, at: number): void {
  const path = `${stateDir}/journal/monitor-alive`;
  writeFileSync(path, '', { mode: 0o600 });
  utimesSync(path, at / 1000, at / 1000);
}

const wrongOf = (checks: readonly Check[]): Check[] =>
  checks.filter(({ status }) => !['ok', 'skipped'].includes(status));

/** Settings of the project, edited as data. */
function edit(path: string, change: (settings: Settings) => void): void {
  const settings = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  change(settings);
  write(path, JSON.stringify(settings));
}
interface Settings {
  hooks: Record<string, { matcher?: string; hooks: Record<string, unknown>[] }[]>;
  [key: string]: unknown;
}
const handlerOf = (settings: Settings, event: string): Record<string, unknown> =>
  settings.hooks[event]?.[0]?.hooks[0] ?? {};

describe('a sound install', () => {
  it.each([[[]], [['--local']]])('has nothing wrong: init %j', async flags => {
    const place = await makeSound(...flags);
    const { code, out, err } = await place.doctor();
    expect([code, err]).toEqual([0, '']);
    expect(wrongOf(await place.checks())).toEqual([]);
    expect(out).not.toContain('›');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(out).toMatch(/^✔ node {15}v\d/);
    expect(out).toMatch(/\n18 checks: 16 ok, 2 skipped\n$/);
  });

  it('is not changed by being looked at', async () => {
    const place = await makeSound();
    const before = snapshot(place.root);
    await place.doctor();
    expect(snapshot(place.root)).toEqual(before);
  });

  it('is found from another folder', async () => {
    const { root, project, env, stateDir } = await makeSound();
    const { out, code } = await cli(['doctor', '--project', project, '--json'], { cwd: root, env, now: Date.now });
    expect([code, JSON.parse(out)]).toMatchObject([0, { schema_version: '1.0.0', project, state_dir: stateDir }]);
    expect(wrongOf(JSON.parse(out).checks)).toEqual([]);
  });

  it('for all projects has nothing wrong', async () => {
    const { home, userState, env, project, run, doctor, checks } = await makeSound();
    await run('uninstall');
    rmSync(`${project}/state`, { recursive: true });
    await run('init', '--user');
    const input = { hook_event_name: 'SessionStart', session_id: SESSION, source: 'startup' };
    const call = { program: `${home}/.claude/hooks/spanbook/claude-code.cjs`, args: ['--state-dir', userState] };
    await runHook('claude-code', { ...call, input, env: { ...env, CLAUDE_PROJECT_DIR: project } });
    expect(wrongOf(await checks())).toEqual([]);
    expect(JSON.parse((await doctor('--json')).out).state_dir).toBe(userState);
  });
});

interface Broken {
  check: string;
  what: string;
  status: 'warning' | 'failed';
  break(place: Place): unknown;
  detail: string | RegExp;
  fix: string | RegExp;
}

const init = 'npx spanbook init';
const fact = (at: number): string =>
  `${JSON.stringify({ v: 1, at, source: 'hook', kind: 'stop', session: SESSION })}\n`;
const segment = ({ stateDir }: Place): string => `${stateDir}/journal/events-00000001.jsonl`;

const BROKEN: Broken[] = [
  {
    check: 'node',
    what: 'not in PATH',
    status: 'failed',
    break: ({ env, root }) => Object.assign(env, { PATH: root }),
    detail: 'no node in PATH',
    fix: /^Install Node\.js 20\.6 or later/,
  },
  {
    check: 'node',
    what: 'too old',
    status: 'failed',
    break({ env, root }) {
      write(`${root}/bin/node`, '#!/bin/sh\necho v20.5.1\n');
      chmodSync(`${root}/bin/node`, 0o755);
      env.PATH = `${root}/bin:${env.PATH}`;
    },
    detail: 'is v20.5.1, older than 20.6',
    fix: /^Install Node\.js/,
  },
  {
    check: 'settings',
    what: 'are no JSON',
    status: 'failed',
    break: ({ localSettings }) => write(localSettings, '{"a": }'),
    detail: 'settings.local.json: expected JSON, got a mistake at line 1',
    fix: /^Edit .*settings\.local\.json until it is JSON$/,
  },
  {
    check: 'settings',
    what: 'lack an event',
    status: 'warning',
    break: ({ settings }) => edit(settings, ({ hooks }) => delete hooks.SubagentStop),
    detail: 'no hook for SubagentStop',
    fix: init,
  },
  ...(
    [
      ['async', { async: true }, 'failed', 'Stop has async'],
      ['onFailure', { onFailure: 'block' }, 'failed', 'Stop has onFailure'],
      ['another timeout', { timeout: 600 }, 'warning', 'Stop has the timeout 600, not 5'],
    ] as const
  ).map(
    ([what, keys, status, detail]): Broken => ({
      check: 'settings',
      what: `have ${what}`,
      status,
      break: ({ settings }) => edit(settings, all => Object.assign(handlerOf(all, 'Stop'), keys)),
      detail,
      fix: init,
    }),
  ),
  {
    check: 'settings',
    what: 'go through a shell',
    status: 'warning',
    break: ({ settings, hooksDir }) =>
      edit(settings, ({ hooks }) => {
        hooks.Stop = [{ hooks: [{ type: 'command', command: `node ${hooksDir}/claude-code.cjs`, timeout: 5 }] }];
      }),
    detail: 'Stop is not called as node with args',
    fix: init,
  },
  {
    check: 'settings',
    what: 'have another matcher',
    status: 'warning',
    break: ({ settings }) =>
      edit(settings, ({ hooks }) => Object.assign(hooks.PreToolUse?.[0] ?? {}, { matcher: 'Bash' })),
    detail: 'PreToolUse has the matcher "Bash", not "Agent|Task|Skill"',
    fix: init,
  },
  {
    check: 'hooks-files',
    what: 'are stale',
    status: 'warning',
    break: ({ hooksDir }) => appendFileSync(`${hooksDir}/checkpoint.cjs`, '//'),
    detail: /^not of this version: checkpoint\.cjs \(in \/.*\/hooks\/spanbook\)$/,
    fix: init,
  },
  {
    check: 'hooks-files',
    what: 'are gone',
    status: 'failed',
    break: ({ hooksDir }) => rmSync(`${hooksDir}/claude-code.cjs`),
    detail: 'claude-code.cjs is not there, though',
    fix: init,
  },
  ...['settings', 'localSettings', 'userSettings'].map(
    (name): Broken => ({
      check: 'hooks-off',
      what: `by disableAllHooks in ${name}`,
      status: 'failed',
      break: place => edit(place[name as 'settings'], settings => Object.assign(settings, { disableAllHooks: true })),
      detail: '"disableAllHooks": true in',
      fix: /^Edit .*: take out "disableAllHooks"$/,
    }),
  ),
  {
    check: 'hooks-off',
    what: 'by the environment',
    status: 'failed',
    break: ({ env }) => Object.assign(env, { SPANBOOK_DISABLED: '1' }),
    detail: 'SPANBOOK_DISABLED=1',
    fix: 'unset SPANBOOK_DISABLED',
  },
  {
    check: 'hooks-off',
    what: 'by the environment that settings give',
    status: 'failed',
    break: ({ userSettings }) => write(userSettings, '{"env": {"SPANBOOK_DISABLED": "1"}}'),
    detail: '"SPANBOOK_DISABLED": "1" in',
    fix: /take "SPANBOOK_DISABLED" out of "env"$/,
  },
  {
    check: 'double-install',
    what: 'for all projects too',
    status: 'warning',
    break: ({ run }) => run('init', '--user'),
    detail: 'two state folders',
    fix: 'npx spanbook uninstall',
  },
  {
    check: 'double-install',
    what: 'in both files of the project',
    status: 'warning',
    break: ({ settings, localSettings }) => write(localSettings, readFileSync(settings)),
    detail: 'in settings.json and in settings.local.json',
    fix: init,
  },
  {
    check: 'double-install',
    what: 'as a plugin too',
    status: 'warning',
    break: ({ userSettings }) => write(userSettings, '{"enabledPlugins": {"other@x": true, "spanbook@market": true}}'),
    detail: 'also as the plugin spanbook@market',
    fix: /^Edit .*: set "spanbook@market" to false in "enabledPlugins"$/,
  },
  ...(
    [
      ['not given', '{"projects": {}}'],
      ['denied', undefined],
    ] as const
  ).map(
    ([what, text]): Broken => ({
      check: 'trust',
      what,
      status: 'warning',
      break: ({ home, project }) =>
        write(
          `${home}/.claude.json`,
          text ?? JSON.stringify({ projects: { [project]: { hasTrustDialogAccepted: false } } }),
        ),
      detail: 'interactive sessions run no hooks',
      fix: /^cd \/.* && claude, and say that you trust the folder$/,
    }),
  ),
  {
    check: 'trust',
    what: 'not known',
    status: 'warning',
    break: ({ home }) => rmSync(`${home}/.claude.json`),
    detail: '(no ',
    fix: /^cd /,
  },
  {
    check: 'hooks-seen',
    what: 'but a session went on without them',
    status: 'warning',
    break({ transcript }) {
      const later = new Date(Date.now() + 6 * 60_000);
      utimesSync(transcript, later, later);
    },
    detail: 'not running: a session went on',
    fix: /^claude --debug-file/,
  },
  {
    check: 'hook-failures',
    what: 'in the state folder',
    status: 'warning',
    break: ({ stateDir }) =>
      writeFileSync(`${stateDir}/hooks.log`, '{"at":"2026-11-23T00:00:00Z","hook":"claude-code","reason":"ENOSPC"}\n', {
        mode: 0o600,
      }),
    detail: /^1 in .*\/state\/hooks\.log, the last: claude-code: ENOSPC$/,
    fix: /^Mend the cause, then: rm \/.*\/state\/hooks\.log$/,
  },
  {
    check: 'hook-failures',
    what: 'at home',
    status: 'warning',
    break: ({ userState }) => write(`${userState}/hooks.log`, '{"hook":"claude-code","reason":"EACCES"}\n'),
    detail: 'the last: claude-code: EACCES',
    fix: /rm \/.*\/\.local\/state\/spanbook\/hooks\.log$/,
  },
  {
    check: 'state-folder',
    what: 'open to others',
    status: 'warning',
    break: ({ stateDir }) => chmodSync(stateDir, 0o755),
    detail: '(mode 755, not 700)',
    fix: /^chmod -R go= \/.*\/state$/,
  },
  {
    check: 'state-folder',
    what: 'with a file that is open to others',
    status: 'warning',
    break: place => chmodSync(segment(place), 0o644),
    detail: 'events-00000001.jsonl has mode 644, not 600',
    fix: /^chmod -R go= /,
  },
  {
    check: 'journal',
    what: 'with damaged lines',
    status: 'warning',
    break: place => appendFileSync(segment(place), 'torn\n{"v":1}\n'),
    detail: '2 damaged lines among 2 facts',
    fix: /^Nothing can bring them back/,
  },
  {
    check: 'journal',
    what: 'of a newer version',
    status: 'warning',
    break: place => appendFileSync(segment(place), '{"v":99,"kind":"x"}\n'),
    detail: '1 fact of a newer version',
    fix: 'Upgrade spanbook where you ask',
  },
  {
    check: 'journal',
    what: 'with a damaged document',
    status: 'failed',
    break: ({ stateDir }) => truncateSync(`${stateDir}/pipeline_progress.json`, 100),
    detail: 'pipeline_progress.json cannot be read',
    fix: /^npx spanbook pipeline status --state-dir \/.*\/state$/,
  },
  {
    check: 'journal',
    what: 'with a damaged archive',
    status: 'failed',
    break({ stateDir }) {
      mkdirSync(`${stateDir}/archive`, { mode: 0o700 });
      const document = readFileSync(`${stateDir}/pipeline_progress.json`);
      const path = `${stateDir}/archive/pipeline_progress-00000001.json`;
      writeFileSync(path, document.subarray(0, -40), { mode: 0o600 });
    },
    detail: 'pipeline_progress-00000001.json cannot be read',
    fix: /^Put \/.* back from a backup$/,
  },
  {
    check: 'clock',
    what: 'ahead',
    status: 'warning',
    break: place => appendFileSync(segment(place), fact(Date.now() + 3_630_000)),
    detail: '1 fact lies in the future, by up to 1h 00m',
    fix: /timedatectl set-ntp true$/,
  },
  {
    check: 'clock',
    what: 'behind',
    status: 'warning',
    break: place => appendFileSync(segment(place), fact(Date.now() - 7_230_000)),
    detail: 'the last fact is dated 2h 00m before it was written',
    fix: /timedatectl/,
  },
  {
    check: 'spanbook-settings',
    what: 'with a wrong value',
    status: 'failed',
    break: ({ stateDir }) => write(`${stateDir}/spanbook.json`, '{"rotation": {"max_bytes": -1}}'),
    detail: 'rotation.max_bytes: expected a whole number of bytes',
    fix: /^Edit \/.*\/state\/spanbook\.json$/,
  },
  {
    check: 'monitor',
    what: 'in a file that names none',
    status: 'warning',
    break: ({ stateDir }) => writeFileSync(`${stateDir}/monitor.json`, '{"pid": 2147483000}', { mode: 0o600 }),
    detail: 'monitor.json names no monitor',
    fix: /^rm \/.*\/state\/monitor\.json$/,
  },
  {
    check: 'monitor',
    what: 'that was killed',
    status: 'warning',
    break: ({ stateDir }) => writeMonitor(stateDir, { ...ownIdentity(), pid: 2_147_483_000 }),
    detail: 'process 2147483000 was the monitor, and was killed',
    fix: 'npx spanbook monitor start',
  },
  {
    check: 'monitor',
    what: 'whose number went to another process',
    status: 'warning',
    break: ({ stateDir }) => writeMonitor(stateDir, { ...identityOf(process.ppid), started: 1 }),
    detail: /^process \d+ was the monitor, and was killed$/,
    fix: 'npx spanbook monitor start',
  },
  {
    check: 'monitor',
    what: 'that is stuck',
    status: 'warning',
    break({ stateDir }) {
      writeMonitor(stateDir, { ...identityOf(process.ppid) });
      beatAt(stateDir, Date.now() - 42_000);
    },
    detail: /^process \d+ is alive but stuck: its last sign of life came 4[2-9]\.\ds ago$/,
    fix: 'npx spanbook monitor stop && npx spanbook monitor start',
  },
  {
    check: 'monitor',
    what: 'that never beat',
    status: 'warning',
    break: ({ stateDir }) => writeMonitor(stateDir, { ...identityOf(process.ppid) }),
    detail: /^process \d+ is alive but stuck: it has given no sign of life$/,
    fix: 'npx spanbook monitor stop && npx spanbook monitor start',
  },
  {
    check: 'prices',
    what: 'with a wrong value',
    status: 'failed',
    break: ({ stateDir }) => write(`${stateDir}/usage_pricing.json`, '{"currency": "EUR"}'),
    detail: 'currency: expected "USD", got "EUR"',
    fix: /^Edit \/.*\/state\/usage_pricing\.json$/,
  },
  {
    check: 'transcripts',
    what: 'that are not there',
    status: 'warning',
    break: ({ transcript }) => rmSync(transcript),
    detail: 'none of this project in',
    fix: /^Send a prompt to Claude Code in \//,
  },
  {
    check: 'transcripts',
    what: 'that go soon',
    status: 'warning',
    break: ({ userSettings }) => write(userSettings, '{"cleanupPeriodDays": 1}'),
    detail: '"cleanupPeriodDays": 1 in',
    fix: /^Edit .*: "cleanupPeriodDays": 30$/,
  },
  {
    check: 'leftovers',
    what: 'of a damaged document',
    status: 'warning',
    break: ({ stateDir }) =>
      writeFileSync(`${stateDir}/pipeline_progress.bad-20261123T073012123.json`, '', { mode: 0o600 }),
    detail: '1 damaged documents that were set aside',
    fix: /^rm \/.*\.bad-20261123T073012123\.json$/,
  },
  {
    check: 'leftovers',
    what: 'of a killed writer',
    status: 'warning',
    break({ stateDir }) {
      const path = `${stateDir}/.pipeline_progress.json.123-abcdef.tmp`;
      writeFileSync(path, '', { mode: 0o600 });
      utimesSync(path, 1, 1);
    },
    detail: '1 temporary files of writers that were killed',
    fix: /^rm \/.*\.tmp$/,
  },
];

describe('what is broken', () => {
  it.each(BROKEN.map(broken => [`${broken.check} ${broken.what}`, broken] as const))(
    'is named, and nothing else: %s',
    async (_, broken) => {
      const place = await makeSound();
      await broken.break(place);
      const wrong = wrongOf(await place.checks());
      expect(wrong).toEqual([expect.objectContaining({ name: broken.check, status: broken.status })]);
      const [{ detail, fix } = { detail: '', fix: '' }] = wrong;
      expect(detail).toMatch(broken.detail instanceof RegExp ? broken.detail : new RegExp(escaped(broken.detail)));
      if (broken.fix instanceof RegExp) expect(fix).toMatch(broken.fix);
      else expect(fix).toBe(broken.fix);
      const { code, out } = await place.doctor();
      expect(code).toBe(broken.status === 'failed' ? 1 : 0);
      expect(out).toContain(`\n  › ${fix}\n`);
      expect(out.split('\n').filter(line => line.startsWith('  › '))).toHaveLength(1);
    },
  );
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const find = (checks: readonly Check[], name: string): Check | undefined => checks.find(check => check.name === name);

describe('the endpoint', () => {
  /** A server on loopback that answers so, and what it was asked. */
  async function serve(status: number, type: string, location?: string): Promise<{ url: string; asked: unknown[] }> {
    const asked: unknown[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', text => {
        body += text;
      });
      request.on('end', () => {
        asked.push([request.method, request.url, body, request.headers['x-key']]);
        response.writeHead(status, { 'content-type': type, ...(location && { location }) }).end('{}');
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  }

  const setIn = ({ stateDir }: Place, endpoint: string): void =>
    write(`${stateDir}/spanbook.json`, JSON.stringify({ otlp: { endpoint, headers: { 'x-key': 'SECRET' } } }));

  it('takes spans', async () => {
    const place = await makeSound();
    const { url, asked } = await serve(200, 'application/json');
    setIn(place, url);
    const checks = await place.checks();
    expect(wrongOf(checks)).toEqual([]);
    expect(find(checks, 'endpoint')).toMatchObject({ status: 'ok', detail: `${url}/v1/traces takes spans` });
    expect(asked).toEqual([['POST', '/v1/traces', '{"resourceSpans":[]}', 'SECRET']]);
  });

  it.each([
    [404, 'text/html', 'answers 404 with text/html', /^Set otlp\.endpoint in \/.* to the base URL/],
    [200, 'text/html; charset=utf-8', 'which is no OTLP receiver', /^Set otlp\.endpoint in /],
    [401, 'application/json', 'answers 401: it wants credentials', /^Set the header that it asks for in otlp\.headers/],
    [302, 'text/plain', 'answers 302', /^Set otlp\.endpoint in /],
  ])('that answers %i %s is a failure', async (status, type, detail, fix) => {
    const place = await makeSound();
    const { url } = await serve(status, type);
    setIn(place, url);
    const wrong = wrongOf(await place.checks());
    expect(wrong).toMatchObject([{ name: 'endpoint', status: 'failed', fix: expect.stringMatching(fix) }]);
    expect(wrong[0]?.detail).toContain(detail);
    expect((await place.doctor()).code).toBe(1);
  });

  it('that refuses is a failure, and its secrets are not told', async () => {
    const place = await makeSound();
    setIn(place, 'http://127.0.0.1:1/?key=SECRET');
    const { out } = await place.doctor('--json');
    expect(wrongOf(JSON.parse(out).checks)).toMatchObject([
      {
        name: 'endpoint',
        detail: expect.stringContaining('does not answer'),
        fix: expect.stringMatching(/^Start the receiver, or set otlp\.endpoint in /),
      },
    ]);
    expect(out).not.toContain('SECRET');
  });

  it('in the environment goes first', async () => {
    const place = await makeSound();
    const { url, asked } = await serve(200, 'application/json');
    setIn(place, 'http://127.0.0.1:1');
    Object.assign(place.env, { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b' });
    expect(wrongOf(await place.checks())).toEqual([]);
    expect(asked).toEqual([['POST', '/v1/traces', '{"resourceSpans":[]}', 'a b']]);
  });

  it('that leads elsewhere is not followed', async () => {
    const place = await makeSound();
    const other = await serve(200, 'application/json');
    const { url } = await serve(307, 'text/plain', `${other.url}/v1/traces`);
    setIn(place, url);
    expect(wrongOf(await place.checks())).toMatchObject([{ name: 'endpoint', status: 'failed' }]);
    expect(other.asked).toEqual([]);
  });

  it('that is none is not asked', async () => {
    const place = await makeSound();
    place.env.OTEL_EXPORTER_OTLP_ENDPOINT = 'file:///etc/passwd';
    expect(wrongOf(await place.checks())).toMatchObject([
      { name: 'endpoint', detail: 'OTEL_EXPORTER_OTLP_ENDPOINT is no http or https URL' },
    ]);
  });
});

describe('hooks', () => {
  it('that are nowhere are missed, and nothing else', async () => {
    const { project, env } = makeProject();
    env.PATH = process.env.PATH;
    const { code, out } = await cli(['doctor', '--json'], { cwd: project, env, now: Date.now });
    const { checks } = JSON.parse(out);
    expect(code).toBe(0);
    expect(wrongOf(checks).map(({ name, fix }) => [name, fix])).toEqual([
      ['settings', init],
      ['trust', expect.anything()],
      ['transcripts', expect.anything()],
    ]);
    expect(readdirSync(project)).toEqual([]);
  });

  it('that have not run yet are a warning, and make no state folder', async () => {
    const place = await makeSound();
    rmSync(place.stateDir, { recursive: true });
    const wrong = wrongOf(await place.checks());
    expect(wrong).toMatchObject([{ name: 'hooks-seen', status: 'warning', detail: 'no hook has run yet' }]);
    expect(wrong[0]?.fix).toMatch(/^Send a prompt to Claude Code in \//);
    expect(existsSync(place.stateDir)).toBe(false);
  });

  it('are silent for long while a run is open, which is no warning', async () => {
    const place = await makeSound();
    const later = new Date(Date.now() + 3_600_000);
    utimesSync(place.transcript, later, later);
    const prompt = { v: 1, at: Date.now(), source: 'hook', kind: 'prompt', session: SESSION };
    appendFileSync(segment(place), `${JSON.stringify(prompt)}\n`);
    expect(wrongOf(await place.checks())).toEqual([]);
  });

  it('of another session that went on without them are missed', async () => {
    const place = await makeSound();
    const other = `${dirname(place.transcript)}/other.jsonl`;
    write(other, '');
    const later = new Date(Date.now() + 360_000);
    utimesSync(other, later, later);
    expect(wrongOf(await place.checks())).toMatchObject([
      { name: 'hooks-seen', detail: expect.stringContaining(other) },
    ]);
  });

  it('that record elsewhere than queries look are told', async () => {
    const place = await makeSound();
    await place.run('init', '--state-dir', 'book');
    renameSync(place.stateDir, `${place.project}/book`);
    const wrong = wrongOf(await place.checks());
    expect(wrong).toMatchObject([{ name: 'state-folder', status: 'warning' }]);
    expect(wrong[0]?.detail).toBe(
      `hooks record to ${place.project}/book, but queries in this project look into ${place.stateDir}`,
    );
    expect(wrong[0]?.fix).toBe(`export SPANBOOK_STATE_DIR=${place.project}/book, or npx spanbook init`);
    expect(wrongOf(await place.checks('--state-dir', 'book'))).toEqual([]);
  });

  it('beside those that a person wrote are told', async () => {
    const place = await makeSound();
    const handler = { type: 'command', command: 'node', args: [`${ROOT}dist/hooks/claude-code.cjs`], timeout: 5 };
    edit(place.settings, ({ hooks }) => hooks.Stop?.push({ hooks: [handler] }));
    const wrong = wrongOf(await place.checks());
    expect(wrong.map(({ name }) => name)).toEqual(['settings', 'double-install']);
    expect(wrong[1]?.fix).toMatch(
      /^Edit .*settings\.json: take out the hooks that call \/.*\/dist\/hooks\/claude-code\.cjs$/,
    );
  });

  it.each([
    ['{"allowManagedHooksOnly": true}', '"allowManagedHooksOnly": true in', /^Ask who manages this machine/],
    ['{"disableAllHooks": true}', '"disableAllHooks": true in', /^Edit /],
    ['no JSON', 'nothing switches them off', /^$/],
  ])('under managed settings %s', (text, detail, fix) => {
    const { root, project, env } = makeProject();
    const managedSettings = `${root}/managed-settings.json`;
    write(managedSettings, text);
    const options = { env, cwd: project, now: Date.now(), builtHooks: `${ROOT}dist/hooks`, managedSettings };
    const finding = checkHooksOff(examine(options));
    expect(finding.detail).toContain(detail);
    expect(finding.fix ?? '').toMatch(fix);
  });
});

describe('trust', () => {
  const trust = ({ home }: Place, folder: string): void =>
    write(`${home}/.claude.json`, JSON.stringify({ projects: { [folder]: { hasTrustDialogAccepted: true } } }));

  it('of the repository around the project counts', async () => {
    const place = await makeSound();
    mkdirSync(`${place.root}/.git`);
    trust(place, place.root);
    const checks = await place.checks();
    expect(find(checks, 'trust')).toMatchObject({ status: 'ok', detail: `${place.root} is trusted` });
  });

  it('of a folder above counts only if the project brings no hooks of its own', async () => {
    const place = await makeSound();
    trust(place, place.root);
    expect(wrongOf(await place.checks())).toMatchObject([{ name: 'trust', status: 'warning' }]);
    await place.run('uninstall');
    await place.run('init', '--user');
    expect(find(await place.checks(), 'trust')).toMatchObject({ status: 'ok', detail: `${place.root} is trusted` });
  });

  it('lies in CLAUDE_CONFIG_DIR, if that is set', async () => {
    const place = await makeSound();
    const { home, root, env } = place;
    renameSync(`${home}/.claude`, `${root}/config`);
    renameSync(`${home}/.claude.json`, `${root}/config/.claude.json`);
    env.CLAUDE_CONFIG_DIR = `${root}/config`;
    expect(wrongOf(await place.checks())).toEqual([]);
  });
});

describe('the state folder', () => {
  it('may be a file, which is a failure', async () => {
    const place = await makeSound();
    const stateDir = `${place.root}/file`;
    write(stateDir, '');
    const checks = await place.checks('--state-dir', stateDir);
    expect(find(checks, 'state-folder')).toMatchObject({ status: 'failed', fix: `rm ${stateDir}` });
  });

  it('with a journal that is no folder is a failure', async () => {
    const place = await makeSound();
    rmSync(`${place.stateDir}/journal`, { recursive: true });
    write(`${place.stateDir}/journal`, '');
    const checks = await place.checks();
    expect(find(checks, 'journal')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('(ENOTDIR)'),
      fix: `Look at it: ls -la ${place.stateDir}/journal`,
    });
  });

  it('on a small disk is told', async ({ skip }) => {
    const disk = smallDisk('size=2m');
    if ('refused' in disk) return skip(disk.refused);
    const place = await makeSound();
    chmodSync(disk.path, 0o700);
    const checks = await place.checks('--state-dir', disk.path);
    expect(find(checks, 'state-folder')).toMatchObject({ status: 'warning', fix: 'Free some space on that disk' });
  });

  it.skipIf(isRoot)('that cannot be written is a failure', async () => {
    const place = await makeSound();
    chmodSync(place.stateDir, 0o500);
    const [wrong] = wrongOf(await place.checks());
    chmodSync(place.stateDir, 0o700);
    expect(wrong).toMatchObject({ name: 'state-folder', status: 'failed', fix: `chmod -R u+rwX ${place.stateDir}` });
  });

  it('with a very large journal is read from its end', async () => {
    const place = await makeSound();
    const size = statSync(segment(place)).size;
    const line = fact(Date.now());
    appendFileSync(segment(place), line.repeat(3));
    const report = readJournal(place.stateDir, Date.now(), 2 * line.length + 10);
    expect(report).toMatchObject({ facts: 2, damaged: 0, sizeBytes: size + 3 * line.length });
    expect(report.readBytes).toBe(2 * line.length + 10);
  });
});

describe('a monitor', () => {
  it('that runs is all right', async () => {
    const place = await makeSound();
    writeMonitor(place.stateDir, { ...identityOf(process.ppid) });
    beatAt(place.stateDir, Date.now());
    const checks = await place.checks();
    expect(wrongOf(checks)).toEqual([]);
    expect(find(checks, 'monitor')?.detail).toBe(`running as process ${process.ppid}`);
    expect(find(await place.checks('--state-dir', place.stateDir), 'monitor')?.status).toBe('ok');
  });

  it('of another container is all right while it beats', async () => {
    const place = await makeSound();
    writeMonitor(place.stateDir, { ...identityOf(process.ppid), namespace: 'pid:[1]' });
    beatAt(place.stateDir, Date.now());
    expect(find(await place.checks(), 'monitor')).toMatchObject({
      status: 'ok',
      detail: `running as process ${process.ppid} of another container or host`,
    });
  });
});

describe('whatever the world is like', () => {
  const GARBAGE = ['', '{', 'null', '[]', '{"hooks": 7}', '{"hooks": {"Stop": [null, {"hooks": [null]}]}}', '\xff\0'];

  it.each(GARBAGE)('it answers: files that hold %j', async text => {
    const { root, project, home, settings, localSettings, userSettings, env } = makeProject();
    const state = `${project}/state`;
    const names = ['spanbook.json', 'usage_pricing.json', 'monitor.json', 'hooks.log', 'pipeline_progress.json'];
    const paths = [...names, 'journal/events-00000001.jsonl', 'archive/pipeline_progress-00000001.json'];
    for (const path of [settings, localSettings, userSettings, `${home}/.claude.json`]) write(path, text);
    for (const path of paths) write(`${state}/${path}`, text);
    const before = snapshot(root);
    const { out, err } = await cli(['doctor', '--json'], { cwd: project, env, now: Date.now });
    expect(err).toBe('');
    expect(JSON.parse(out).checks).toHaveLength(18);
    expect(snapshot(root)).toEqual(before);
  });

  it.each([
    ['no home', {}],
    ['an empty home', { HOME: '' }],
    ['a home that is not there', { HOME: '/nonexistent' }],
    ['a home that is a file', { HOME: '/dev/null' }],
    ['a config folder that is a file', { HOME: '/nonexistent', CLAUDE_CONFIG_DIR: '/dev/null' }],
  ])('it answers: %s', async (_, env) => {
    const cwd = tempDir();
    const { out, err } = await cli(['doctor', '--json'], { cwd, env, now: Date.now });
    expect(err).toBe('');
    expect(JSON.parse(out).checks).toHaveLength(18);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('it answers: folders in the place of files, links to nothing, a project that is not there', async () => {
    const { project, home, settings, localSettings, env } = makeProject();
    mkdirSync(settings, { recursive: true });
    symlinkSync('nowhere', localSettings);
    symlinkSync('loop', `${home}/.claude.json`);
    for (const name of ['spanbook.json', 'monitor.json', 'hooks.log', 'pipeline_progress.json', 'usage_pricing.json']) {
      mkdirSync(`${project}/state/${name}`, { recursive: true });
    }
    for (const argv of [[], ['--project', `${project}/none`]]) {
      const { out, err } = await cli(['doctor', ...argv, '--json'], { cwd: project, env, now: Date.now });
      expect(err).toBe('');
      expect(JSON.parse(out).checks).toHaveLength(18);
    }
  });

  it('it answers at home, where the project is the person', async () => {
    const { home, env } = makeProject();
    await cli(['init', '--user'], { cwd: home, env });
    const { out } = await cli(['doctor', '--json'], { cwd: home, env, now: Date.now });
    expect(find(JSON.parse(out).checks, 'double-install')).toMatchObject({
      status: 'ok',
      detail: 'once, for all projects',
    });
  });

  it('text from outside is made safe', async () => {
    const place = await makeSound();
    writeFileSync(`${place.stateDir}/hooks.log`, '{"hook":"x","reason":"\\u001b[2Jcleared"}\n', { mode: 0o600 });
    expect((await place.doctor()).out).not.toContain('\x1b');
  });
});

describe('--self-test', () => {
  const left = (): string[] => readdirSync(tmpdir()).filter(name => name.startsWith('spanbook-doctor-'));

  it('records a session through the built hook, and leaves nothing', async () => {
    const place = await makeSound();
    const before = left();
    const checks = await place.checks('--self-test');
    expect(wrongOf(checks)).toEqual([]);
    expect(checks.at(-1)?.detail).toMatch(/^11 events recorded; a hook \d+ ms, an empty script \d+ ms$/);
    expect(left()).toEqual(before);
  });

  it.each([
    ['is not there', null, 'claude-code.cjs is not there'],
    ['ends with another code', 'process.exitCode = 2', 'the hook of SessionStart ended with 2, not with 0'],
    ['prints', 'console.log("hi")', 'the hook of SessionStart printed "hi\\n"'],
    ['records nothing', '', 'the recorded tree is []'],
  ])('fails where the hook %s', async (_, code, detail) => {
    const place = await makeSound();
    const hooksDir = `${place.root}/built`;
    mkdirSync(hooksDir);
    if (code !== null) write(`${hooksDir}/claude-code.cjs`, code);
    const options = { cwd: place.project, env: place.env, now: Date.now, hooksDir };
    const { code: exitCode, out } = await cli(['doctor', '--self-test', '--json'], options);
    expect(exitCode).toBe(1);
    expect(find(JSON.parse(out).checks, 'self-test')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining(detail),
      fix: expect.stringContaining('npm run build'),
    });
  });
});
