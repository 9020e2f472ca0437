/** Lines for the ledger: which segment they go to, and that a pruning misses none. */
import fs, { existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { describe, expect, it, onTestFinished } from 'vitest';
import { appendLedger, beginSegment, ledgerPath, listLedger, usageDir } from '../../src/store/ledger.ts';
import { linesOf, writeLedger } from '../helpers/ledger.ts';
import { tempDir } from '../helpers/temp-dir.ts';

describe('appendLedger', () => {
  it('makes the ledger, and goes on in its newest segment', () => {
    const stateDir = tempDir();
    appendLedger(stateDir, 'a\n');
    beginSegment(stateDir);
    appendLedger(stateDir, 'b\nc\n');
    expect([linesOf(stateDir, 1), linesOf(stateDir, 2)]).toEqual([['a'], ['b', 'c']]);
  });

  it('begins the next segment when one is full', () => {
    const stateDir = tempDir();
    writeLedger(stateDir, [['a']]);
    truncateSync(ledgerPath(stateDir, 1), 32 << 20);
    appendLedger(stateDir, 'b\n');
    appendLedger(stateDir, 'c\n');
    expect(linesOf(stateDir, 2)).toEqual(['c']);
    expect(listLedger(stateDir)).toEqual([1, 2]);
  });

  it('ends half a line that a killed writer left, and writes much in whole lines', () => {
    const stateDir = tempDir();
    mkdirSync(usageDir(stateDir));
    const lines = Array.from({ length: 9 }, (_, number) => `${number}${'x'.repeat(300_000)}`);
    appendLedger(stateDir, `${lines.join('\n')}\n`);
    expect(readFileSync(ledgerPath(stateDir, 1), 'utf8').startsWith('\n0x')).toBe(true);
    expect(linesOf(stateDir, 1)).toEqual(lines);
  });

  it('tells once more what came to a segment after the next one had begun', () => {
    const stateDir = tempDir();
    const { writevSync } = fs;
    onTestFinished(() => restore({ writevSync }));
    // Another process begins the next segment while this one writes.
    restore({
      writevSync: ((...args: Parameters<typeof writevSync>) => {
        restore({ writevSync });
        beginSegment(stateDir);
        return writevSync(...args);
      }) as typeof writevSync,
    });
    appendLedger(stateDir, `${'x'.repeat(500_000)}\n`);
    expect(linesOf(stateDir, 1)).toEqual(['x'.repeat(500_000)]);
    expect(linesOf(stateDir, 2)).toEqual(['x'.repeat(500_000)]);
    expect(existsSync(ledgerPath(stateDir, 3))).toBe(false);
  });
});

function restore({ writevSync }: Pick<typeof fs, 'writevSync'>): void {
  fs.writevSync = writevSync;
  syncBuiltinESMExports();
}
