/** The ledger pruned: what stays in its files, who notices, and who may be at work meanwhile. */
import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ledgerRules } from '../../src/ledger-rules.ts';
import { readUsage } from '../../src/read-usage-now.ts';
import { appendLedger, ledgerPath, listLedger, usageDir } from '../../src/store/ledger.ts';
import { LedgerFiles } from '../../src/store/ledger-files.ts';
import { LedgerFold } from '../../src/store/ledger-fold.ts';
import { type PruneLedgerOptions, pruneLedger } from '../../src/store/prune-ledger.ts';
import { readPricing } from '../../src/store/read-pricing.ts';
import { fromSumLine } from '../../src/usage/request-sum.ts';
import { UsageCube } from '../../src/usage/usage-cube.ts';
import { countLedger, ledgerLines, linesOf, RULES, rowsOf } from '../helpers/ledger.ts';
import { outcomeOf, ROOT, startFixture } from '../helpers/run-program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { makeUsageState } from '../helpers/usage-state.ts';
import { HAIKU, SESSION, transcript, used, writeTranscripts } from '../helpers/write-transcripts.ts';

const NOW = Date.parse('2026-11-26T10:20:00Z');
const CUT = Date.parse('2026-11-01T00:00:00Z');
const PRICING = `${ROOT}config/usage_pricing.json`;

const prune = (stateDir: string, more: Partial<PruneLedgerOptions> = {}) =>
  pruneLedger({ stateDir, before: CUT, now: NOW, rules: RULES, isDryRun: false, ...more });
const read = (stateDir: string, claudeDirs: readonly string[] = []) =>
  readUsage({ stateDir, claudeDirs, now: NOW, pricingPath: PRICING, say: () => {} });
const rows = (stateDir: string, claudeDirs?: readonly string[]) => rowsOf(read(stateDir, claudeDirs).view.cube);

const OLD = '2026-10-01T08:03:00Z';
const NEW = '2026-11-20T08:03:00Z';
/** Three old requests in the same quarter of an hour, two of them of the same kind, and a new one. */
const mixed = (): string =>
  makeUsageState([
    { at: OLD, model: HAIKU, tokens: { input: 1000, output: 100 } },
    { at: '2026-10-01T08:14:59Z', model: HAIKU, tokens: { input: 500, cache_read: 7 }, isFinal: false },
    { at: OLD, model: 'mystery-9', tokens: { input: 300 }, agent: 'builder', instance: 'a1', span: '00f067aa0ba902b7' },
    { at: NEW, model: HAIKU, tokens: { output: 1 } },
  ]);

