/** `usage hourly --by` and `usage daily --by`. */
import { expect, it } from 'vitest';
import { parseCsv } from '../helpers/parse-csv.ts';
import { cli, cliJson } from '../helpers/run-cli.ts';
import { makeUsageState } from '../helpers/usage-state.ts';

const at = { now: () => Date.parse('2026-11-26T10:20:00Z'), env: { HOME: '/nonexistent' } };
const state = (): string =>
  makeUsageState([
    { at: '2026-11-26T10:01:00Z', tokens: { output: 100_000 } },
    { at: '2026-11-26T09:01:00Z', tokens: { output: 200_000 }, agent: '<b>x</b>\x1b[31m' },
    { at: '2026-11-26T09:02:00Z', tokens: { output: 1_000 }, agent: null },
  ]);
const words = (text: string): string[] => [...text.split(' '), '--tz', 'UTC', '--state-dir', state()];

it('hours and days have a series for each name', async () => {
  expect(await cliJson(words('usage hourly --hours 2 --by agent'), at)).toMatchObject({
    by: 'agent',
    rows: [{ cost: 3.015 }, { cost: 1.5 }],
    series: [
      { key: '<b>x</b>\x1b[31m', cost: [3, 0], tokens: [200_000, 0], requests: [1, 0] },
      { key: '(main)', cost: [0, 1.5], tokens: [0, 100_000], requests: [0, 1] },
      { key: null, cost: [0.015, 0] },
    ],
    others: null,
  });
  const daily = await cliJson(words('usage daily --days 2 --by model'), at);
  expect(daily).toMatchObject({ series: [{ model_name: 'Claude Sonnet 4.5', requests: [0, 3] }] });
  expect(await cliJson(words('usage daily'), at)).not.toHaveProperty('series');
});

it('people get a second table within 80 columns, with names as text', async () => {
  const { out } = await cli(words('usage hourly --hours 2 --by agent'), at);
  expect(out).toContain('<b>x</b>\\x1b[31m');
  expect(out).toContain('unattributed');
  for (const line of out.split('\n')) expect([...line].length).toBeLessThanOrEqual(80);
});

it('the csv has a row for each hour and name', async () => {
  const { out } = await cli(words('usage hourly --hours 2 --by agent --csv'), at);
  const rows = parseCsv(out);
  expect(rows[0]).toEqual(['start', 'label', 'agent', 'cost', 'tokens', 'requests']);
  expect(rows).toHaveLength(1 + 2 * 3);
  expect(rows.map(row => row[2])).toContain('unattributed');
});

it('knows no other names', async () => {
  expect((await cli(words('usage daily --by colour'), at)).code).toBe(2);
});
