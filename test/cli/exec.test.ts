/** `spanbook exec`: the program is as it is without, and the activity is there. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventId, makeFolder, makeState, spanId, start, writeSettings } from '../helpers/run-cli.ts';
import { plainEnv, SPANBOOK, spanbook, until } from '../helpers/run-monitor.ts';
import { type Outcome, outcomeOf, ROOT } from '../helpers/run-program.ts';
import { askState, type DocumentEvent, edgesOf, makeStateFolder, readState } from '../helpers/state-document.ts';
import { journalLines } from '../helpers/state-folder.ts';

type Env = Record<string, string | undefined>;

const onLinux = it.skipIf(process.platform !== 'linux');
const node = (script: string, ...args: string[]): string[] => ['--', process.execPath, '-e', script, ...args];
const SHOW_ENV = 'process.stdout.write(JSON.stringify(process.env))';
const FOREIGN = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;

/** Runs `spanbook exec ARGS` in a terminal's stead: in a group of its own, which no Ctrl-C of the person reaches. */
function begin(args: readonly string[], env: Env = {}, cwd = ROOT): ChildProcess {
  const child = spawn(process.execPath, [SPANBOOK, 'exec', ...args], {
    cwd,
    env: { ...plainEnv(), ...env },
    stdio: 'pipe',
    detached: true,
  });
  onTestFinished(() => endGroup(child));
  return child;
}

/** Also ends the program of an exec that is gone. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it is gone already.
  }
}

const run = (args: readonly string[], env?: Env, cwd?: string): Promise<Outcome> => {
  const child = begin(args, env, cwd);
  child.stdin?.end();
  return outcomeOf(child);
};

const startOf = (stateDir: string, name: string): DocumentEvent | undefined =>
  askState(stateDir).events.find(event => event.activity.name === name && event.event_type.endsWith('_start'));
const endOf = (stateDir: string, name: string): DocumentEvent | undefined =>
  askState(stateDir).events.find(event => event.activity.name === name && event.status !== undefined);

/** The environment that a program got, and the activity that it is. */
async function handed(stateDir: string, env: Env = {}): Promise<{ given: Env; started: DocumentEvent | undefined }> {
  const { code, stdout, stderr } = await run(['--name', 'env', ...node(SHOW_ENV)], {
    SPANBOOK_STATE_DIR: stateDir,
    ...env,
  });
  expect([code, stderr]).toEqual([0, '']);
  return { given: JSON.parse(stdout) as Env, started: startOf(stateDir, 'env') };
}

