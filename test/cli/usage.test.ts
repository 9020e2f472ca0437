/** The commands about usage, on ledgers and on the recorded session. */
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cli, cliJson, makeFolder, RECORDED_END } from '../helpers/run-cli.ts';
import { ROOT } from '../helpers/run-program.ts';
import { makeUsageState } from '../helpers/usage-state.ts';

const NOW = Date.parse('2026-11-26T10:20:00Z');
const at = { now: () => NOW, env: { HOME: '/nonexistent' } };

const stateDir = (): string =>
  makeUsageState([
    // 100K input of Sonnet 4.5 are $0.30, 100K output $1.50.
    { at: '2026-11-26T10:01:00Z', tokens: { input: 100_000, output: 180_000 } },
    { at: '2026-11-25T09:00:00Z', tokens: { output: 100_000 }, agent: 'builder', instance: 'a1', stage: 'prototype' },
    {
      at: '2026-11-24T23:30:00Z',
      model: 'mystery-9',
      tokens: { input: 1_234 },
      project: '/home/dev/other/site',
      session: 'other',
      agent: 'builder',
      instance: 'a2',
      methods: { command: 'inherited' },
      isFinal: false,
    },
  ]);

const run = (words: string, state = stateDir()) => cli([...words.split(' '), '--state-dir', state, '--tz', 'UTC'], at);
const json = (words: string, state = stateDir()) =>
  cliJson([...words.split(' '), '--state-dir', state, '--tz', 'UTC'], at);

describe('usage totals', () => {
  it('answers with the documented keys', async () => {
    expect(await json('usage totals')).toEqual({
      schema_version: '1.0.0',
      since: null,
      until: null,
      first_at: '2026-11-24T23:30:00.000Z',
      last_at: '2026-11-26T10:15:00.000Z',
      totals: {
        total_tokens_input: 101_234,
        total_tokens_output: 280_000,
        total_tokens_cache_read: 0,
        total_tokens_cache_write_5m: 0,
        total_tokens_cache_write_1h: 0,
        total_cost: 4.5,
        currency: 'USD',
        sessions_tracked: 2,
        requests: 3,
        unpriced_tokens: 1_234,
        output_incomplete_requests: 1,
        web_searches: 0,
      },
      unpriced_models: [{ model: 'mystery-9', tokens: 1_234 }],
      skipped: { damaged: 0, unreadable_files: 0 },
    });
  });

  it('shows people what the figures are, and what is missing from them', async () => {
    const state = stateDir();
    const { code, out, err } = await run('usage totals', state);
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(`Usage, 2026-11-24 to 2026-11-26

Input        101,234  tokens, not from the cache
Cache read         0
Cache write        0  5 min 0, 1 h 0
Output       280,000
Requests           3  in 2 sessions
Cost           $4.50

Cost is list price (API-equivalent), not money spent on a subscription.
${wrapped(`1,234 tokens have no price and are not in the cost: mystery-9 (1,234). Prices go to ${state}/usage_pricing.json`)}
⚠ 1 request has no final usage: output and cost may be too low
`);
  });
});

/** As the notes are shown at 80 columns. */
function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= 78) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line, index) => `${index === 0 ? '⚠' : ' '} ${line}`).join('\n');
}

