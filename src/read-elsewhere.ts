/** Usage that is counted without being kept. */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { ReadUsageOptions } from './read-usage.ts';

/** Reads in a folder that is gone afterwards. */
export function elsewhere<T>(options: ReadUsageOptions, read: (where: ReadUsageOptions) => T): T {
  const stateDir = mkdtempSync(`${tmpdir()}/spanbook-usage-`);
  const done = (): void => rmSync(stateDir, { recursive: true, force: true });
  let result: T;
  try {
    // What was pruned stands nowhere but in the ledger.
    for (const name of ['usage', 'journal', 'archive', 'spanbook.json', 'pipeline_progress.json']) {
      const from = `${options.stateDir}/${name}`;
      if (existsSync(from)) cpSync(from, `${stateDir}/${name}`, { recursive: true });
    }
    result = read({ ...options, stateDir, copyOf: options.stateDir });
  } catch (error) {
    done();
    throw error;
  }
  if (result instanceof Promise) return result.finally(done) as T;
  done();
  return result;
}
