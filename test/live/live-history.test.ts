/** What is followed in memory is what a query reads from the files, at every moment. */
import { mkdirSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveHistory } from '../../src/live/live-history.ts';
import type { Fact } from '../../src/model/fact.ts';
import { documentTable } from '../../src/query/analysis/document-table.ts';
import type { ActivityRow } from '../../src/query/runs/activity-row.ts';
import type { ActivityTable } from '../../src/query/runs/activity-table.ts';
import { readHistory } from '../../src/store/read-document.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { clientFact, identifiedScriptFact } from '../helpers/arbitrary-facts.ts';
import { recordedFacts } from '../helpers/recorded-session.ts';
import { appendLines, end, linesOf, makeState, note, spanId, start, T0 } from '../helpers/run-cli.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 40) };

const openHistory = (stateDir: string): LiveHistory => new LiveHistory({ stateDir, now: () => T0, say: () => {} });

function readAll(history: LiveHistory): LiveHistory {
  do {
    history.follow();
    history.readOlder();
  } while (!history.isWhole);
  return history;
}

const rowsOf = (table: ActivityTable): ActivityRow[] => [...table.rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));

const readRows = (stateDir: string): ActivityRow[] => rowsOf(documentTable(readHistory(stateDir, () => {})));

describe('a history in memory', () => {
  it('has what was there before, of which the document tells', () => {
    const stateDir = makeState(recordedFacts());
    refreshDocument(stateDir, 1e9);
    expect(rowsOf(readAll(openHistory(stateDir)).table)).toEqual(readRows(stateDir));
  });

  it('has what no document tells yet', () => {
    const stateDir = makeState(recordedFacts());
    const history = readAll(openHistory(stateDir));
    expect(history.table.rows.size).toBe(readRows(stateDir).length);
    expect(history.head.statistics.total_commands).toBe(3);
  });

  it('tells whether a look found anything', () => {
    const stateDir = makeState([start(1)]);
    const history = readAll(openHistory(stateDir));
    expect(history.follow()).toBe(false);
    appendLines(stateDir, linesOf([end(1)]));
    expect(history.follow()).toBe(true);
    expect(history.table.rows.get(`evt-${spanId(1)}`)).toMatchObject({ status: 'completed', endedAt: T0 + 1000 });
    expect(history.follow()).toBe(false);
  });

  it('learns of usage that is told after the document was written that it began behind', () => {
    const stateDir = makeState([start(1), end(1)]);
    refreshDocument(stateDir, 1e9);
    const history = readAll(openHistory(stateDir));
    const tokens = { input: 7, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output: 5 };
    const used = { tokens, requests: 1, cost_nanousd: 12_000 };
    const told: Fact = {
      v: 1,
      at: T0 + 2000,
      source: 'hook',
      kind: 'usage',
      span: spanId(1),
      self: used,
      total: used,
      leaves: [],
      complete: true,
    };
    appendLines(stateDir, linesOf([told]));
    expect(rowsOf(readAll(history).table)).toEqual(readRows(stateDir));
  });

  it('begins anew where the folder was replaced', () => {
    const stateDir = makeState([start(1), start(2), note(3)]);
    const history = readAll(openHistory(stateDir));
    rmSync(stateDir, { recursive: true });
    mkdirSync(`${stateDir}/journal`, { recursive: true });
    appendLines(stateDir, linesOf([start(4), end(4)]));
    expect(history.follow()).toBe(true);
    expect([...readAll(history).table.rows.keys()]).toEqual([`evt-${spanId(4)}`]);
  });

  const steps = fc.array(
    fc.record({
      facts: fc.array(fc.oneof(clientFact, identifiedScriptFact), { minLength: 1, maxLength: 12 }),
      refreshes: fc.boolean(),
      follows: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  );

  /** Rows in memory and in the files, after all of these steps. */
  function bothAfter(all: typeof steps extends fc.Arbitrary<infer T> ? T : never, maxBytes: number) {
    const stateDir = makeState();
    let history: LiveHistory | null = null;
    for (const { facts, refreshes, follows } of all) {
      appendLines(stateDir, linesOf(facts));
      if (refreshes) refreshDocument(stateDir, maxBytes);
      if (!follows) continue;
      if (history) history.follow();
      else history = openHistory(stateDir);
    }
    const live = rowsOf(readAll(history ?? openHistory(stateDir)).table);
    return { live, read: readRows(stateDir) };
  }

  it('is what the document says, whoever wrote it when', () => {
    // Without the place in the tree: facts at random name parents in circles, which are cut where they are met first.
    const told = ({ id, level, name, startedAt, endedAt, status, errors, warnings, usage }: ActivityRow) => ({
      ...{ id, level, name, startedAt, endedAt, status, errors, warnings, usage },
    });
    fc.assert(
      fc.property(steps, all => {
        const { live, read } = bothAfter(all, 1e9);
        expect(live.map(told)).toEqual(read.map(told));
      }),
      RUNS,
    );
  });

  it('has the activities of archives', () => {
    // What comes after a document was archived changes nothing in it, but does in memory.
    const told = ({ id, level, startedAt }: ActivityRow) => ({ id, level, startedAt });
    fc.assert(
      fc.property(steps, all => {
        const { live, read } = bothAfter(all, 6000);
        expect(live.map(told)).toEqual(read.map(told));
      }),
      RUNS,
    );
  });
});
