/** `spanbook init --otlp` in real folders: what it sets, and that it is gone after `uninstall`. The hooks must be built. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { telemetryVariables } from '../../src/claude-code/telemetry-variables.ts';
import { layouts, someSettings } from '../helpers/arbitrary-settings.ts';
import { type ClaudeProject, contents, makeProject, snapshot, write } from '../helpers/claude-project.ts';
import { cli } from '../helpers/run-cli.ts';

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const portOf = (answer: Record<string, unknown>): number => (answer.otlp as { port: number }).port;
/** Where each place keeps its state. */
const stateOf = ({ project, home }: ClaudeProject, flags: readonly string[]): string =>
  flags.includes('--user') ? `${home}/.local/state/spanbook` : `${project}/state`;
/** What XDG asks for may stay. */
const rest = (folder: string): string[] =>
  Object.keys(snapshot(folder)).filter(name => !['.local', '.local/state'].includes(name));

const PLACES = [[[]], [['--local']], [['--user']]];

describe('init --otlp', () => {
  it('tells the client where to send, in the settings that it takes this from', async () => {
    const { project, home, hooksDir, settings, userSettings, ask } = makeProject();
    const answer = await ask('init', '--otlp');
    const port = portOf(answer);
    expect(answer.otlp).toEqual({ settings_path: userSettings, port, variables: telemetryVariables(port) });
    expect(answer).toMatchObject({
      settings_path: settings,
      state_dir: `${project}/state`,
      changed: true,
      warnings: [],
    });
    expect(answer.created).toEqual(
      expect.arrayContaining([
        `${project}/state`,
        `${project}/state/spanbook.json`,
        `${hooksDir}/claude-code.cjs`,
        settings,
        `${home}/.claude/hooks/spanbook/install.json`,
        userSettings,
      ]),
    );
    expect(readFileSync(userSettings, 'utf8')).toBe(`${JSON.stringify({ env: telemetryVariables(port) }, null, 2)}\n`);
    expect(Object.keys(read(settings))).toEqual(['hooks']);
    expect(readFileSync(`${project}/state/spanbook.json`, 'utf8')).toBe(
      `${JSON.stringify({ receiver: { port } }, null, 2)}\n`,
    );
    expect([mode(`${project}/state`), mode(`${project}/state/spanbook.json`)]).toEqual(['700', '600']);
    expect(readFileSync(`${project}/state/.gitignore`, 'utf8')).toBe('*\n');
    // Nothing runs from there.
    expect(readdirSync(`${home}/.claude/hooks/spanbook`).sort()).toEqual(['.gitignore', 'install.json']);
    expect(mode(`${home}/.claude/hooks/spanbook/install.json`)).toBe('600');
  });

  it('for all projects has hooks and variables in one file', async () => {
    const { home, userSettings, ask } = makeProject();
    const answer = await ask('init', '--user', '--otlp');
    expect(answer).toMatchObject({ otlp: { settings_path: userSettings }, settings_path: userSettings });
    expect(Object.keys(read(userSettings))).toEqual(['hooks', 'env']);
    expect(read(`${home}/.local/state/spanbook/spanbook.json`)).toEqual({ receiver: { port: portOf(answer) } });
  });

  it.each(PLACES)('changes nothing the second time: %j', async flags => {
    const { root, userSettings, run, ask } = makeProject();
    write(userSettings, '{\r\n  // mine\r\n}\r\n');
    await run('init', '--otlp', ...flags);
    const before = snapshot(root);
    expect(await ask('init', '--otlp', ...flags)).toMatchObject({
      changed: false,
      created: [],
      updated: [],
      removed: [],
    });
    expect(snapshot(root)).toEqual(before);
    expect((await run('init', '--otlp', ...flags)).out).toContain('already. Nothing was changed.');
  });

  it.each(PLACES)('only says what it would do with --dry-run: %j', async flags => {
    const made = makeProject('{ "model": "x" }');
    const { root, userSettings, run, ask } = made;
    const before = snapshot(root);
    const said = await ask('init', '--otlp', '--dry-run', ...flags);
    const { out } = await run('init', '--otlp', '--dry-run', ...flags);
    expect(snapshot(root)).toEqual(before);
    expect(out).toContain(`would make    ${stateOf(made, flags)}/spanbook.json\n`);
    expect(out).toContain(`\nVariables that would be set in ${userSettings}:\n  CLAUDE_CODE_ENABLE_TELEMETRY=1\n`);
    expect(out).toContain(`\n  OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=http://127.0.0.1:${portOf(said)}/v1/logs\n`);
    expect({ ...(await ask('init', '--otlp', ...flags)), dry_run: true }).toEqual(said);
  });

  it('tells a person what was done and what must run', async () => {
    const { project, home, hooksDir, settings, userSettings, run } = makeProject();
    write(userSettings, '{}');
    const { out } = await run('init', '--otlp');
    const port = read(`${project}/state/spanbook.json`).receiver.port;
    expect(out.split('\n\n').slice(0, 3).join('\n\n')).toBe(`Claude Code now runs the hooks of spanbook in ${project}.

  made     ${project}/state/spanbook.json
  made     ${hooksDir} (10 files)
  made     ${settings}
  made     ${home}/.claude/hooks/spanbook (2 files)
  changed  ${userSettings}

From its next start on, Claude Code sends what each request used to port ${port} of this
machine, and nowhere else: in all your projects, for it takes such variables from
your own settings alone, ${userSettings}.
The monitor receives it: spanbook monitor start --state-dir ${project}/state`);
  });

  it('keeps the other keys of spanbook.json, and the port that it names', async () => {
    const { project, userSettings, ask } = makeProject();
    const path = `${project}/state/spanbook.json`;
    write(path, '{\n\t"durability": "fsync",\n\t"receiver": {}\n}\n');
    const port = portOf(await ask('init', '--otlp'));
    const text = `{\n\t"durability": "fsync",\n\t"receiver": {\n\t\t"port": ${port}\n\t}\n}\n`;
    expect(readFileSync(path, 'utf8')).toBe(text);
    writeFileSync(path, text.replace(String(port), '5123'));
    expect(portOf(await ask('init', '--otlp'))).toBe(5123);
    expect(read(userSettings).env).toEqual(telemetryVariables(5123));
    expect(readFileSync(path, 'utf8')).toBe(text.replace(String(port), '5123'));
  });

  it('names no port that another program has', async () => {
    const first = makeProject();
    const port = portOf(await first.ask('init', '--otlp'));
    const server = createServer();
    await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const other = makeProject();
    expect(portOf(await other.ask('init', '--otlp'))).toBeGreaterThan(port);
    // Its own receiver may be the one that listens there.
    expect(portOf(await first.ask('init', '--otlp'))).toBe(port);
  });

  it('leaves what others have in env, and what is as it should be already', async () => {
    const { userSettings, run } = makeProject();
    const theirs = '{ "env": { "A": "b", "CLAUDE_CODE_ENABLE_TELEMETRY": "true", "OTEL_METRICS_EXPORTER": "otlp" } }';
    write(userSettings, theirs);
    await run('init', '--otlp');
    const { env } = read(userSettings);
    expect(Object.keys(env).slice(0, 3)).toEqual(['A', 'CLAUDE_CODE_ENABLE_TELEMETRY', 'OTEL_METRICS_EXPORTER']);
    expect(env.CLAUDE_CODE_ENABLE_TELEMETRY).toBe('true');
    await run('uninstall');
    expect(readFileSync(userSettings, 'utf8')).toBe(theirs);
  });

  it('goes where CLAUDE_CONFIG_DIR says', async () => {
    const { root, project } = makeProject();
    const env = { CLAUDE_CONFIG_DIR: `${root}/a/b` };
    expect((await cli(['init', '--otlp'], { cwd: project, env })).code).toBe(0);
    expect(Object.keys(read(`${root}/a/b/settings.json`))).toEqual(['env']);
    expect((await cli(['uninstall'], { cwd: project, env })).code).toBe(0);
    expect([existsSync(`${root}/a`), readdirSync(project)]).toEqual([true, []]);
    expect(readdirSync(`${root}/a`)).toEqual([]);
  });
});

