/** The built executable: with the zones in a file apart, and with the prices of the package. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { writeTranscripts } from '../../bench/make-transcripts.mjs';
import { makeFolder } from '../helpers/run-cli.ts';
import { ROOT } from '../helpers/run-program.ts';

const RECORDED = `${ROOT}examples/recorded-session`;

function spanbook(words: string, env: Record<string, string> = {}, claudeDir = RECORDED) {
  const argv = [...words.split(' '), '--state-dir', makeFolder(), '--claude-dir', claudeDir];
  const options = { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${ROOT}dist/bin/spanbook.cjs`, ...argv], options);
  return { status, stdout, stderr };
}

it('knows the prices and the zones', () => {
  const { status, stdout, stderr } = spanbook('usage daily --tz Asia/Kathmandu --days 3660 --json');
  expect([status, stderr]).toEqual([0, '']);
  const { time_zone, rows, total } = JSON.parse(stdout);
  expect([time_zone, rows.length, total.cost]).toEqual(['Asia/Kathmandu', 3660, 0.08316]);
  expect(rows.at(-1).start).toMatch(/T18:15:00\.000Z$/);
});

it('reads a long history in two threads, under settings that this engine knows', async () => {
  const claudeDir = makeFolder();
  const { uniqueMessages } = await writeTranscripts({ out: claudeDir, mb: 34, files: 20, seed: 8 });
  const { status, stdout, stderr } = spanbook('usage totals --json', {}, claudeDir);
  expect([status, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout).totals.requests).toBe(uniqueMessages);
});

it('refuses a zone that is none with exit code 2', () => {
  const { status, stdout, stderr } = spanbook('usage daily --tz Mars/Olympus');
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain('--tz: expected a time zone as Europe/Berlin');
});

it('has the hours of the zone that the machine is in', () => {
  const { stdout } = spanbook('usage hourly --hours 1 --json', { TZ: 'Asia/Kathmandu' });
  const { rows, time_zone } = JSON.parse(stdout);
  expect([rows[0].label.slice(-6), time_zone]).toEqual(['+05:45', null]);
});

it('leaves mistakes and help to the parser', () => {
  const mistake = spanbook('usage totals --sinse 1d');
  expect([mistake.status, mistake.stdout]).toEqual([2, '']);
  expect(mistake.stderr).toContain("unknown option '--sinse'");
  const help = spanbook('attribution top-agents --help');
  expect([help.status, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toContain('Usage: spanbook attribution top-agents [options]');
});

it('says why it failed, as the whole command line does', () => {
  const { status, stderr } = spanbook('usage breakdown --since 2026-01-02 --until 2026-01-01');
  expect([status, stderr]).toEqual([2, 'spanbook: --until: expected a time after --since, got an earlier one\n']);
});
