/** A disk of its own for a test, where mounting is allowed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { tempDir } from './temp-dir.ts';

/** A disk of 64 KB, or the reason why there is none. */
export function smallDisk(options = 'size=64k'): { path: string } | { refused: string } {
  const path = tempDir();
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], {
    encoding: 'utf8',
  });
  if (status !== 0) return { refused: `a small disk cannot be mounted here: ${(error?.message ?? stderr).trim()}` };
  onTestFinished(() => {
    execFileSync('umount', [path]);
  });
  return { path };
}

/** Fills the disk that a file lies on. */
export function fill(path: string): void {
  try {
    for (;;) appendFileSync(path, Buffer.alloc(512));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  }
}
