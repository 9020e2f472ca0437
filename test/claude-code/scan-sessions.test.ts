/** A generated history, read in one thread and in two: the same, and what the generator says that it holds. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeTranscripts } from '../../bench/make-transcripts.mjs';
import { claudeTranscripts, sessionsToScan } from '../../src/claude-code/changed-sessions.ts';
import { type ScannedSession, scanSession } from '../../src/claude-code/scan-session.ts';
import { scanSessions } from '../../src/claude-code/scan-sessions.ts';
import { usageBreakdown } from '../../src/query/usage/usage-breakdown.ts';
import { readUsage } from '../../src/read-usage-now.ts';
import { linesIn } from '../../src/usage/ledger-text.ts';
import { DIMENSIONS } from '../../src/usage/usage-cube.ts';
import { PACKAGED_PRICES } from '../helpers/prices.ts';
import { makeFolder } from '../helpers/run-cli.ts';
import { ROOT } from '../helpers/run-program.ts';
import { sumsOf } from '../helpers/usage-cases.ts';

const WORKER = `${ROOT}dist/bin/scan-worker.cjs`;
const LATER = Date.now() + 3_600_000;
let claudeDir = '';
let truth: Awaited<ReturnType<typeof writeTranscripts>>;

beforeAll(async () => {
  claudeDir = mkdtempSync(`${tmpdir()}/spanbook-test-`);
  truth = await writeTranscripts({ out: claudeDir, mb: 3, files: 40, seed: 7 });
  return () => rmSync(claudeDir, { recursive: true, force: true });
});

const read = (stateDir: string) =>
  readUsage({ stateDir, claudeDirs: [claudeDir], now: LATER, pricingPath: PACKAGED_PRICES, say: () => {} });

const toScan = () => {
  const sessions = claudeTranscripts([claudeDir]).map(found => ({ found, changed: found.files }));
  return sessionsToScan(sessions, { files: new Map(), sessions: new Map() }, LATER);
};

/** What is sent from thread to thread is copied: without what is undefined, as in the index. */
const plain = ({ lines, requests, ...rest }: ScannedSession): unknown => ({
  ...(JSON.parse(JSON.stringify({ ...rest, ...requests, numbers: null })) as object),
  numbers: [...requests.numbers],
  lines: linesIn(lines),
});

describe('a generated history', () => {
  it('has the requests and tokens that were written into it', () => {
    const { requests, input, output, cache_read, cache_write_5m, cache_write_1h } = sumsOf(read(makeFolder()).view);
    const { tokens, uniqueMessages } = truth;
    expect([requests, input, output, cache_read]).toEqual([
      uniqueMessages,
      tokens.input,
      tokens.output,
      tokens.cacheRead,
    ]);
    expect([cache_write_5m + cache_write_1h, cache_write_1h]).toEqual([tokens.cacheCreation, tokens.cacheCreation1h]);
  });

  it('sums to the total by every dimension and by every two of them', () => {
    const { view } = read(makeFolder());
    const pairs = DIMENSIONS.flatMap(one => DIMENSIONS.filter(two => two !== one).map(two => [one, two]));
    for (const by of [...DIMENSIONS.map(one => [one]), ...pairs]) {
      const { rows, total } = usageBreakdown(view, by);
      const sum = (key: 'requests' | 'input_tokens' | 'output_tokens' | 'cache_read_tokens'): number =>
        rows.reduce((all, row) => all + row[key], 0);
      for (const key of ['requests', 'input_tokens', 'output_tokens', 'cache_read_tokens'] as const) {
        expect([by, key, sum(key)]).toEqual([by, key, total[key]]);
      }
      const nanos = rows.reduce((all, { cost }) => all + Math.round(cost * 1e9), 0);
      expect([by, nanos]).toEqual([by, Math.round(total.cost * 1e9)]);
    }
  });

  it.each([true, false])('gives the same in two threads, in the order of the sessions (helps: %s)', async helps => {
    const sessions = toScan();
    const scanned: ScannedSession[] = [];
    await scanSessions(sessions, { workerPath: WORKER, helps }, session => scanned.push(session));
    expect(scanned.map(plain)).toEqual(sessions.map(session => plain(scanSession(session))));
  });

  it.each([true, false])('is an error in two threads if the worker is missing (helps: %s)', async helps => {
    const workerPath = `${claudeDir}/no-worker.cjs`;
    await expect(scanSessions(toScan(), { workerPath, helps }, () => {})).rejects.toThrow('no-worker');
  });
});