describe('usage breakdown', () => {
  it('answers with rows and the total', async () => {
    expect(await json('usage breakdown --by agent')).toMatchObject({
      by: ['agent'],
      rows: [
        { key: '(main)', cost: 3, share: 3 / 4.5, method: 'exact' },
        { key: 'builder', cost: 1.5, unpriced_tokens: 1_234, requests: 2, output_incomplete_requests: 1 },
        { key: null, requests: 0 },
      ],
      total: { cost: 4.5, requests: 3 },
    });
    expect(await json('usage breakdown --by command,model')).toMatchObject({
      by: ['command', 'model'],
      rows: [
        { keys: ['prompt', 'claude-sonnet-4-5-20250929'], model_name: 'Claude Sonnet 4.5' },
        { keys: ['prompt', 'mystery-9'], model_name: 'mystery-9', method: 'inherited' },
      ],
    });
    expect(await json('usage breakdown')).toMatchObject({ by: ['model'] });
  });

  it('shows a table that fits, with marks for what is not exact', async () => {
    const { out } = await run('usage breakdown --by command,instance');
    expect(out.split('\n').slice(0, 8)).toEqual([
      'Usage by command and agent instance, 2026-11-24 to 2026-11-26',
      '',
      '                                    Cache                   Un-',
      'Command  Agent instance      Input   read  Output  Reqs  priced   Cost  Share',
      'prompt   (main)             100.0K      -  180.0K     1       -  $3.00    67%',
      'prompt   builder a1              -      -  100.0K     1       -  $1.50    33%',
      'prompt   builder a2      ~   1,234      -       -     1   1,234      -     0%',
      'Total                       101.2K      -  280.0K     3   1,234  $4.50',
    ]);
    expect(out).toContain('~ partly inherited; no mark: exact\n');
  });

  it.each([40, 80, 100, 200])('is at most %d columns wide', async columns => {
    for (const words of [
      'breakdown --by project',
      'breakdown --by session,model',
      'report',
      'hourly',
      'trend',
      'alerts',
    ]) {
      const argv = ['usage', ...words.split(' '), '--state-dir', stateDir()];
      const { out } = await cli(argv, { ...at, columns });
      for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(Math.min(columns, 120));
    }
  });

  it('shows names from outside without obeying them', async () => {
    const state = makeUsageState([{ at: '2026-11-26T10:01:00Z', agent: 'evil\x1b[2J\u202e', project: '/a/\x07b' }]);
    for (const words of ['breakdown --by agent', 'breakdown --by project', 'report', 'breakdown --by agent --csv']) {
      const { out } = await run(`usage ${words}`, state);
      expect(out).not.toMatch(/[\x07\x1b\u202e]/);
    }
    expect(await json('usage breakdown --by agent', state)).toMatchObject({ rows: [{ key: 'evil\x1b[2J\u202e' }, {}] });
  });
});

describe('filters', () => {
  const requests = async (words: string): Promise<unknown> => {
    const { totals } = (await json(`usage totals ${words}`)) as { totals: { requests: number } };
    return totals.requests;
  };

  it.each([
    ['--since 2026-11-25', 2],
    ['--since 2026-11-24 --until 2026-11-24', 1],
    ['--until 2026-11-25', 2],
    ['--since 24h', 1],
    ['--since 2026-11-26T10:00 --until 2026-11-26T11:00', 1],
    ['--project /home/dev/shop', 2],
    ['--project /home/dev/shop/', 2],
    ['--project site', 1],
    ['--session oth', 1],
    ['--model sonnet', 2],
    ['--model MYSTERY', 1],
    ['--model sonnet --since 2026-11-26', 1],
  ])('%s', async (words, count) => {
    expect(await requests(words)).toBe(count);
  });

  it('take a date for the day of the zone that is asked for', async () => {
    const state = stateDir();
    const days = ['usage', 'totals', '--since', '2026-11-25', '--until', '2026-11-25', '--state-dir', state];
    const totals = (zone: string) => cliJson([...days, '--tz', zone], at);
    expect(await totals('UTC')).toMatchObject({ since: '2026-11-25T00:00:00.000Z', totals: { requests: 1 } });
    expect(await totals('Europe/Berlin')).toMatchObject({
      since: '2026-11-24T23:00:00.000Z',
      until: '2026-11-25T23:00:00.000Z',
      totals: { requests: 2 },
    });
  });

  it('take a project from the working folder on', async () => {
    const argv = ['usage', 'totals', '--project', './site', '--state-dir', stateDir()];
    expect(await cliJson(argv, { ...at, cwd: '/home/dev/other' })).toMatchObject({ totals: { requests: 1 } });
  });

  it('say what fits nothing, and where there is usage', async () => {
    const { out, err, code } = await run('usage totals --project shoop');
    expect([code, err]).toEqual([0, '--project: no usage is recorded of "shoop"\n']);
    expect(out).toBe(
      'No usage in what you asked for.\nUsage is recorded from 2026-11-24 to 2026-11-26: spanbook usage totals\n',
    );
    expect((await run('usage breakdown --since 1h --project site')).err).toBe('');
  });
});

