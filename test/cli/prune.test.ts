/** `spanbook prune`: what it removes, what it keeps, and what it says. */
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSegment, listSegments } from '../../src/journal/segments.ts';
import { monitorPlace } from '../../src/monitor/monitor-place.ts';
import { takeLock } from '../../src/monitor/socket-lock.ts';
import { listArchives } from '../../src/store/archive.ts';
import { appendLedger } from '../../src/store/ledger.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { NOON } from '../helpers/client-facts.ts';
import { ledgerLines } from '../helpers/ledger.ts';
import { appendFacts, fourDays, LARGE } from '../helpers/old-state.ts';
import { cli, cliJson, makeFolder } from '../helpers/run-cli.ts';
import { makeNote, makeRequest } from '../helpers/script-facts.ts';
import { makeUsageState } from '../helpers/usage-state.ts';

const DAY = 86_400_000;
/** Days 1 and 2 of `fourDays` are older than four days, and so is all that was used. */
const now = (): number => NOON + 6 * DAY + DAY / 2;
const AGE = ['--older-than', '4d'];
const at = { now, env: { HOME: '/nonexistent', TZ: 'UTC' } };

interface PruneAnswer {
  before: string;
  dry_run: boolean;
  removed: { archives: number; segments: number; requests: number; bytes: number };
  kept_sums: number;
  files: { path: string; bytes: number }[];
}

/** Four days in the journal, and requests of the first. */
function oldState(): string {
  const stateDir = fourDays();
  const [line = ''] = ledgerLines(makeUsageState([{ at: new Date(NOON).toISOString(), tokens: { output: 100 } }]));
  const lines = Array.from({ length: 30 }, (_, number) => `${line.replaceAll('_0', `_${number}`)}\n`);
  appendLedger(stateDir, lines.join(''));
  return stateDir;
}

const prune = (stateDir: string, ...more: string[]) => cli(['prune', ...AGE, '--state-dir', stateDir, ...more], at);
const pruneJson = async (stateDir: string, ...more: string[]): Promise<PruneAnswer> =>
  (await cliJson(['prune', ...AGE, '--state-dir', stateDir, ...more], at)) as PruneAnswer;
const ask = (words: string, stateDir: string) => cliJson([...words.split(' '), '--state-dir', stateDir], at);

