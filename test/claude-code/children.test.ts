/** What the tools of Claude Code start joins the run: its tree, its trace, its session. */
import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { spanIdOf, startEventId, traceIdOf } from '../../src/model/ids.ts';
import { SPANBOOK } from '../helpers/run-monitor.ts';
import { ROOT, runHook } from '../helpers/run-program.ts';
import { askState, type DocumentEvent, edgesOf } from '../helpers/state-document.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const RUN_TRACE = traceIdOf('p1');
const AGENT = startEventId(spanIdOf('agent', 'a1\np1'));
const FOREIGN = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;

type Env = Record<string, string>;

interface Session {
  project: string;
  stateDir: string;
  /** Runs a program as the Bash tool does: somewhere in the project, told the session and nothing else. */
  call(program: string, args: readonly string[], env?: Env): string;
  events(): DocumentEvent[];
}

/** A run with an agent in it, as the hooks tell it. */
async function openSession(): Promise<Session> {
  const project = tempDir();
  const stateDir = `${project}/state`;
  mkdirSync(`${project}/src`);
  const payloads = [
    { hook_event_name: 'SessionStart', source: 'startup' },
    { hook_event_name: 'UserPromptSubmit', prompt_id: 'p1', prompt: 'hi' },
    { hook_event_name: 'SubagentStart', prompt_id: 'p1', agent_id: 'a1', agent_type: 'builder' },
  ];
  for (const payload of payloads) {
    const env = { CLAUDE_PROJECT_DIR: project, CLAUDE_CODE_SESSION_ID: 's1' };
    await runHook('claude-code', { input: { session_id: 's1', ...payload }, env });
  }
  return {
    project,
    stateDir,
    call(program, args, env = {}) {
      const options: SpawnSyncOptions = {
        cwd: `${project}/src`,
        env: { PATH: process.env.PATH, HOME: '/nonexistent', CLAUDE_CODE_SESSION_ID: 's1', ...env },
        encoding: 'utf8',
      };
      const { status, stdout, stderr } = spawnSync(program, args, options);
      expect([status, String(stderr)]).toEqual([0, '']);
      return String(stdout).trim();
    },
    events: () => askState(stateDir).events,
  };
}

const traceparentOf = ({ trace: { trace_id, span_id } }: DocumentEvent): string => `00-${trace_id}-${span_id}-01`;

/** What may stand in the environment of a tool's child, and what all of it comes to: the run. */
const SURROUNDINGS: [string, Env][] = [
  ['with nothing handed over', {}],
  ['where the client traces itself', { TRACEPARENT: FOREIGN }],
  ['where somebody handed a parent to the client', { SPANBOOK_PARENT_EVENT_ID: 'OUTSIDE' }],
];

