/** Watching without a terminal, by the built command line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { documentSchema } from '../../../src/model/document-schema.ts';
import {
  appendLines,
  cli,
  cliJson,
  end,
  linesOf,
  makeFolder,
  makeState,
  note,
  spanId,
  start,
} from '../../helpers/run-cli.ts';
import { outcomeOf, ROOT } from '../../helpers/run-program.ts';
import { watchedFacts } from '../../helpers/watched-state.ts';

const burn = z.object({
  minutes: z.number(),
  tokens_per_minute: z.number(),
  cost_per_minute: z.number(),
  requests: z.int(),
});
const line = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    schema_version: z.literal('1.0.0').optional(),
    at: z.iso.datetime(),
    status: z.object({ pipeline_status: z.string(), active_count: z.int() }),
    active: z.array(
      z.object({ event_id: z.string(), name: z.string(), status: z.string(), children: z.array(z.unknown()) }),
    ),
    burn: z.tuple([burn, burn]),
    cost_today: z.number().nullable(),
  }),
  z.object({ type: z.literal('event'), event: documentSchema.shape.events.element }),
]);

interface Watching {
  stateDir: string;
  child: ChildProcess;
  /** Resolves to the next line in which this is. */
  next(text: string): Promise<string>;
}

function watch(...options: string[]): Watching {
  const stateDir = makeState(watchedFacts(Date.now()));
  const child = spawn(
    process.execPath,
    [`${ROOT}dist/bin/spanbook.cjs`, 'watch', '--state-dir', stateDir, ...options],
    {
      env: {
        PATH: process.env.PATH,
        HOME: '/nonexistent',
        LANG: 'C.UTF-8',
        TZ: 'UTC',
        CLAUDE_CONFIG_DIR: makeFolder(),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout ?? process.stdin })[Symbol.asyncIterator]();
  const next = async (text: string): Promise<string> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`standard output: expected ${text}, got its end`);
      if (value.includes(text)) return value;
    }
  };
  return { stateDir, child, next };
}

describe('watch without a terminal', () => {
  it('tells what is open, and then what happens', async () => {
    const { stateDir, child, next } = watch();
    expect(await next('/build')).toMatch(/^\d\d:\d\d:\d\d ● start command \/build$/);
    expect(await next('tester')).toContain('start agent tester · Run the tests');
    expect(await next('fuzz')).toContain('start skill fuzz');
    const now = Date.now();
    appendLines(stateDir, linesOf([end(8, { at: now })]));
    expect(await next('fuzz')).toMatch(/ ✔ end skill fuzz 2m \d\ds$/);
    appendLines(
      stateDir,
      linesOf([note(97, { level: 'error', type: 'Boom', message: '\x1b[2J', parent: spanId(7), at: now })]),
    );
    expect(await next('Boom')).toMatch(/ ✖ error agent tester · Run the tests Boom: \\x1b\[2J$/);
    child.kill('SIGINT');
    expect(await outcomeOf(child)).toMatchObject({ code: 0, stderr: '' });
  });

  it('tells only of what is asked for', async () => {
    const { stateDir, next } = watch('--filter', 'wanted');
    const now = Date.now();
    appendLines(stateDir, linesOf([start(50, { name: '/other', at: now }), start(51, { name: '/wanted', at: now })]));
    expect(await next('')).toContain('start command /wanted');
  });

  it('gives NDJSON as documented', async () => {
    const { stateDir, child, next } = watch('--json');
    const first = line.parse(JSON.parse(await next('')));
    expect(first).toMatchObject({ type: 'snapshot', schema_version: '1.0.0', status: { active_count: 3 } });
    expect(first.type === 'snapshot' && first.active.map(({ name }) => name)).toEqual(['/build']);
    appendLines(stateDir, linesOf([end(8, { at: Date.now() }), note(97, { parent: spanId(7), at: Date.now() })]));
    const ended = line.parse(JSON.parse(await next('skill_invoke_end')));
    expect(ended).toMatchObject({ type: 'event', event: { related_start_event_id: `evt-${spanId(8)}` } });
    const noted = line.parse(JSON.parse(await next('"event_type":"warning"')));
    expect(noted.type).toBe('event');
    const after = line.parse(JSON.parse(await next('"active_count":2')));
    expect(after).toMatchObject({ type: 'snapshot', status: { active_count: 2 } });
    child.kill('SIGINT');
    expect(await outcomeOf(child)).toMatchObject({ code: 0, stderr: '' });
  });

  it('ends when nobody reads any more', async () => {
    const { stateDir, child, next } = watch();
    await next('fuzz');
    child.stdout?.destroy();
    const ended = outcomeOf(child);
    appendLines(stateDir, linesOf([start(60, { at: Date.now() }), end(8, { at: Date.now() })]));
    expect(await ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });
});

describe('watch --once', () => {
  it('prints one screen, and exits', async () => {
    const stateDir = makeState(watchedFacts(Date.now()));
    const { code, out, err } = await cli(['watch', '--once', '--state-dir', stateDir], {
      now: Date.now,
      env: { CLAUDE_CONFIG_DIR: makeFolder(), LANG: 'C.UTF-8' },
    });
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^● running \(3 open\) {2}Shop · prototype/);
    expect(out).toContain('└─ ● skill fuzz');
    expect(out).not.toContain('\x1b');
  });

  it('answers about a folder that is not there, and makes none', async () => {
    const stateDir = `${makeFolder()}/none`;
    const env = { CLAUDE_CONFIG_DIR: makeFolder() };
    expect((await cli(['watch', '--once', '--state-dir', stateDir], { env })).out).toContain('Nothing is recorded');
    expect(await cliJson(['watch', '--once', '--state-dir', stateDir], { env })).toMatchObject({
      type: 'snapshot',
      active: [],
    });
    const { existsSync } = await import('node:fs');
    expect(existsSync(stateDir)).toBe(false);
  });
});
