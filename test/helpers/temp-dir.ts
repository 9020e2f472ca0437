/** A folder of its own for each test, gone afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { onTestFinished } from 'vitest';

export function tempDir(): string {
  const path = mkdtempSync(`${tmpdir()}/spanbook-test-`);
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
