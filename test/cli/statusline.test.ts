/** `spanbook statusline`: the line, what it notes, and that nothing makes it fail. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CliContext } from '../../src/cli/cli-context.ts';
import { textWidth } from '../../src/cli/text-width.ts';
import { cli, cliJson, makeFolder, makeState } from '../helpers/run-cli.ts';
import { SPANBOOK } from '../helpers/run-monitor.ts';
import { runHook } from '../helpers/run-program.ts';
import { limits, NOW, statusPayload } from '../helpers/status-line.ts';

const env = { TZ: 'UTC', NO_COLOR: '1' };
process.env.TZ = 'UTC';

const told = (payload: Record<string, unknown>, overrides: Partial<CliContext> = {}): Partial<CliContext> => ({
  env,
  now: () => NOW,
  readInput: () => ({ payload }),
  ...overrides,
});
const line = async (payload: Record<string, unknown>, argv: readonly string[] = []): Promise<string> => {
  const { code, out, err } = await cli(['statusline', ...argv], told(payload));
  expect([code, err]).toEqual([0, '']);
  return out.replace(/\n$/, '');
};

describe('the line', () => {
  it('tells model, cost, context and limits', async () => {
    expect(await line(statusPayload())).toBe(
      'Opus 4.5 · $0.42 · ctx 34% · 5h 23% until 14:00 · 7d 61% until Wed 10:00',
    );
  });

  it.each([
    ['no limits', { rate_limits: undefined }, 'Opus 4.5 · $0.42 · ctx 34%'],
    [
      'no name of the model',
      { model: { id: 'claude-opus-4-5' } },
      'claude-opus-4-5 · $0.42 · ctx 34% · 5h 23% until 14:00 · 7d 61% until Wed 10:00',
    ],
    ['only a model', { cost: undefined, context_window: undefined, rate_limits: null }, 'Opus 4.5'],
    ['nothing at all', { cost: 7, context_window: [], rate_limits: 'x', model: null }, 'Claude'],
    ['one window', { rate_limits: { seven_day: { used_percentage: 5 } } }, 'Opus 4.5 · $0.42 · ctx 34% · 7d 5%'],
    [
      'a limit that began anew',
      { rate_limits: { five_hour: { used_percentage: 99, resets_at: 1000 } } },
      'Opus 4.5 · $0.42 · ctx 34%',
    ],
    [
      'wrong values',
      {
        cost: { total_cost_usd: -1 },
        context_window: { used_percentage: 'x' },
        rate_limits: { five_hour: { used_percentage: Number.NaN } },
      },
      'Opus 4.5',
    ],
    [
      'a wrong time',
      { rate_limits: { five_hour: { used_percentage: 7, resets_at: 1e300 } } },
      'Opus 4.5 · $0.42 · ctx 34% · 5h 7%',
    ],
    ['much money', { cost: { total_cost_usd: 12_345.6 }, context_window: null, rate_limits: {} }, 'Opus 4.5 · $12346'],
    [
      'a context that is not known yet',
      { context_window: { used_percentage: null }, rate_limits: {} },
      'Opus 4.5 · $0.42',
    ],
    [
      'a name that would move the cursor',
      { model: { display_name: 'O\x1b[2Jp\nus\u202e' }, cost: {}, context_window: {}, rate_limits: {} },
      'O\\x1b[2Jp\\x0aus\\u202e',
    ],
  ])('with %s', async (_, overrides, expected) => {
    expect(await line(statusPayload(overrides))).toBe(expected);
  });

  it.each([
    [120, 'Opus 4.5 · $0.42 · ctx 34% · 5h 85% until 14:00 · 7d 61% until Wed 10:00'],
    [60, 'Opus 4.5 · $0.42 · ctx 34% · 5h 85% until 14:00 · 7d 61%'],
    [45, 'Opus 4.5 · $0.42 · ctx 34% · 5h 85% · 7d 61%'],
    [40, 'Opus 4.5 · ctx 34% · 5h 85% · 7d 61%'],
    [30, 'Opus 4.5 · 5h 85% · 7d 61%'],
    [20, 'Opus 4.5 · 5h 85%'],
    [10, 'Opus 4.5'],
    [8, 'Opus 4.5'],
  ])('fits %d columns', async (width, expected) => {
    const text = await line(statusPayload({ rate_limits: limits(85) }), ['--width', String(width)]);
    expect(text).toBe(expected);
    expect(textWidth(text)).toBeLessThanOrEqual(width);
  });

  it('takes its width from COLUMNS', async () => {
    const { out } = await cli(['statusline'], told(statusPayload(), { env: { ...env, COLUMNS: '30' } }));
    expect(out).toBe('Opus 4.5 · 5h 23% · 7d 61%\n');
  });

  it('has colours, for the client shows it on a terminal, but not where nobody wants them', async () => {
    const { out } = await cli(['statusline'], told(statusPayload({ rate_limits: limits(85, 96) }), { env: {} }));
    expect(out).toContain('\x1b[1mOpus 4.5\x1b[0m');
    expect(out).toContain('\x1b[33m85%\x1b[0m');
    expect(out).toContain('\x1b[31m96%\x1b[0m');
    for (const plain of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      expect((await cli(['statusline'], told(statusPayload(), { env: plain }))).out).not.toContain('\x1b');
    }
  });
});

describe('the executable', () => {
  const call = (...args: string[]) =>
    runHook('', { program: SPANBOOK, args: ['statusline', ...args], input: statusPayload({ rate_limits: {} }), env });

  it('says the same with and without the whole command line', async () => {
    const stateDir = makeState();
    const { stdout: whole } = await call(`--width=24`, `--state-dir=${stateDir}`);
    const { stdout: quick } = await call('--width', '24', '--state-dir', stateDir);
    expect([whole, quick]).toEqual(['Opus 4.5 · ctx 34%\n', 'Opus 4.5 · ctx 34%\n']);
    expect(recordedIn(stateDir)).toHaveLength(1);
  });

  it('knows the flags of every command', async () => {
    expect(JSON.parse((await call('--json')).stdout)).toMatchObject({ schema_version: '1.0.0', model: 'Opus 4.5' });
    expect((await call('--help')).stdout).toContain('Usage: spanbook statusline');
    expect(await call('--nonsense')).toMatchObject({ code: 2, stdout: '' });
    expect(await call('--width', '0')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('nothing makes it fail', () => {
  it.each([
    '',
    '{',
    'null',
    '[]',
    '7',
    '"x"',
    '\xff\0',
    '{"model": {"display_name": {"a": 1}}}',
    `{"x": "${'y'.repeat(100_000)}"}`,
  ])('not %j on standard input', async input => {
    const outcome = await runHook('', { program: SPANBOOK, args: ['statusline'], input, env });
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    expect(outcome.stdout).toMatch(/^[^\n]+\n$/);
  });

  it('not a host that never closes the pipe', async () => {
    const call = { program: SPANBOOK, args: ['statusline'], input: statusPayload(), keepOpen: true, env };
    const { code, stdout } = await runHook('', call);
    expect([code, stdout.startsWith('Opus 4.5 · ')]).toEqual([0, true]);
  });

  it('not a folder that cannot be written, or wrong settings', async () => {
    const stateDir = makeState();
    writeFileSync(`${stateDir}/spanbook.json`, '{');
    writeFileSync(`${stateDir}/usage`, 'in the way');
    const answer = await cliJson(['statusline', '--state-dir', stateDir], told(statusPayload()));
    expect(answer).toMatchObject({ model: 'Opus 4.5', recorded: false });
  });
});

const recordedIn = (stateDir: string): Record<string, unknown>[] =>
  readFileSync(`${stateDir}/usage/rate-limits.jsonl`, 'utf8')
    .split('\n')
    .filter(text => text !== '')
    .map(text => JSON.parse(text));

describe('what it notes', () => {
  it('are the limits and the cost of the session', async () => {
    const stateDir = makeState();
    expect(await cliJson(['statusline', '--state-dir', stateDir], told(statusPayload()))).toEqual({
      schema_version: '1.0.0',
      session_id: 's-1',
      model: 'Opus 4.5',
      cost: 0.4212,
      context_percent: 34,
      rate_limits: {
        five_hour: { used_percentage: 23.5, resets_at: '2026-03-01T14:00:00.000Z' },
        seven_day: { used_percentage: 61, resets_at: '2026-03-04T10:00:00.000Z' },
      },
      recorded: true,
      state_dir: stateDir,
    });
    expect(recordedIn(stateDir)).toEqual([
      {
        v: 1,
        at: '2026-03-01T12:00:00.000Z',
        session_id: 's-1',
        rate_limits: {
          five_hour: { used_percentage: 23.5, resets_at: '2026-03-01T14:00:00.000Z' },
          seven_day: { used_percentage: 61, resets_at: '2026-03-04T10:00:00.000Z' },
        },
        cost: {
          total_cost_usd: 0.4212,
          total_duration_ms: 65_000,
          total_api_duration_ms: 30_000,
          total_lines_added: 10,
          total_lines_removed: 2,
        },
      },
    ]);
    expect(statSync(`${stateDir}/usage/rate-limits.jsonl`).mode & 0o777).toBe(0o600);
  });

  it('goes to the state folder of the project, and no folder is made for it', async () => {
    const project = makeFolder();
    const payload = statusPayload({ cwd: '/elsewhere', workspace: { project_dir: project } });
    expect(await cliJson(['statusline'], told(payload))).toMatchObject({ recorded: false, state_dir: null });
    expect(existsSync(`${project}/state`)).toBe(false);
    mkdirSync(`${project}/state/journal`, { recursive: true });
    expect(await cliJson(['statusline'], told(payload))).toMatchObject({ recorded: true });
    expect(recordedIn(`${project}/state`)).toHaveLength(1);
  });

  it('goes to the folder for all projects, where a project has none', async () => {
    const home = makeFolder();
    const payload = statusPayload({ workspace: { project_dir: makeFolder() } });
    const userDir = `${home}/.local/state/spanbook`;
    mkdirSync(`${userDir}/journal`, { recursive: true });
    await cliJson(['statusline'], told(payload, { env: { ...env, HOME: home } }));
    expect(recordedIn(userDir)).toHaveLength(1);
  });

  it('is shown by monitor status', async () => {
    const stateDir = makeState();
    await cli(['statusline', '--state-dir', stateDir], told(statusPayload()));
    const at = { now: () => NOW + 60_000 };
    const { out } = await cli(['monitor', 'status', '--state-dir', stateDir], { ...at, columns: 120 });
    expect(out).toMatch(/Limits {3}5 hours 23% until 2026-03-01 14:00:00, 7 days 61% until 2026-03-04 10:00:00 \(told/);
    expect(await cliJson(['monitor', 'status', '--state-dir', stateDir], at)).toMatchObject({
      limits: { session_id: 's-1', windows: { five_hour: { used_percentage: 23.5 } } },
    });
  });
});