describe('the program', () => {
  it('has the streams of exec, byte for byte', async () => {
    const stateDir = makeStateFolder();
    const bytes = randomBytes(300_000);
    const script = 'process.stdin.pipe(process.stdout); process.stderr.write("talk")';
    const { stdout, stderr } = spawnSync(process.execPath, [SPANBOOK, 'exec', '--name', 'copy', ...node(script)], {
      input: bytes,
      env: { ...plainEnv(), SPANBOOK_STATE_DIR: stateDir },
    });
    expect(stdout.equals(bytes)).toBe(true);
    expect(stderr.toString()).toBe('talk');
  });

  it('gets its arguments as they are', async () => {
    const args = ['--name', '--', '--json', '', 'a b', '"', '$HOME', '*'];
    const script = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    const { stdout } = await run(['--name', 'x', ...node(script, '--', ...args)], {
      SPANBOOK_STATE_DIR: makeStateFolder(),
    });
    expect(JSON.parse(stdout)).toEqual(args);
  });

  it.each([
    [0, 'process.exit(0)', 'completed', undefined],
    [3, 'process.exit(3)', 'failed', { type: 'ExitCode', message: 'node: exit code 3' }],
    [255, 'process.exit(-1)', 'failed', { type: 'ExitCode', message: 'node: exit code 255' }],
    [137, 'process.kill(process.pid, "SIGKILL")', 'failed', { type: 'SIGKILL', message: 'node: ended by SIGKILL' }],
    [143, 'process.kill(process.pid, "SIGTERM")', 'failed', { type: 'SIGTERM', message: 'node: ended by SIGTERM' }],
  ])('gives its exit code back: %i', async (code, script, status, error) => {
    const stateDir = makeStateFolder();
    const outcome = await run(['--name', 'x', ...node(script)], { SPANBOOK_STATE_DIR: stateDir });
    expect(outcome).toEqual({ code, signal: null, stdout: '', stderr: '' });
    const end = endOf(stateDir, 'x');
    expect(end).toMatchObject({ status, attributes: { 'process.exit.code': code } });
    expect(end?.error?.type).toBe(error?.type);
    expect(end?.error?.message).toBe(error?.message);
  });

  it.each([
    ['nowhere/to-be-found', 127, 'not found', 'ENOENT'],
    ['', 127, 'not found', 'ENOENT'],
    ['/etc/passwd', 126, 'cannot be run (EACCES)', 'EACCES'],
  ])('that cannot be started, "%s", gives %i and is said', async (program, code, reason, type) => {
    const stateDir = makeStateFolder();
    const outcome = await run(['--name', 'x', '--', program], { SPANBOOK_STATE_DIR: stateDir });
    expect(outcome).toMatchObject({ code, stderr: `spanbook: exec: expected a program, got ${program}: ${reason}\n` });
    expect(endOf(stateDir, 'x')).toMatchObject({ status: 'failed', error: { type } });
  });

  it('runs all the same where nothing can be recorded, which is said in one line', async () => {
    const script = 'process.stdout.write(String(process.env.TRACEPARENT)); process.exit(5)';
    for (const folder of ['/dev/null/state', '/proc/nope']) {
      const outcome = await run(['--name', 'x', '--state-dir', folder, ...node(script)], { TRACEPARENT: FOREIGN });
      expect(outcome).toMatchObject({ code: 5, stdout: FOREIGN });
      expect(outcome.stderr).toMatch(/^spanbook: exec: nothing is recorded: .*\n$/);
    }
  });

  it('runs all the same with settings and a document that are damaged', async () => {
    const stateDir = makeState([start(1, { at: Date.now() })]);
    writeSettings(stateDir, '{"rotation":');
    writeFileSync(`${stateDir}/pipeline_progress.json`, 'garbage');
    const script = 'process.stdout.write(process.env.TRACEPARENT); process.exit(4)';
    const outcome = await run(['--name', 'x', ...node(script)], { SPANBOOK_STATE_DIR: stateDir });
    expect(outcome).toMatchObject({ code: 4, stderr: '' });
    expect(outcome.stdout).toContain(`-${startOf(stateDir, 'x')?.trace.trace_id}-`);
    expect(edgesOf(askState(stateDir))).toEqual(['/run-1', '/run-1 > x']);
  });

  it('runs alone where spanbook is switched off', async () => {
    const stateDir = makeStateFolder();
    const env = { SPANBOOK_STATE_DIR: stateDir, SPANBOOK_DISABLED: '1' };
    const { stdout } = await run(['--name', 'x', ...node(SHOW_ENV)], env);
    expect(JSON.parse(stdout)).not.toHaveProperty('TRACEPARENT');
    expect(existsSync(stateDir)).toBe(false);
  });
});

