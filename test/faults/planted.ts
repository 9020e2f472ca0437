/** What may lie in the place of a file: planted by somebody, or left there by accident. */
import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, symlinkSync } from 'node:fs';

export type Planted = 'a pipe' | 'a device' | 'a folder' | 'a file of 10 GB' | 'a link to a pipe';
export const PLANTED: readonly Planted[] = ['a pipe', 'a device', 'a folder', 'a file of 10 GB', 'a link to a pipe'];

const pipe = (path: string): void => void execFileSync('mkfifo', [path]);

const HOW: Record<Planted, (path: string) => void> = {
  'a pipe': pipe,
  'a device': path => symlinkSync('/dev/zero', path),
  'a folder': path => mkdirSync(path),
  'a file of 10 GB'(path) {
    const fd = openSync(path, 'w', 0o600);
    // All of it is a hole: it takes no room.
    ftruncateSync(fd, 10 * 1024 ** 3);
    closeSync(fd);
  },
  'a link to a pipe'(path) {
    pipe(`${path}-pipe`);
    symlinkSync(`${path}-pipe`, path);
  },
};

/** Puts it in the place of whatever is there. */
export function plant(what: Planted, path: string): void {
  rmSync(path, { recursive: true, force: true });
  HOW[what](path);
}
