/** `--csv`, `--strict`, `--tz`, no usage at all, and what is wrong usage. */
import { describe, expect, it } from 'vitest';
import { cli, makeFolder } from '../helpers/run-cli.ts';
import { makeUsageState } from '../helpers/usage-state.ts';

const NOW = Date.parse('2026-11-26T10:20:00Z');
const at = { now: () => NOW, env: { HOME: '/home/dev' } };
const run = (words: string, stateDir: string) =>
  cli([...words.split(' '), '--state-dir', stateDir, '--claude-dir', '/nonexistent'], at);

const COLUMNS =
  'input_tokens,output_tokens,cache_read_tokens,cache_write_5m_tokens,cache_write_1h_tokens,cost,unpriced_tokens,requests,output_incomplete_requests';

describe('--csv', () => {
  const stateDir = (): string =>
    makeUsageState([
      { at: '2026-11-26T10:01:00Z', tokens: { input: 7 }, agent: '=cmd|"calc"', branch: 'a,b' },
      { at: '2026-11-26T10:02:00Z', tokens: { cache_read: 10 }, agent: null },
    ]);

  it.each([
    ['usage totals', /^total_tokens_input,.*\r\n7,0,10,0,0,0\.000024,USD,1,2,0,0,0\r\n$/],
    [
      'usage breakdown --by agent',
      `agent,${COLUMNS},share,method\r\n"'=cmd|""calc""",7,0,0,0,0,0.000021,0,1,0,0.875,exact\r\nunattributed,0,0,10,0,0,0.000003,0,1,0,0.125,exact\r\n`,
    ],
    [
      'usage top --by model,branch --limit 1',
      `model,branch,model_name,${COLUMNS},share,method\r\nclaude-sonnet-4-5-20250929,"a,b",Claude Sonnet 4.5,7,0,0,0,0,0.000021,0,1,0,0.875,exact\r\n`,
    ],
    [
      'usage hourly --hours 1 --tz UTC',
      `start,label,${COLUMNS}\r\n2026-11-26T10:00:00.000Z,2026-11-26 10:00 +00:00,7,0,10,0,0,0.000024,0,2,0\r\n`,
    ],
    [
      'usage daily --days 1 --tz UTC',
      `start,label,${COLUMNS}\r\n2026-11-26T00:00:00.000Z,2026-11-26,7,0,10,0,0,0.000024,0,2,0\r\n`,
    ],
    [
      'usage trend --days 1 --tz UTC',
      'start,label,cost,unpriced_tokens,requests,in_trend\r\n2026-11-26T00:00:00.000Z,2026-11-26,0.000024,0,2,false\r\n',
    ],
    ['usage alerts', 'at,level,kind,period,period_start,subject,value,limit,message\r\n'],
    ['usage report', /^dimension,key,model_name,.*\r\nmodel,claude-sonnet-4-5-20250929,Claude Sonnet 4\.5,7,0,10,/],
    ['attribution report', /\r\nskill,\(none\),,7,0,10,0,0,0\.000024,0,2,0,1,exact\r\n/],
    ['attribution top-agents --limit 1', /^agent,.*\r\n"'=cmd\|""calc""",7,0,0,0,0,0\.000021,0,1,0,0\.875,exact\r\n$/],
  ])('%s', async (words, table) => {
    const { code, out, err } = await run(`${words} --csv`, stateDir());
    expect([code, err]).toEqual([0, '']);
    if (typeof table === 'string') expect(out).toBe(table);
    else expect(out).toMatch(table);
  });

  it('has a header without usage too', async () => {
    expect((await run('usage breakdown --csv', makeUsageState([]))).out).toBe(
      `model,model_name,${COLUMNS},share,method\r\n`,
    );
  });
});

describe('--strict', () => {
  const stateDir = (): string =>
    makeUsageState([
      { at: '2026-11-26T10:01:00Z', tokens: { input: 7 } },
      { at: '2026-11-20T10:01:00Z', tokens: { input: 1_500 }, model: 'mystery-9' },
    ]);

  it.each([
    ['usage totals', 1],
    ['usage breakdown --by agent', 1],
    ['usage top', 1],
    ['usage daily', 1],
    ['usage trend', 1],
    ['usage report --json', 1],
    ['attribution report --csv', 1],
    ['attribution top-models', 1],
    ['usage totals --since 2d', 0],
    ['usage hourly', 0],
    ['usage breakdown --model sonnet', 0],
  ])('%s: %d', async (words, expected) => {
    const { code, out, err } = await run(`${words} --strict`, stateDir());
    expect([code, err]).toEqual([expected, expected === 1 ? '--strict: 1,500 tokens have no price\n' : '']);
    expect(out).not.toBe('');
  });
});

describe('wrong usage', () => {
  it.each([
    ['usage totals --json --csv', '--csv: expected no --json beside it, got both'],
    [
      'usage totals --tz Mars/Olympus',
      '--tz: expected a time zone as Europe/Berlin, UTC or +05:30, got "Mars/Olympus"',
    ],
    ['usage daily --tz +05:07', '--tz: expected a time zone'],
    [
      'usage totals --since yesterday',
      'Expected a date as 2026-10-31, a time as 2026-10-31T12:00, or an age as 30d or 12h.',
    ],
    ['usage totals --since 2026-02-30', 'Expected a date as 2026-10-31'],
    [
      'usage totals --since 2026-11-20 --until 2026-11-19',
      '--until: expected a time after --since, got an earlier one',
    ],
    ['usage breakdown --by colour', 'Expected one of model, stage, command, agent, instance, skill'],
    ['usage breakdown --by model,model', 'or two of them as model,stage'],
    ['usage breakdown --by model,agent,skill', 'or two of them as model,stage'],
    ['usage hourly --hours 0', 'Expected a whole number from 1 to 9000.'],
    ['usage daily --days 100000', 'Expected a whole number from 1 to 3660.'],
    ['usage top --limit -1', 'Expected a whole number, 1 or more.'],
  ])('%s gives exit code 2', async (words, message) => {
    const { code, out, err } = await run(words, makeFolder());
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});

describe('no usage', () => {
  it.each(['usage totals', 'usage breakdown', 'usage hourly', 'usage report', 'attribution report', 'usage trend'])(
    '%s says so, and what comes next',
    async words => {
      const { code, out } = await run(words, makeFolder());
      expect(code).toBe(0);
      expect(out).toBe(`No usage is recorded yet.

It is read from the transcripts of Claude Code, and there are none with a billed
request in /nonexistent/projects.
Run Claude Code once, or name its folder with --claude-dir DIR.
`);
    },
  );
});