describe('init without --otlp', () => {
  it.each(PLACES)('keeps what --otlp has set: %j', async flags => {
    const made = makeProject();
    const { root, run, userSettings } = made;
    await run('init', '--otlp', ...flags);
    const before = snapshot(root);
    await run('init', ...flags);
    expect(snapshot(root)).toEqual(before);
    await run('uninstall', ...flags);
    expect(existsSync(userSettings)).toBe(false);
    expect(existsSync(stateOf(made, flags))).toBe(false);
  });

  it('never sets any of it', async () => {
    const { project, userSettings, run } = makeProject();
    await run('init');
    expect([existsSync(userSettings), existsSync(`${project}/state`)]).toEqual([false, false]);
  });
});

describe('after init --otlp and uninstall', () => {
  it.each(PLACES)('a place that had nothing has nothing: %j', async flags => {
    const { project, home, run, ask } = makeProject();
    await run('init', '--otlp', ...flags);
    await run('init', '--otlp', ...flags);
    const { out } = await run('uninstall', ...flags);
    expect(out).toContain("The hooks of spanbook are out of Claude Code's settings.");
    expect([rest(project), rest(home)]).toEqual([[], []]);
    expect(await ask('uninstall', ...flags)).toMatchObject({ changed: false, updated: [], removed: [] });
  });

  it.each([
    ['nothing', ''],
    ['a byte order mark', '\uFEFF{\n  "a": 1\n}\n'],
    ['comments everywhere', '/*0*/{//1\n"a"/*2*/:/*3*/1/*4*/,//5\n"env"://6\n{/*7*/}//8\n}//9'],
    ['trailing commas', '{\n  "env": {\n    "A": "b",\n  },\n}\n'],
    ['CRLF', '{\r\n\t"env": {}\r\n}'],
    ['one line', '{"env":{"A":"b"},"c":[1,22]}'],
  ])('settings with %s are the same, byte for byte', async (_what, text) => {
    const { home, userSettings, run } = makeProject();
    write(userSettings, text);
    const before = contents(home);
    await run('init', '--otlp');
    expect(readFileSync(userSettings, 'utf8')).not.toBe(text);
    await run('uninstall');
    expect(contents(home)).toEqual(before);
  });

  it('of settings that somebody edited, only our variables go', async () => {
    const { userSettings, run } = makeProject();
    write(userSettings, '{"env":{"A":"b"}}');
    await run('init', '--otlp');
    const { env } = read(userSettings);
    writeFileSync(
      userSettings,
      JSON.stringify({ model: 'x', env: { ...env, OTEL_LOGS_EXPORTER: 'otlp,console', C: 1 } }),
    );
    await run('uninstall');
    expect(read(userSettings)).toEqual({ model: 'x', env: { A: 'b', OTEL_LOGS_EXPORTER: 'otlp,console', C: 1 } });
  });

  it('what was recorded stays, and what else is set', async () => {
    const { project, run } = makeProject();
    write(`${project}/state/spanbook.json`, '{ "durability": "fsync" }\n');
    write(`${project}/state/journal/events-00000001.jsonl`, '');
    await run('init', '--otlp');
    expect((await run('uninstall')).out).toContain(`What was recorded stays in ${project}/state\n`);
    expect(read(`${project}/state/spanbook.json`)).toEqual({ durability: 'fsync' });
    expect(existsSync(`${project}/state/journal/events-00000001.jsonl`)).toBe(true);
  });

  it('a port that was set to another since stays', async () => {
    const { project, run } = makeProject();
    await run('init', '--otlp');
    writeFileSync(`${project}/state/spanbook.json`, '{"receiver":{"port":5999}}');
    await run('uninstall');
    expect(read(`${project}/state/spanbook.json`)).toEqual({ receiver: { port: 5999 } });
  });

  it('whatever the settings are, the rest says the same, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(someSettings, layouts, fc.constantFrom([], ['--user']), async (value, show, flags) => {
        const made = makeProject();
        try {
          write(made.userSettings, show(value));
          const before = contents(made.home);
          const { code } = await made.run('init', '--otlp', ...flags);
          if (code !== 0) expect(contents(made.home)).toEqual(before);
          await made.run('uninstall', ...flags);
          const after = Object.entries(contents(made.home)).filter(([name]) => !name.startsWith('.local'));
          expect(Object.fromEntries(after)).toEqual(before);
        } finally {
          rmSync(made.root, { recursive: true });
        }
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) / 5 },
    );
  });
});