describe('pruneLedger', () => {
  it('leaves sums by quarter of an hour and by everything that requests belong to', () => {
    const stateDir = mixed();
    const pruned = prune(stateDir);
    expect(pruned).toMatchObject({ requests: 3, sums: 2, unpricedTokens: 300 });
    const [first = '', ...others] = linesOf(stateDir, 1);
    expect(JSON.parse(first)).toEqual({ pruned: expect.stringMatching(/^[0-9a-f]{16}$/), ids: [expect.any(String)] });
    const sums = others.slice(0, 2).map(fromSumLine);
    expect(sums).toMatchObject([
      {
        at: Date.parse('2026-10-01T08:00:00Z'),
        model: HAIKU,
        tokens: { input: 1500, cache_read: 7, cache_write_5m: 0, cache_write_1h: 0, output: 100 },
        requests: 2,
        incomplete: 1,
        // 1,000 and 100 × 5, 500 and 7 × 0.1, in millionths.
        cost: 2_000_700,
      },
      { model: 'mystery-9', requests: 1, cost: null, owner: { agent: 'builder', instance: 'a1' } },
    ]);
    expect(others.slice(2).map(line => JSON.parse(line).id)).toEqual(['msg_3:req_3']);
    expect(listLedger(stateDir)).toEqual([1, 2]);
  });

  it('says in a dry run what would become of it, and changes nothing', () => {
    const stateDir = makeUsageState(
      Array.from({ length: 200 }, () => ({ at: OLD, model: HAIKU, tokens: { output: 1 } })),
    );
    const before = ledgerLines(stateDir);
    const said = prune(stateDir, { isDryRun: true });
    expect(ledgerLines(stateDir)).toEqual(before);
    expect(listLedger(stateDir)).toEqual([1]);
    expect(said.bytes).toBeGreaterThan(30_000);
    expect(prune(stateDir)).toEqual(said);
  });

  it('does nothing where nothing is old, or nothing is there', () => {
    const stateDir = makeUsageState([{ at: NEW }]);
    const nothing = { requests: 0, sums: 0, bytes: 0, unpricedTokens: 0 };
    expect(prune(stateDir)).toEqual(nothing);
    expect(listLedger(stateDir)).toEqual([1]);
    expect(prune(tempDir())).toEqual(nothing);
  });

  it('adds to the sums that are there, and is idle the second time', () => {
    const stateDir = mixed();
    const before = countLedger(stateDir);
    prune(stateDir, { before: Date.parse('2026-10-01T08:05:00Z') });
    expect(linesOf(stateDir, 1).filter(line => fromSumLine(line))).toHaveLength(2);
    prune(stateDir);
    const lines = linesOf(stateDir, 1);
    expect(lines.map(line => fromSumLine(line)?.requests ?? 0)).toEqual([0, 2, 1, 0]);
    expect(prune(stateDir).requests).toBe(0);
    expect(linesOf(stateDir, 1)).toEqual(lines);
    expect(countLedger(stateDir)).toEqual(before);
  });

  it('keeps what it cost when prices change, and stays open for a price where there was none', () => {
    const stateDir = mixed();
    prune(stateDir);
    const price = { input: 0.002, output: 0.004, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0 };
    const models = Object.fromEntries([HAIKU, 'mystery-9'].map(model => [model, price]));
    writeFileSync(`${stateDir}/usage_pricing.json`, JSON.stringify({ models }));
    const { columns, size } = read(stateDir).view.cube;
    const costs = Array.from({ length: size }, (_, row) => columns.measures.cost[row]).sort();
    expect(costs).toEqual([2_000_700, 4_000, 600_000]);
    expect(Math.max(...columns.measures.unpriced)).toBe(0);
  });

  it('lets rules of stages hold for what was pruned', () => {
    const stateDir = mixed();
    prune(stateDir);
    const { table } = readPricing(stateDir, PRICING);
    const counted = countLedger(stateDir, ledgerRules(table, [['builder', 'building']]));
    expect(Object.keys(counted).filter(key => key.includes('"building"'))).toHaveLength(1);
  });

  it('is noticed by an index, also where everything is longer than it was', () => {
    const stateDir = makeUsageState([{ at: OLD, tokens: { output: 1 } }]);
    const before = rows(stateDir);
    expect(read(stateDir).news).toBeNull();
    prune(stateDir);
    const again = read(stateDir);
    expect(again.news).not.toBeNull();
    expect(rowsOf(again.view.cube)).toEqual(before);
    expect(read(stateDir).news).toBeNull();
    prune(stateDir, { before: CUT + 1 });
    appendLedger(stateDir, `${'x'.repeat(5000)}\n`);
    expect(rows(stateDir)).toEqual(before);
  });

  it('shows in how a segment begins, however long it is', () => {
    const stateDir = mixed();
    const [heads, through] = [new Map<number, string>(), new Map<number, number>()];
    const holds = (): boolean => {
      const files = new LedgerFiles(stateDir, heads);
      const answer = files.holds(through);
      files.close();
      return answer;
    };
    const reader = new LedgerFiles(stateDir, heads);
    reader.read(through, () => {});
    reader.close();
    appendLedger(stateDir, '{"more":1}\n');
    expect(holds()).toBe(true);
    prune(stateDir);
    appendFileSync(ledgerPath(stateDir, 1), 'x'.repeat(5000));
    expect(holds()).toBe(false);
  });

  it('leaves a reader alone that is at work', () => {
    const stateDir = mixed();
    const cube = new UsageCube();
    const files = new LedgerFiles(stateDir);
    const fold = new LedgerFold({ files, cube, through: new Map(), rules: RULES });
    fold.catchUp();
    const [old = '', , , young = ''] = ledgerLines(stateDir);
    prune(stateDir);
    expect([fold.isNews(old), fold.isNews(young)]).toEqual([false, false]);
    appendLedger(stateDir, `${young.replaceAll('_3', '_9')}\n`);
    fold.catchUp();
    expect(rowsOf(cube)).toEqual(countLedger(stateDir));
    files.close();
  });

  it('knows what an activity used before, for when more comes', () => {
    const stateDir = mixed();
    prune(stateDir);
    const files = new LedgerFiles(stateDir);
    const fold = new LedgerFold({ files, cube: new UsageCube(), through: new Map(), rules: RULES });
    fold.catchUp();
    const spans = new Set(['00f067aa0ba902b7', '00f067aa0ba902b8']);
    expect([...fold.sumsIn(spans)]).toMatchObject([['00f067aa0ba902b7', [{ requests: 1, tokens: { input: 300 } }]]]);
    expect([...fold.requestsIn(spans)]).toEqual([]);
    files.close();
  });

  it('leaves what only OTLP told of alone while its command may be found', () => {
    const entry = { source: 'otlp' as const, command: null, session: 's', at: '2026-11-25T10:00:00Z' };
    const stateDir = makeUsageState([{ ...entry, id: 'otlp:req_1' }]);
    const [line = ''] = ledgerLines(stateDir);
    rmSync(usageDir(stateDir), { recursive: true });
    mkdirSync(usageDir(stateDir));
    appendLedger(stateDir, `${line.replace(',"o":', ',"prompt":"p1","o":')}\n`);
    expect(prune(stateDir, { before: NOW }).requests).toBe(0);
    expect(prune(stateDir, { before: NOW, now: NOW + 8 * 86_400_000 }).requests).toBe(1);
  });

  it('removes what a killed one left half written, once it is old', () => {
    const stateDir = mixed();
    const onStep = (step: string): void => {
      if (step === 'written 1') throw new Error('killed');
    };
    expect(() => prune(stateDir, { onStep })).toThrow('killed');
    expect(readdirSync(usageDir(stateDir))).toHaveLength(3);
    prune(stateDir, { now: Date.now() + 120_000 });
    expect(readdirSync(usageDir(stateDir))).toHaveLength(2);
  });

  it('gives up where somebody else replaces the same segment', () => {
    const stateDir = mixed();
    const onStep = (step: string): void => {
      if (step === 'written 1') prune(stateDir);
    };
    expect(() => prune(stateDir, { onStep })).toThrow(
      `${ledgerPath(stateDir, 1)}: expected to prune it alone, but it was replaced; try again`,
    );
    expect(countLedger(stateDir)).toEqual(countLedger(mixed()));
  });
});

