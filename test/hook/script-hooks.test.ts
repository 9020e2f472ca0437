import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { edgesOf, makeStateFolder, readState } from '../helpers/state-document.ts';

const hookPath = (name: string): string => fileURLToPath(new URL(`../../dist/hooks/${name}.cjs`, import.meta.url));

interface Called {
  stdout: string;
  stderr: string;
}

/** Runs a script hook as a script does, and sees that it ends with exit code 0. */
function call(stateDir: string, name: string, args: string[], env: Record<string, string> = {}): Called {
  const { status, stdout, stderr } = spawnSync(process.execPath, [hookPath(name), ...args], {
    env: { PATH: process.env.PATH, SPANBOOK_STATE_DIR: stateDir, ...env },
    encoding: 'utf8',
    input: '',
  });
  expect(status).toBe(0);
  return { stdout, stderr };
}

const start = (stateDir: string, name: string, args: string[], env?: Record<string, string>): string => {
  const { stdout } = call(stateDir, name, args, env);
  expect(stdout).toMatch(/^evt-[0-9a-f]{16}\n$/);
  return stdout.trim();
};

describe('script hooks', () => {
  it('give exactly the totals of the original system for its expected run', () => {
    const stateDir = makeStateFolder();
    const command = start(stateDir, 'command-start', [
      '--command-name=/prototype',
      '--stage',
      'prototype',
      '--system-name',
      'EmergencyTriage',
      '--intent',
      'Generate prototype',
    ]);
    const agent = start(stateDir, 'pre-agent-spawn', ['--agent-name', 'builder']);
    const skill = start(stateDir, 'skill-invoke', [
      '--phase',
      'start',
      '--skill-name',
      'Prototype_Builder',
      '--intent',
      'Build',
    ]);
    const error = [
      '--type',
      'ValidationError',
      '--message',
      'Invalid input',
      '--severity',
      'high',
      '--recovery',
      '{"action":"skip"}',
    ];
    call(stateDir, 'log-event', ['--level', 'error', ...error]);
    call(stateDir, 'skill-invoke', ['--phase', 'end', '--start-event-id', skill]);
    call(stateDir, 'post-task-completion', ['--start-event-id', agent]);
    call(stateDir, 'log-event', [
      '--level',
      'warning',
      '--type',
      'DeprecationWarning',
      '--message',
      'Using deprecated API',
    ]);
    const outputs = '{"files_created": 10, "checkpoint": 5}';
    call(stateDir, 'command-end', [
      '--command-name',
      '/prototype',
      '--status',
      'completed',
      '--start-event-id',
      command,
      '--outputs',
      outputs,
    ]);
    const second = start(stateDir, 'command-start', ['--command-name', '/test']);
    const runner = start(stateDir, 'skill-invoke', ['--phase', 'start', '--skill-name', 'Test_Runner']);
    call(stateDir, 'skill-invoke', ['--phase', 'end', '--start-event-id', runner]);
    call(stateDir, 'log-event', ['--level', 'info', '--message', 'all tests passed']);
    call(stateDir, 'command-end', ['--command-name', '/test', '--start-event-id', second]);
    const document = readState(stateDir);
    expect(document.statistics).toEqual({
      total_events: 13,
      total_commands: 2,
      total_agents_spawned: 1,
      total_skills_invoked: 2,
      total_errors: 1,
      total_warnings: 1,
    });
    expect(edgesOf(document)).toEqual([
      '/prototype',
      '/prototype > builder',
      '/prototype > builder > Prototype_Builder',
      '/test',
      '/test > Test_Runner',
    ]);
    expect(document.active_activities).toEqual([]);
    expect(document.events.find(event => event.level === 'error')).toMatchObject({
      activity: { name: 'Prototype_Builder', stage: 'prototype' },
      error: { type: 'ValidationError', message: 'Invalid input', severity: 'high', recovery: { action: 'skip' } },
    });
    const end = document.events.find(event => event.related_start_event_id === command);
    expect(end).toMatchObject({ status: 'completed', outputs: { files_created: 10, checkpoint: 5 } });
  });

  it('begin and end checkpoints', () => {
    const stateDir = makeStateFolder();
    const id = start(stateDir, 'checkpoint', ['--phase', 'start', '--name', '5']);
    expect(JSON.stringify(readState(stateDir))).toContain(
      '"current_context":{"stage":null,"system_name":null,"checkpoint":5}',
    );
    call(stateDir, 'checkpoint', ['--phase', 'end', '--start-event-id', id]);
    expect(readState(stateDir).events.map(event => event.event_type)).toEqual(['checkpoint_start', 'checkpoint_end']);
  });

  it.each([
    ['--parent-event-id', (id: string) => ({ args: ['--parent-event-id', id], env: {} })],
    ['SPANBOOK_PARENT_EVENT_ID', (id: string) => ({ args: [], env: { SPANBOOK_PARENT_EVENT_ID: id } })],
    ['TRACEPARENT', (id: string) => ({ args: [], env: { TRACEPARENT: `00-${'ab'.repeat(16)}-${id.slice(4)}-01` } })],
  ])('take their parent from %s', (_name, parentBy) => {
    const stateDir = makeStateFolder();
    const first = start(stateDir, 'command-start', ['--command-name', '/first']);
    start(stateDir, 'command-start', ['--command-name', '/second', '--parent-event-id', first]);
    const { args, env } = parentBy(first);
    start(stateDir, 'skill-invoke', ['--phase', 'start', '--skill-name', 'inside', ...args], env);
    expect(edgesOf(readState(stateDir))).toContain('/first > inside');
  });

  it('show a parent that nobody knows as none, and keep its span id', () => {
    const stateDir = makeStateFolder();
    const trace = 'ab'.repeat(16);
    start(stateDir, 'command-start', ['--command-name', '/orphan'], {
      TRACEPARENT: `00-${trace}-${'cd'.repeat(8)}-01`,
    });
    const [event] = readState(stateDir).events;
    expect(event).toMatchObject({
      parent_event_id: null,
      hierarchy: { depth: 0, path: [] },
      trace: { trace_id: trace, parent_span_id: 'cd'.repeat(8) },
    });
  });

  it('use the session of Claude Code around them', () => {
    const stateDir = makeStateFolder();
    start(stateDir, 'command-start', ['--command-name', '/x'], { CLAUDE_CODE_SESSION_ID: 'session-1' });
    start(stateDir, 'command-start', ['--command-name', '/y']);
    expect(readState(stateDir).events.map(event => [event.session_id, event.parent_event_id])).toEqual([
      ['session-1', null],
      ['local', null],
    ]);
  });

  it('close what a script forgot inside its command, so that it is nobody’s parent', () => {
    const stateDir = makeStateFolder();
    const first = start(stateDir, 'command-start', ['--command-name', '/first']);
    start(stateDir, 'skill-invoke', ['--phase', 'start', '--skill-name', 'forgotten']);
    call(stateDir, 'command-end', ['--start-event-id', first]);
    start(stateDir, 'command-start', ['--command-name', '/second']);
    const document = readState(stateDir);
    expect(edgesOf(document)).toEqual(['/first', '/first > forgotten', '/second']);
    expect(document.events.find(event => event.activity.name === 'forgotten' && event.status)?.status).toBe(
      'abandoned',
    );
  });

  it.each([
    ['command-start', [], /expected --command-name NAME, got none; recorded as "unnamed"/],
    [
      'command-end',
      ['--command-name', '/x', '--status', 'great'],
      /expected --status to be one of completed, .*, got "great"/,
    ],
    [
      'command-end',
      ['--command-name', '/x', '--outputs', '{bad'],
      /expected --outputs to be JSON, got "\{bad"; kept as text/,
    ],
    [
      'log-event',
      ['--level', 'fatal', '--message', 'm'],
      /expected --level to be one of error, warning, info, got "fatal"/,
    ],
    [
      'command-start',
      ['--command-name', '/x', '--parent-event-id', 'abc'],
      /expected an event id like evt-0123456789abcdef/,
    ],
  ])('say on standard error what %s %j should have been, and record it all the same', (name, args, message) => {
    const stateDir = makeStateFolder();
    const open = start(stateDir, 'command-start', ['--command-name', '/x']);
    const before = readState(stateDir).statistics.total_events ?? 0;
    const { stdout, stderr } = call(stateDir, name, args);
    expect(stderr).toMatch(message);
    expect(stdout === '' || /^evt-[0-9a-f]{16}\n$/.test(stdout)).toBe(true);
    expect(readState(stateDir).statistics.total_events).toBe(before + 1);
    expect(open).toMatch(/^evt-/);
  });

  it.each(['/dev/null/state', '/proc/nope'])(
    'print an id and exit 0 where nothing can be written, as in %s',
    folder => {
      const { stdout } = call(folder, 'command-start', ['--command-name', '/x']);
      expect(stdout).toMatch(/^evt-[0-9a-f]{16}\n$/);
    },
  );

  it('end nothing by an id that cannot be one', () => {
    const stateDir = makeStateFolder();
    start(stateDir, 'command-start', ['--command-name', '/x']);
    const { stderr } = call(stateDir, 'command-end', ['--command-name', '/x', '--start-event-id', 'nonsense']);
    expect(stderr).toMatch(/expected --start-event-id like evt-0123456789abcdef, got "nonsense"/);
    expect(readState(stateDir).active_activities.map(activity => activity.name)).toEqual(['/x']);
  });

  it('take a spawn without a name for a script’s, not for Claude Code’s', () => {
    const stateDir = makeStateFolder();
    const { stdout, stderr } = call(stateDir, 'pre-agent-spawn', ['--parent-event-id', 'evt-0123456789abcdef']);
    expect(stdout).toMatch(/^evt-/);
    expect(stderr).toMatch(/recorded as "unnamed"/);
  });

  it('explain themselves and record nothing with --help', () => {
    const stateDir = makeStateFolder();
    expect(call(stateDir, 'command-start', ['--help']).stdout).toMatch(/flags stand in docs/);
    expect(() => readState(stateDir)).toThrow(/ENOENT/);
  });

  it.each([
    ['a closed pipe', `${process.execPath} HOOK --command-name /x | true; exit \${PIPESTATUS[0]}`],
    ['a full disk', `${process.execPath} HOOK --command-name /x --outputs {bad >/dev/full 2>/dev/full`],
  ])('exit 0 and record where nobody can read what they print, as with %s', (_what, script) => {
    const stateDir = makeStateFolder();
    const { status } = spawnSync('bash', ['-c', script.replace('HOOK', hookPath('command-start'))], {
      env: { PATH: process.env.PATH, SPANBOOK_STATE_DIR: stateDir },
    });
    expect(status).toBe(0);
    expect(readState(stateDir).statistics.total_commands).toBe(1);
  });

  it('do nothing when they are switched off', () => {
    const stateDir = makeStateFolder();
    expect(call(stateDir, 'command-start', ['--command-name', '/x'], { SPANBOOK_DISABLED: '1' }).stdout).toBe('');
    expect(() => readState(stateDir)).toThrow(/ENOENT/);
  });
});