describe('hours, days and the trend', () => {
  it('have rows for all of them', async () => {
    expect(await json('usage hourly --hours 2')).toMatchObject({
      time_zone: 'UTC',
      rows: [
        { start: '2026-11-26T09:00:00.000Z', label: '2026-11-26 09:00 +00:00', requests: 0 },
        { start: '2026-11-26T10:00:00.000Z', cost: 3, requests: 1 },
      ],
      total: { cost: 3 },
    });
    const { rows } = (await json('usage daily')) as { rows: { label: string }[] };
    expect([rows.length, rows[0]?.label, rows.at(-1)?.label]).toEqual([30, '2026-10-28', '2026-11-26']);
    expect(await json('usage trend --days 3')).toMatchObject({
      points: [{ label: '2026-11-24' }, { label: '2026-11-25', cost: 1.5 }, { label: '2026-11-26', in_trend: false }],
      slope_per_day: 1.5,
      direction: 'rising',
    });
  });

  it('are those of the zone of this machine, whose name is not asked for', async () => {
    const argv = ['usage', 'daily', '--days', '2', '--state-dir', stateDir()];
    expect(await cliJson(argv, at)).toMatchObject({ time_zone: null, rows: [{}, {}] });
  });

  it('are shown as tables with bars', async () => {
    expect((await run('usage hourly --hours 2')).out.split('\n').slice(0, 7)).toEqual([
      'The last 2 hours, UTC+00:00',
      '',
      '                          Cache  Cache',
      'Hour               Input   read  write  Output  Reqs   Cost',
      '2026-11-26 09:00       -      -      -       -     -      -',
      '2026-11-26 10:00  100.0K      -      -  180.0K     1  $3.00  ███████████████████',
      'Total             100.0K      -      -  180.0K     1  $3.00',
    ]);
    const changed = ['usage', 'hourly', '--hours', '3', '--tz', 'Europe/Berlin', '--state-dir'];
    const night = makeUsageState([{ at: '2026-10-25T00:30:00Z', tokens: { input: 5 } }]);
    const { out } = await cli([...changed, night], { ...at, now: () => Date.parse('2026-10-25T02:10:00Z') });
    expect(out.split('\n').filter(line => /^(The|20)/.test(line))).toEqual([
      'The last 3 hours, Europe/Berlin',
      expect.stringMatching(/^2026-10-25 02:00 \+02:00 +5 /),
      expect.stringMatching(/^2026-10-25 02:00 \+01:00 +- /),
      expect.stringMatching(/^2026-10-25 03:00 \+01:00 +- /),
    ]);
    expect((await run('usage trend --days 3')).out).toContain(
      'rising by $1.50 a day, on average $0.7500 a day over 2 whole days\n',
    );
    expect((await run('usage trend', makeUsageState([{ at: '2026-11-26T10:00:00Z' }]))).out).toContain(
      'Too few whole days for a trend.\n',
    );
  });
});

describe('top consumers', () => {
  it.each([
    ['usage top --by agent --limit 1', ['(main)'], 1],
    ['attribution top-models', ['claude-sonnet-4-5-20250929', 'mystery-9'], 0],
    ['attribution top-stages', [null, 'prototype'], 0],
    ['attribution top-commands', ['prompt'], 0],
    ['attribution top-agents --limit 2', ['(main)', 'builder'], 0],
    ['attribution top-skills', ['(none)'], 0],
  ])('%s', async (words, keys, more) => {
    const answer = (await json(words)) as { rows: { key: unknown }[]; more: number };
    expect([answer.rows.map(row => row.key), answer.more]).toEqual([keys, more]);
  });

  it('show the others as one row, so that the table adds up', async () => {
    const { out } = await run('usage top --by instance --limit 1');
    expect(out).toMatch(/^\(main\).*\$3\.00 +67%/m);
    expect(out).toMatch(/^2 more +1,234.*\$1\.50 +33%/m);
    expect(out).toMatch(/^Total .*\$4\.50$/m);
  });
});