describe('the activity', () => {
  it('says what was run and how it ended, and nothing of the arguments', async () => {
    const stateDir = makeStateFolder();
    const args = ['--name', 'tests', '--level', 'skill', '--stage', 'check', ...node('0', 'hunter2')];
    await run(args, { SPANBOOK_STATE_DIR: stateDir });
    expect(startOf(stateDir, 'tests')).toMatchObject({
      event_type: 'skill_invoke_start',
      parent_event_id: null,
      activity: { stage: 'check' },
      attributes: { 'process.executable.name': 'node' },
      session_id: 'local',
      source: 'hook',
    });
    const end = endOf(stateDir, 'tests');
    expect(end).toMatchObject({ status: 'completed', attributes: { 'process.exit.code': 0 } });
    expect(end?.attributes?.['process.pid']).toBeGreaterThan(1);
    expect(journalLines(stateDir).join('\n')).not.toContain('hunter2');
  });

  it('is a command, and has a stage by the rules of the settings', async () => {
    const stateDir = makeState();
    writeSettings(stateDir, { stages: { 'unit-*': 'check' } });
    await run(['--name', 'unit-tests', ...node('0')], { SPANBOOK_STATE_DIR: stateDir });
    expect(startOf(stateDir, 'unit-tests')).toMatchObject({ level: 'command', activity: { stage: 'check' } });
  });

  it('is handed to the program, in the trace that the document has', async () => {
    const stateDir = makeStateFolder();
    const { given, started } = await handed(stateDir, { TRACESTATE: 'vendor=1', KEPT: 'yes' });
    const { trace_id, span_id } = started?.trace ?? {};
    expect(given).toMatchObject({
      TRACEPARENT: `00-${trace_id}-${span_id}-01`,
      SPANBOOK_PARENT_EVENT_ID: started?.event_id,
      SPANBOOK_STATE_DIR: stateDir,
      KEPT: 'yes',
    });
    // The state of a trace that is not this one.
    expect(given.TRACESTATE).toBeUndefined();
  });

  it('names the state folder so that it holds in any folder', async () => {
    const folder = makeFolder();
    const { stdout } = await run(['--name', 'env', '--state-dir', 'mine', ...node(SHOW_ENV)], {}, folder);
    expect(JSON.parse(stdout)).toHaveProperty('SPANBOOK_STATE_DIR', `${folder}/mine`);
  });

  it('hangs under a parent that is known, in the trace of that, whatever TRACEPARENT says of it', async () => {
    for (const parent of [
      { TRACEPARENT: `00-${'ab'.repeat(16)}-${spanId(1)}-01` },
      { SPANBOOK_PARENT_EVENT_ID: eventId(1) },
      { SPANBOOK_PARENT_EVENT_ID: eventId(1), TRACEPARENT: FOREIGN },
    ]) {
      const stateDir = makeState([start(1, { at: Date.now() }), start(2, { at: Date.now() })]);
      const { given, started } = await handed(stateDir, parent);
      expect(started?.hierarchy.path).toEqual(['/run-1']);
      expect(started?.trace.trace_id).toBe(spanId(1).repeat(2));
      expect(given.TRACEPARENT).toBe(`00-${spanId(1).repeat(2)}-${started?.trace.span_id}-01`);
    }
  });

  it('goes on with a trace that nobody here knows, and with its state', async () => {
    const { given, started } = await handed(makeStateFolder(), { TRACEPARENT: FOREIGN, TRACESTATE: 'vendor=1' });
    expect(started).toMatchObject({
      parent_event_id: null,
      trace: { trace_id: 'ab'.repeat(16), parent_span_id: 'cd'.repeat(8) },
    });
    expect(given.TRACEPARENT).toBe(`00-${'ab'.repeat(16)}-${started?.trace.span_id}-01`);
    expect(given.TRACESTATE).toBe('vendor=1');
  });

  it('has what the program starts inside it, in one trace', async () => {
    const stateDir = makeStateFolder();
    const hook = `${ROOT}dist/hooks`;
    const script = `
      id=$(node ${hook}/skill-invoke.cjs --phase start --skill-name inner)
      node ${SPANBOOK} exec --name deeper -- node -e 0
      node ${hook}/skill-invoke.cjs --phase end --start-event-id $id`;
    const { code, stderr } = await run(['--name', 'outer', '--', 'bash', '-c', script], {
      SPANBOOK_STATE_DIR: stateDir,
    });
    expect([code, stderr]).toEqual([0, '']);
    const document = askState(stateDir);
    expect(edgesOf(document)).toEqual(['outer', 'outer > deeper', 'outer > inner']);
    expect(new Set(document.events.map(event => event.trace.trace_id)).size).toBe(1);
    expect(document.active_activities).toEqual([]);
  });

  it('stands beside others that run at the same time', async () => {
    const stateDir = makeStateFolder();
    const first = begin(['--name', 'first', ...node('console.log(1); process.stdin.resume()')], {
      SPANBOOK_STATE_DIR: stateDir,
    });
    const done = outcomeOf(first);
    await once(first.stdout ?? first, 'data');
    await run(['--name', 'second', ...node('0')], { SPANBOOK_STATE_DIR: stateDir });
    first.stdin?.end();
    await done;
    expect(edgesOf(askState(stateDir))).toEqual(['first', 'second']);
  });

  it('is seen while the program runs, in the document too', async () => {
    const stateDir = makeStateFolder();
    const child = begin(['--name', 'slow', ...node('process.stdin.resume()')], { SPANBOOK_STATE_DIR: stateDir });
    const done = outcomeOf(child);
    await until(() => existsSync(`${stateDir}/pipeline_progress.json`));
    expect(readState(stateDir)).toMatchObject({ pipeline_status: 'running', active_activities: [{ name: 'slow' }] });
    child.stdin?.end();
    await done;
    expect(askState(stateDir)).toMatchObject({ pipeline_status: 'completed', active_activities: [] });
  });

  onLinux('is abandoned as soon as somebody asks, if exec itself was killed', async () => {
    const stateDir = makeStateFolder();
    const child = begin(['--name', 'slow', ...node('console.log(1); process.stdin.resume()')], {
      SPANBOOK_STATE_DIR: stateDir,
    });
    const done = once(child, 'exit');
    await once(child.stdout ?? child, 'data');
    child.kill('SIGKILL');
    await done;
    child.stdin?.end();
    expect((await spanbook(['pipeline', 'status', '--state-dir', stateDir])).code).toBe(0);
    expect(endOf(stateDir, 'slow')?.status).toBe('abandoned');
  });
});