describe('hooks for all projects beside it', () => {
  it('stay when the project is done, and nothing is lost of the bytes from before', async () => {
    const { home, project, userSettings, run } = makeProject();
    write(userSettings, '{ "env" : { } , "a":1 }');
    const before = contents(home);
    await run('init', '--otlp');
    await run('init', '--user');
    expect(Object.keys(read(userSettings))).toEqual(['env', 'a', 'hooks']);
    await run('uninstall');
    expect([read(userSettings).env, Object.keys(read(userSettings).hooks).length > 5]).toEqual([{}, true]);
    expect(readdirSync(project)).toEqual([]);
    await run('uninstall', '--user');
    const after = Object.entries(contents(home)).filter(([name]) => !name.startsWith('.local'));
    expect(Object.fromEntries(after)).toEqual(before);
  });

  it('go with the variables, whoever asked for those', async () => {
    const { home, project, run } = makeProject();
    await run('init', '--user');
    await run('init', '--otlp');
    await run('uninstall', '--user');
    expect(rest(home)).toEqual([]);
    expect(existsSync(`${project}/state`)).toBe(false);
    expect((await run('uninstall')).code).toBe(0);
    expect(readdirSync(project)).toEqual([]);
  });

  it('keep the variables when a record of an older version knows nothing of them', async () => {
    const { home, userSettings, run } = makeProject();
    await run('init', '--user');
    const record = `${home}/.claude/hooks/spanbook/install.json`;
    const { env: _env, receiver: _receiver, ...older } = read(record);
    writeFileSync(record, JSON.stringify(older));
    await run('init', '--user', '--otlp');
    expect(Object.keys(read(userSettings).env)).toHaveLength(4);
    await run('uninstall', '--user');
    expect(rest(home)).toEqual([]);
  });

  it('go without a record too', async () => {
    const { home, userSettings, run } = makeProject();
    write(userSettings, '{"a":1}');
    await run('init', '--user', '--otlp');
    rmSync(`${home}/.claude/hooks/spanbook/install.json`);
    await run('uninstall', '--user');
    expect(readFileSync(userSettings, 'utf8')).toBe('{"a":1}');
    expect(existsSync(`${home}/.local/state/spanbook`)).toBe(false);
  });
});

