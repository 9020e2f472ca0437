/** What a fold appends itself it counts without reading it again: the same as whoever reads all of it. */
import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendLedger, type LedgerCursor } from '../../src/store/ledger.ts';
import { LedgerFiles } from '../../src/store/ledger-files.ts';
import { LedgerFold } from '../../src/store/ledger-fold.ts';
import type { BilledRequest } from '../../src/usage/billed-request.ts';
import type { LedgerRules } from '../../src/usage/cube-point.ts';
import { toLedgerLine } from '../../src/usage/ledger-line.ts';
import { RequestTableBuilder, requestAt } from '../../src/usage/request-table.ts';
import { MEASURES, UsageCube } from '../../src/usage/usage-cube.ts';
import { billedRequest, hostileText } from '../helpers/arbitrary-requests.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const numRuns = Number(process.env.PROPERTY_RUNS ?? 300);
const rules: LedgerRules = {
  costOf: ({ tokens }) => tokens.input,
  costOfSum: () => null,
  stageOf: () => ({ stage: null, method: 'exact' }),
};

function foldOf(
  stateDir: string,
  through: LedgerCursor = new Map(),
): { fold: LedgerFold; cube: UsageCube; files: LedgerFiles } {
  const files = new LedgerFiles(stateDir);
  const cube = new UsageCube();
  const fold = new LedgerFold({ files, cube, through, rules });
  fold.catchUp();
  return { fold, cube, files };
}

const sumsOf = ({ columns, size }: UsageCube) =>
  MEASURES.map(measure => {
    const column: Iterable<number> = columns.measures[measure].subarray(0, size);
    return [...column].reduce((all, one) => all + one, 0);
  });

const id = fc.oneof(fc.constantFrom('msg_1:req_1', 'msg_2:req_2', 'msg_3'), hostileText);
const requests = fc.array(
  billedRequest({ id, source: fc.constant('transcript'), webSearches: fc.nat(2) }).map(request => ({
    ...request,
    tokens: { ...request.tokens, input: request.tokens.input % 1e6, output: request.tokens.output % 1e6 },
  })),
  { maxLength: 5 },
);

describe('lines that a fold appends', () => {
  it('count as if they were read', () => {
    let known = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(requests, requests, fc.boolean()), { maxLength: 4 }), batches => {
        const stateDir = tempDir();
        const through: LedgerCursor = new Map();
        const { fold, cube, files } = foldOf(stateDir, through);
        for (const [own, others, isHalf] of batches) {
          const news = own.map(request => ({ line: toLedgerLine(request), request: request as BilledRequest | null }));
          if (news.length > 0) {
            const appended = appendLedger(stateDir, news.map(({ line }) => `${line}\n`).join(''));
            if (appended) known++;
            fold.catchUpWith(news, appended);
          }
          const told = others.map(request => `${toLedgerLine(request)}\n`).join('');
          // A writer that died in the middle of a line.
          if (told !== '') appendLedger(stateDir, isHalf ? told.slice(0, -20) : told);
        }
        fold.catchUp();
        expect(files.holds(through)).toBe(true);
        const anew = foldOf(stateDir);
        expect(sumsOf(cube)).toEqual(sumsOf(anew.cube));
        expect([...fold.requests()]).toEqual([...anew.fold.requests()]);
        files.close();
        anew.files.close();
        rmSync(stateDir, { recursive: true });
      }),
      { numRuns },
    );
    expect(known).toBeGreaterThan(numRuns / 4);
  });

  it('say in a table what they say', () => {
    fc.assert(
      fc.property(fc.array(billedRequest(), { maxLength: 10 }), fc.constantFrom(1, 1, 30), (some, times) => {
        // A table has room for a few at first.
        const all = Array.from({ length: times }, () => some).flat();
        const builder = new RequestTableBuilder();
        for (const request of all) builder.add(request);
        const table = structuredClone(builder.build());
        expect(all.map((_, index) => requestAt(table, index, table.ids[index] ?? ''))).toEqual(all);
      }),
      { numRuns },
    );
  });
});
