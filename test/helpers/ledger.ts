/** Ledgers that tests fill themselves, and what they count. */
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { ledgerRules } from '../../src/ledger-rules.ts';
import { ledgerPath, listLedger, usageDir } from '../../src/store/ledger.ts';
import { LedgerFiles } from '../../src/store/ledger-files.ts';
import { LedgerFold } from '../../src/store/ledger-fold.ts';
import { readPricing } from '../../src/store/read-pricing.ts';
import type { LedgerRules } from '../../src/usage/cube-point.ts';
import { DIMENSIONS, MEASURES, type Measure, UsageCube } from '../../src/usage/usage-cube.ts';
import { ROOT } from './run-program.ts';

/** The prices of the package, and no rules. */
export const RULES: LedgerRules = ledgerRules(
  readPricing('/nonexistent', `${ROOT}config/usage_pricing.json`).table,
  [],
);

/** Writes lines to segments, which are numbered from 1. */
export function writeLedger(stateDir: string, segments: readonly (readonly string[])[]): void {
  mkdirSync(usageDir(stateDir), { recursive: true });
  for (const [index, lines] of segments.entries()) {
    appendFileSync(ledgerPath(stateDir, index + 1), lines.map(line => `\n${line}\n`).join(''));
  }
}

export const ledgerLines = (stateDir: string): string[] =>
  listLedger(stateDir).flatMap(segment => linesOf(stateDir, segment));

export const linesOf = (stateDir: string, segment: number): string[] =>
  readFileSync(ledgerPath(stateDir, segment), 'utf8')
    .split('\n')
    .filter(line => line !== '');

/** What a ledger counts when it is read from its beginning. */
export function countLedger(stateDir: string, rules = RULES): CubeRows {
  const cube = new UsageCube();
  const files = new LedgerFiles(stateDir);
  new LedgerFold({ files, cube, through: new Map(), rules }).catchUp();
  files.close();
  return rowsOf(cube);
}

/** Measures of each combination, without zeros, so that two cubes can be compared whatever their order is. */
export type CubeRows = Record<string, Partial<Record<Measure, number>>>;

export function rowsOf({ columns, names, size }: UsageCube): CubeRows {
  const rows: [string, CubeRows[string]][] = [];
  for (let row = 0; row < size; row++) {
    const keys = DIMENSIONS.map(dimension => {
      const code = columns.dimensions[dimension][row] ?? 0;
      return code === 0 ? null : (names[dimension][code] ?? '');
    });
    const measures = MEASURES.flatMap(measure => {
      const value = columns.measures[measure][row] ?? 0;
      return value === 0 ? [] : [[measure, value] as const];
    });
    if (measures.length > 0) {
      rows.push([JSON.stringify([columns.slots[row], columns.methods[row], ...keys]), Object.fromEntries(measures)]);
    }
  }
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}