describe('two folders', () => {
  it('do not both receive: the last that asked does', async () => {
    const one = makeProject();
    const other = `${one.root}/other`;
    write(`${other}/keep`, '');
    const oldPort = portOf(await one.ask('init', '--otlp'));
    const { out, code } = await cli(['init', '--otlp', '--json'], { cwd: other, env: one.env });
    expect(code).toBe(0);
    expect(JSON.parse(out).otlp).toMatchObject({ moved_from: `${one.project}/state` });
    expect(existsSync(`${one.project}/state/spanbook.json`)).toBe(false);
    const { port } = read(`${other}/state/spanbook.json`).receiver;
    expect(read(one.userSettings).env).toEqual(telemetryVariables(port));
    expect(port).toBeGreaterThanOrEqual(oldPort);
    // What is not its own any more, the first one leaves.
    await one.run('uninstall');
    expect(read(one.userSettings).env).toEqual(telemetryVariables(port));
    await cli(['uninstall'], { cwd: other, env: one.env });
    expect(rest(one.home)).toEqual([]);
    expect(readdirSync(other)).toEqual(['keep']);
  });

  it('of which the first is in a bad way do not hold up the second', async () => {
    const one = makeProject();
    const other = makeProject();
    await one.run('init', '--otlp');
    writeFileSync(`${one.project}/state/spanbook.json`, '{');
    expect(await cli(['init', '--otlp'], { cwd: other.project, env: one.env })).toMatchObject({ code: 0, err: '' });
    expect(readFileSync(`${one.project}/state/spanbook.json`, 'utf8')).toBe('{');
  });

  it('of one project are told apart: what is shared keeps the variables', async () => {
    const { userSettings, localSettings, settings, run } = makeProject();
    await run('init', '--otlp');
    write(localSettings, readFileSync(settings));
    await run('uninstall', '--local');
    expect(Object.keys(read(userSettings).env)).toHaveLength(4);
  });
});