describe('transcripts of requests that were pruned', () => {
  const oldSession = () => {
    const t = transcript(SESSION, Date.parse(OLD));
    return [t.prompt('go'), t.answer('a', used(10, 20)), t.answer('b', used(1, 2))];
  };

  it('count nothing twice when they are read from their beginning', () => {
    const claude = writeTranscripts({ [`${SESSION}.jsonl`]: oldSession() });
    const stateDir = tempDir();
    const before = rows(stateDir, [claude]);
    prune(stateDir);
    rmSync(`${usageDir(stateDir)}/index.bin`);
    const lines = ledgerLines(stateDir);
    expect(rows(stateDir, [claude])).toEqual(before);
    expect(ledgerLines(stateDir)).toEqual(lines);
  });

  it('are not read again for it', () => {
    const claude = writeTranscripts({ [`${SESSION}.jsonl`]: oldSession() });
    const stateDir = tempDir();
    read(stateDir, [claude]);
    prune(stateDir);
    expect(read(stateDir, [claude]).news).toMatchObject({ bytes_read: 0, sessions_read: 0 });
  });

  it('count nothing twice when they are forked, and what is new counts', () => {
    const claude = writeTranscripts({ [`${SESSION}.jsonl`]: oldSession() });
    const stateDir = tempDir();
    const before = rows(stateDir, [claude]);
    prune(stateDir);
    const fork = SESSION.replace(/1$/, '2');
    const t = transcript(fork, Date.parse(NEW));
    const repeated = oldSession().map(record => ({
      ...record,
      sessionId: fork,
      forkedFrom: { sessionId: SESSION, messageUuid: record.uuid },
    }));
    writeTranscripts({ [`${fork}.jsonl`]: [...repeated, t.prompt('more', 'p2'), t.answer('c', used(5, 5))] }, claude);
    const after = rows(stateDir, [claude]);
    const added = Object.entries(after).filter(([key]) => !(key in before));
    expect(added.map(([, measures]) => measures)).toEqual([{ input: 5, output: 5, cost: 30_000, requests: 1 }]);
    expect(after).toMatchObject(before);
  });
});

describe('processes that write meanwhile', () => {
  const TOLD = 3000;

  it('lose nothing to a pruning, and count nothing twice', async () => {
    const stateDir = tempDir();
    mkdirSync(usageDir(stateDir));
    const writers = [1, 2, 3].map(writer => outcomeOf(startFixture('tell-requests', [stateDir, writer, TOLD])));
    let isOver = false;
    const all = Promise.all(writers).finally(() => {
      isOver = true;
    });
    let prunings = 0;
    while (!isOver) {
      prunings += prune(stateDir, { before: NOW }).requests > 0 ? 1 : 0;
      await new Promise(resolve => setImmediate(resolve));
    }
    for (const { code, stderr } of await all) expect([code, stderr]).toEqual([0, '']);
    expect(prunings).toBeGreaterThan(1);
    const sessions: Record<string, number> = {};
    for (const [key, { requests = 0, output = 0 }] of Object.entries(countLedger(stateDir))) {
      const session = JSON.parse(key)[8] as string;
      sessions[session] = (sessions[session] ?? 0) + requests * 1_000_000 + output;
    }
    const expected = TOLD * 1_000_000 + (TOLD * (TOLD + 1)) / 2;
    expect(sessions).toEqual({ s1: expected, s2: expected, s3: expected });
  });

  it('kill -9 at any step leaves the sums right, and the next one does the rest', async () => {
    for (let steps = 1; ; steps++) {
      const stateDir = mixed();
      const before = countLedger(stateDir);
      const { signal, stdout } = await outcomeOf(startFixture('prune-and-die', [stateDir, CUT, steps]));
      expect(countLedger(stateDir)).toEqual(before);
      if (signal === null) {
        expect(stdout.trim().split('\n')).toEqual(['begun', 'written 1', 'replaced 1']);
        break;
      }
      expect(signal).toBe('SIGKILL');
      prune(stateDir);
      expect(countLedger(stateDir)).toEqual(before);
      expect(ledgerLines(stateDir).filter(line => line.startsWith('{"id"'))).toHaveLength(1);
    }
  });
});