describe('signals', () => {
  const FIXTURE = ['--', process.execPath, `${ROOT}test/fixtures/signalled.mjs`];

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    'go on to the program, which decides: %s',
    async signal => {
      const stateDir = makeStateFolder();
      const child = begin(['--name', 'x', ...FIXTURE, signal], { SPANBOOK_STATE_DIR: stateDir });
      const done = outcomeOf(child);
      await once(child.stdout ?? child, 'data');
      child.kill(signal);
      const { code, stdout } = await done;
      expect([code, stdout]).toEqual([7, `ready\n${signal}\ncame: ${signal}\n`]);
      expect(endOf(stateDir, 'x')).toMatchObject({ status: 'failed', attributes: { 'process.exit.code': 7 } });
    },
  );

  it('that end the program are told as 128 and their number', async () => {
    const stateDir = makeStateFolder();
    const child = begin(['--name', 'x', ...node('console.log(1); process.stdin.resume()')], {
      SPANBOOK_STATE_DIR: stateDir,
    });
    const done = outcomeOf(child);
    await once(child.stdout ?? child, 'data');
    child.kill('SIGTERM');
    expect(await done).toMatchObject({ code: 143, signal: null });
    expect(endOf(stateDir, 'x')?.error?.type).toBe('SIGTERM');
  });

  /** A terminal of its own for a program; sends Ctrl-C when the program is ready, then SIGTERM to exec. */
  const TERMINAL = `
import os, pty, signal, sys
pid, fd = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
said = b''
sent = 0
while True:
    try: part = os.read(fd, 1000)
    except OSError: break
    if not part: break
    said += part
    if sent == 0 and b'ready' in said: os.write(fd, b'\\x03'); sent = 1
    if sent == 1 and b'SIGINT' in said: os.kill(pid, signal.SIGTERM); sent = 2
sys.stdout.write(said.decode().split('came: ')[-1])
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))`;

  it.skipIf(process.platform !== 'linux' || spawnSync('python3', ['--version']).status !== 0)(
    'of a terminal come to the program once',
    async () => {
      const exec = [process.execPath, SPANBOOK, 'exec', '--name', 'x', ...FIXTURE];
      const child = spawn('python3', ['-c', TERMINAL, ...exec], {
        env: { ...plainEnv(), SPANBOOK_STATE_DIR: makeStateFolder() },
        stdio: 'pipe',
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      const { code, stdout, stderr } = await outcomeOf(child);
      expect([code, stdout.trim(), stderr]).toEqual([7, 'SIGINT SIGTERM', '']);
    },
  );
});

describe('wrong usage', () => {
  it.each([
    [[], 'exec: expected --name NAME, got none'],
    [['--name', 'x'], 'exec: expected -- and a program'],
    [['--name', 'x', '--'], 'exec: expected -- and a program'],
    [['--', 'true'], 'exec: expected --name NAME, got none'],
    [['--name', '', '--', 'true'], 'exec: expected --name NAME, got none'],
    [['--name', 'x', 'true'], 'The program stands behind --: spanbook exec --name'],
    [['--name', 'x', 'ls', '-la'], "unknown option '-la'\nThe program stands behind --: spanbook exec --name"],
    [['--name', 'x', '--level', 'checkpoint', '--', 'true'], 'Expected one of command, agent, skill.'],
    [['--name', 'x', '--json', '--', 'true'], 'exec: expected no --json'],
  ])('%j gives exit code 2, and nothing is run or recorded', async (args, message) => {
    const folder = makeFolder();
    const { code, stdout, stderr } = await run(args, {}, folder);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(existsSync(`${folder}/state`)).toBe(false);
  });

  it('is not what only the parser can read', async () => {
    const stateDir = makeStateFolder();
    const outcome = await run(['--name', '-dash', '--state-dir', stateDir, ...node('process.exit(6)')]);
    expect(outcome).toMatchObject({ code: 6, stderr: '' });
    expect(edgesOf(askState(stateDir))).toEqual(['-dash']);
  });
});