describe('init --otlp refuses', () => {
  const refused = async (made: ClaudeProject, env: Record<string, string> = {}): Promise<string> => {
    const before = snapshot(made.root);
    const { code, out, err } = await cli(['init', '--otlp'], { cwd: made.project, env: { ...made.env, ...env } });
    expect([code, out]).toEqual([1, '']);
    expect(snapshot(made.root)).toEqual(before);
    return err;
  };

  it.each<[string, Record<string, unknown>]>([
    ['CLAUDE_CODE_ENABLE_TELEMETRY is "0"', { CLAUDE_CODE_ENABLE_TELEMETRY: '0' }],
    ['OTEL_LOGS_EXPORTER is "console"', { OTEL_LOGS_EXPORTER: 'console' }],
    ['OTEL_LOGS_EXPORTER is "none"', { OTEL_LOGS_EXPORTER: 'none' }],
    // They go to the general endpoint, or to the Collector on this machine.
    ['OTEL_LOGS_EXPORTER is "otlp"', { OTEL_LOGS_EXPORTER: 'otlp', CLAUDE_CODE_ENABLE_TELEMETRY: '1' }],
    ['OTEL_EXPORTER_OTLP_LOGS_PROTOCOL is "grpc"', { OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'grpc' }],
    [
      'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT is another address',
      { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'https://logs.example/v1/logs?key=secret' },
    ],
    ['OTEL_LOGS_EXPORTER is "otlp"', { ...telemetryVariables(4318) }],
    ['OTEL_METRICS_EXPORTER is "otlp"', { OTEL_METRICS_EXPORTER: 'otlp' }],
    ['OTEL_TRACES_EXPORTER is "otlp"', { OTEL_TRACES_EXPORTER: 'otlp', CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1' }],
  ])('where %s, wherever that is set', async (what, env) => {
    for (const place of ['userSettings', 'settings', 'localSettings'] as const) {
      const made = makeProject();
      write(made[place], JSON.stringify({ env }));
      const err = await refused(made);
      expect(err).toContain(
        `spanbook: --otlp: expected nobody else to have the telemetry of Claude Code, but ${what} in ${made[place]}`,
      );
      expect(err).toMatch(/have what receives the logs now pass them on to http:\/\/127\.0\.0\.1:\d+\/v1\/logs/);
      expect(err).not.toContain('secret');
    }
    const texts = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));
    expect(await refused(makeProject(), texts)).toContain(`but ${what} in the environment`);
  });

  it.each<[string, Record<string, string>]>([
    ['is on already', { CLAUDE_CODE_ENABLE_TELEMETRY: '1', OTEL_METRICS_EXPORTER: 'otlp' }],
    ['sends no metrics', { OTEL_METRICS_EXPORTER: 'none', OTEL_TRACES_EXPORTER: 'otlp' }],
    ['has an address of its own for the rest', { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example' }],
    ['is that of a session that runs', telemetryVariables(5001)],
  ])('nothing where telemetry %s', async (_what, env) => {
    const { project, env: own } = makeProject();
    expect((await cli(['init', '--otlp'], { cwd: project, env: { ...own, ...env } })).code).toBe(0);
  });

  it('what it cannot edit, and changes nothing', async () => {
    const made = makeProject();
    const path = `${made.project}/state/spanbook.json`;
    write(path, '{');
    expect(await refused(made)).toContain(`${path}: expected JSON, got a mistake at line 1`);
    write(path, '{"receiver": 4319}');
    expect(await refused(made)).toContain(`${path}: receiver: expected an object, got a number`);
    write(path, '{"receiver": {"port": "4319"}}');
    expect(await refused(made)).toContain(`${path}: receiver.port: expected a port, 1 to 65535, got something else`);
    write(path, '{}');
    write(made.userSettings, '{"env": []}');
    expect(await refused(made)).toContain(`${made.userSettings}: env: expected an object, got an array`);
    write(made.userSettings, '{');
    expect(await refused(made)).toContain(`${made.userSettings}: expected JSON`);
  });

  it('to set anything without a home', async () => {
    const { project } = makeProject();
    const { code, err } = await cli(['init', '--otlp'], { cwd: project });
    expect([code, err, readdirSync(project)]).toEqual([
      2,
      'spanbook: --otlp: expected HOME or CLAUDE_CONFIG_DIR in the environment, got neither\n',
      [],
    ]);
  });
});