describe.each(SURROUNDINGS)('a child of a tool, %s,', (_where, given) => {
  /** The session, and an environment in which the parent of the client is one that exists. */
  async function open(): Promise<{ session: Session; env: Env }> {
    const session = await openSession();
    if (!given.SPANBOOK_PARENT_EVENT_ID) return { session, env: given };
    const hook = `${ROOT}dist/hooks/command-start.cjs`;
    const id = session.call(process.execPath, [hook, '--command-name', '/outside'], {
      CLAUDE_CODE_SESSION_ID: '',
      SPANBOOK_STATE_DIR: session.stateDir,
    });
    return { session, env: { SPANBOOK_PARENT_EVENT_ID: id } };
  }

  const joined = {
    parent_event_id: AGENT,
    hierarchy: { path: ['prompt', 'builder'] },
    trace: { trace_id: RUN_TRACE, parent_span_id: AGENT.slice(4) },
    session_id: 's1',
  };

  it('joins with a script hook', async () => {
    const { session, env } = await open();
    const hook = (name: string): string => `${ROOT}dist/hooks/${name}.cjs`;
    const id = session.call(process.execPath, [hook('command-start'), '--command-name', '/script'], env);
    expect(session.events().find(event => event.event_id === id)).toMatchObject(joined);
  });

  it('joins with a note of a script hook', async () => {
    const { session, env } = await open();
    session.call(process.execPath, [`${ROOT}dist/hooks/log-event.cjs`, '--message', 'look'], env);
    expect(session.events().at(-1)).toMatchObject({ message: 'look', parent_event_id: AGENT });
  });

  it('joins with exec, and so does what that starts', async () => {
    const { session, env } = await open();
    const given = session.call(
      process.execPath,
      [SPANBOOK, 'exec', '--name', 'x', '--', 'printenv', 'TRACEPARENT'],
      env,
    );
    const start = session.events().find(event => event.activity.name === 'x') as DocumentEvent;
    expect(start).toMatchObject(joined);
    expect(given).toBe(traceparentOf(start));
  });

  it('joins with startPipeline and getLogger', async () => {
    const { session, env } = await open();
    const given = session.call(process.execPath, [`${ROOT}test/fixtures/pipeline-child.mjs`], env);
    const named = (name: string): DocumentEvent =>
      session.events().find(event => event.activity.name === name) as DocumentEvent;
    expect(named('/helpers')).toMatchObject(joined);
    expect(given).toBe(traceparentOf(named('/helpers')));
    expect(named('/logger')).toMatchObject(joined);
    expect(named('inside').hierarchy.path).toEqual(['prompt', 'builder', '/helpers']);
    expect(named('inside').trace.trace_id).toBe(RUN_TRACE);
    expect(session.events().find(event => event.level === 'error')?.hierarchy.path).toContain('/logger');
  });
});

describe('what exec starts inside a run', () => {
  it('nests by what it was handed, whoever records it', async () => {
    const session = await openSession();
    const script = `
      node ${ROOT}dist/hooks/log-event.cjs --message 'by the hook'
      node ${SPANBOOK} exec --name inner -- true
      node ${ROOT}test/fixtures/pipeline-child.mjs`;
    session.call(process.execPath, [SPANBOOK, 'exec', '--name', 'outer', '--', 'bash', '-c', script]);
    expect(edgesOf(askState(session.stateDir)).filter(edge => edge.includes('outer'))).toEqual([
      'prompt > builder > outer',
      'prompt > builder > outer > /helpers',
      'prompt > builder > outer > /helpers > inside',
      'prompt > builder > outer > /logger',
      'prompt > builder > outer > inner',
    ]);
    expect(session.events().find(event => event.message)?.hierarchy.path).toEqual(['prompt', 'builder', 'outer']);
    expect(new Set(session.events().map(event => event.trace.trace_id))).toEqual(new Set([RUN_TRACE]));
  });

  it.skipIf(spawnSync('python3', ['--version']).status !== 0)('may be Python', async () => {
    const session = await openSession();
    const script = 'import os; print(os.environ["TRACEPARENT"])';
    const given = session.call(process.execPath, [SPANBOOK, 'exec', '--name', 'py', '--', 'python3', '-c', script]);
    expect(given).toBe(traceparentOf(session.events().at(-1) as DocumentEvent));
    expect(given).toContain(RUN_TRACE);
  });

  it.skipIf(spawnSync('go', ['version']).status !== 0)(
    'may be Go',
    async () => {
      const session = await openSession();
      const source = `${session.project}/main.go`;
      const built = `${session.project}/child`;
      writeFileSync(
        source,
        'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc main() { fmt.Println(os.Getenv("TRACEPARENT")) }\n',
      );
      // The compiler needs the cache of this person, and must not look for anything on the network.
      const env = { ...process.env, GOPROXY: 'off', GOFLAGS: '', GOTOOLCHAIN: 'local', GOWORK: 'off' };
      expect(spawnSync('go', ['build', '-o', built, source], { env, encoding: 'utf8' }).stderr).toBe('');
      const given = session.call(process.execPath, [SPANBOOK, 'exec', '--name', 'go', '--', built]);
      expect(given).toBe(traceparentOf(session.events().at(-1) as DocumentEvent));
      expect(given).toContain(RUN_TRACE);
    },
    300_000,
  );
});