describe('spanbook prune', () => {
  it('removes archives, segments and requests, and says how much', async () => {
    const stateDir = oldState();
    const { files, ...answer } = await pruneJson(stateDir);
    expect(answer).toEqual({
      schema_version: '1.0.0',
      before: new Date(now() - 4 * DAY).toISOString(),
      dry_run: false,
      removed: { archives: 2, segments: 2, requests: 30, bytes: expect.any(Number) },
      kept_sums: 1,
    });
    expect(files.map(({ path }) => path.slice(stateDir.length + 1))).toEqual([
      'journal/events-00000001.jsonl',
      'journal/events-00000002.jsonl',
      'archive/pipeline_progress-00000001.json',
      'archive/pipeline_progress-00000002.json',
    ]);
    expect(answer.removed.bytes).toBeGreaterThan(files.reduce((sum, { bytes }) => sum + bytes, 0));
    expect([listArchives(stateDir), listSegments(stateDir)]).toEqual([[3], [3, 4]]);
    expect(ledgerLines(stateDir)).toHaveLength(2);
  });

  it('changes no total and no breakdown', async () => {
    const stateDir = oldState();
    const questions = ['usage totals', 'usage breakdown --by session,agent', 'usage daily --days 9', 'pipeline stats'];
    const before = await Promise.all(questions.map(words => ask(words, stateDir)));
    await pruneJson(stateDir);
    expect(await Promise.all(questions.map(words => ask(words, stateDir)))).toEqual(before);
    expect((await pruneJson(stateDir)).removed).toEqual({ archives: 0, segments: 0, requests: 0, bytes: 0 });
  });

  it('says in a dry run what would go, and leaves it', async () => {
    const stateDir = oldState();
    await ask('usage totals', stateDir);
    const names = (): string[] => readdirSync(stateDir, { recursive: true, encoding: 'utf8' }).sort();
    const before = names();
    const said = await pruneJson(stateDir, '--dry-run');
    const { out } = await prune(stateDir, '--dry-run');
    expect(names()).toEqual(before);
    const masked = out.replace(/ +\d+ KB/g, ' N KB').replace(/20\d\d-\d\d-\d\d \d\d:\d\d/, 'DAY');
    expect(masked).toBe(`Would remove what is from before DAY

                         Count   Size
Archived documents           2 N KB
Segments of the journal      2 N KB
Requests                    30 N KB
Total N KB

  journal/events-00000001.jsonl N KB
  journal/events-00000002.jsonl N KB
  archive/pipeline_progress-00000001.json N KB
  archive/pipeline_progress-00000002.json N KB

What the requests used and cost would stay as sums in 1 row, at the prices of
today.
`);
    expect(await pruneJson(stateDir)).toEqual({ ...said, dry_run: false });
  });

  it('says that nothing is old', async () => {
    const stateDir = fourDays();
    const { out } = await cli(['prune', '--older-than', '52w', '--state-dir', stateDir], at);
    expect(out).toMatch(/^Nothing to remove is from before 20\d\d-\d\d-\d\d \d\d:\d\d\.\n$/);
  });

  it('takes what programs reported into the ledger before their segment goes', async () => {
    const stateDir = fourDays();
    appendFacts(stateDir, { ...makeRequest(0x77, 4, 5), at: NOON + 4 * DAY });
    createSegment(stateDir, 5);
    refreshDocument(stateDir, LARGE);
    createSegment(stateDir, 6);
    appendFacts(stateDir, makeNote(0x66));
    refreshDocument(stateDir, LARGE);
    const later = { ...at, now: () => NOON + 400 * DAY };
    await cliJson(['prune', '--older-than', '30d', '--state-dir', stateDir], later);
    expect(listSegments(stateDir)).toEqual([6]);
    expect(await ask('usage totals', stateDir)).toMatchObject({ totals: { requests: 1, total_tokens_output: 5 } });
  });

  it('says of what has no price that one may still come', async () => {
    const [line = ''] = ledgerLines(makeUsageState([{ at: new Date(NOON).toISOString(), model: 'mystery-9' }]));
    const stateDir = fourDays();
    appendLedger(stateDir, `${line.replace('[0,', '[1234,')}\n`);
    const { out } = await prune(stateDir);
    expect(out).toContain('⚠ 1,234 of their tokens have no price; one that is given later counts for the');
  });

  it('answers about a folder that does not exist, and makes none', async () => {
    const stateDir = `${makeFolder()}/none`;
    expect(await pruneJson(stateDir)).toMatchObject({ removed: { archives: 0, segments: 0, requests: 0, bytes: 0 } });
    expect(existsSync(stateDir)).toBe(false);
  });

  it('is refused while another one is at work', async () => {
    const stateDir = oldState();
    const { socket } = monitorPlace(stateDir);
    const held = await takeLock({ socket: `${socket}-prune`, isSocketFile: false }, () => {});
    const { code, err } = await prune(stateDir);
    held?.release();
    expect([code, err]).toEqual([
      1,
      `spanbook: ${stateDir}: expected nobody else to prune it, but somebody does; try later\n`,
    ]);
    expect(listArchives(stateDir)).toEqual([1, 2, 3]);
    expect((await prune(stateDir)).code).toBe(0);
  });

  it.runIf(process.getuid?.() !== 0)('fails with clear words where the folder cannot be written', async () => {
    const stateDir = oldState();
    chmodSync(`${stateDir}/journal`, 0o500);
    const { code, err } = await prune(stateDir);
    chmodSync(`${stateDir}/journal`, 0o700);
    expect(code).toBe(1);
    expect(err).toContain('EACCES');
  });

  it.each([
    [[], 'prune: expected --older-than with an age, as 30d or 12w, got none'],
    [['--older-than', ''], 'Expected an age of an hour or more, as 30d, 12w or 48h.'],
    [['--older-than', '10m'], 'Expected an age of an hour or more, as 30d, 12w or 48h.'],
    [['--older-than', '0d'], 'Expected an age of an hour or more, as 30d, 12w or 48h.'],
    [['--older-than', '2026-01-01'], 'Expected an age of an hour or more, as 30d, 12w or 48h.'],
    [['--older-than', '-30d'], 'Expected an age of an hour or more, as 30d, 12w or 48h.'],
  ])('%j is wrong usage', async (more, message) => {
    const { code, out, err } = await cli(['prune', ...more, '--state-dir', makeFolder()], at);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it('explains itself with an example', async () => {
    const { code, out } = await cli(['prune', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('$ spanbook prune --older-than 90d --dry-run');
  });
});