describe('reports', () => {
  it('usage report has everything', async () => {
    const report = (await json('usage report')) as Record<string, unknown>;
    expect(Object.keys(report)).toEqual([
      'schema_version',
      'generated_at',
      'since',
      'until',
      'first_at',
      'last_at',
      'totals',
      'unpriced_models',
      'skipped',
      'total',
      'by_model',
      'by_stage',
      'by_command',
      'by_agent',
      'by_skill',
      'by_project',
      'daily',
      'trend',
      'month',
      'alerts',
      'budgets',
      'recommendations',
    ]);
    expect(report).toMatchObject({ month: { used: 4.5 }, trend: { direction: 'rising' } });
    expect(report.daily).toHaveLength(7);
    const { out } = await run('usage report');
    for (const title of [
      'Model',
      'Stage',
      'Command',
      'Agent',
      'Project',
      'The last 7 days',
      'This month $4.50 so far',
    ]) {
      expect(out).toMatch(new RegExp(`^${title.replace('$', '\\$')}`, 'm'));
    }
  });

  it('attribution report says how it is known', async () => {
    expect(await json('attribution report')).toMatchObject({
      by_agent: [{ key: '(main)' }, { key: 'builder' }, { key: null }],
      methods: [
        { dimension: 'stage', exact: 1, unattributed: 2 },
        { dimension: 'command', exact: 2, inherited: 1, 'time-window': 0, unattributed: 0 },
        { dimension: 'agent', exact: 3 },
        { dimension: 'skill', exact: 3 },
      ],
    });
    expect((await run('attribution report')).out).toMatch(/^Command +2 +1 +0 +0$/m);
  });

  it('alerts are those that are logged, and those that hold now', async () => {
    const { alerts } = (await json('usage alerts')) as { alerts: { kind: string; level: string }[] };
    expect(alerts.map(alert => `${alert.kind} ${alert.level}`)).toContain('hourly_tokens critical');
    expect((await run('usage alerts')).out).toMatch(/^✖ critical +2026-11-26 10:\d\d \+00:00$/m);
    const quiet = makeUsageState([{ at: '2026-11-26T10:00:00Z', tokens: { input: 1 } }]);
    expect((await run('usage alerts', quiet)).out).toContain('No limit and no budget was crossed.\n');
    expect(await json('usage alerts --until 2026-11-01')).toMatchObject({ alerts: [] });
  });
});

describe('the recorded session', () => {
  const recorded = { now: () => RECORDED_END, env: { HOME: '/nonexistent' } };
  const ask = (words: string, state: string) =>
    cliJson([...words.split(' '), '--state-dir', state, '--claude-dir', `${ROOT}examples/recorded-session`], recorded);

  it('costs what the client said, to the nano-dollar', async () => {
    const state = makeFolder();
    expect(await ask('usage breakdown --by command', state)).toMatchObject({
      rows: [
        { key: '/fanout', cost: 0.044712, method: 'exact' },
        { key: '/simple', cost: 0.032778, method: 'exact' },
        { key: 'prompt', cost: 0.00567, method: 'exact' },
        { key: null, requests: 0 },
      ],
      total: { cost: 0.08316, unpriced_tokens: 0, requests: 15 },
    });
    expect(await ask('usage totals', state)).toMatchObject({
      totals: { total_tokens_input: 15_120, total_tokens_output: 870, total_cost: 0.08316, sessions_tracked: 1 },
    });
  });

  it('is answered without a state folder, and none is made', async () => {
    const cwd = makeFolder();
    const argv = ['usage', 'totals', '--claude-dir', `${ROOT}examples/recorded-session`];
    expect(await cliJson(argv, { ...recorded, cwd })).toMatchObject({ totals: { total_cost: 0.08316 } });
    expect([existsSync(`${cwd}/state`), readdirSync(cwd)]).toEqual([false, []]);
  });
});
