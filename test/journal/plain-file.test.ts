/** Only files are opened, and nothing else holds anybody up. */
import { execFileSync } from 'node:child_process';
import { constants, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openPlain, readPlain } from '../../src/journal/plain-file.ts';
import { forEachBlock } from '../../src/journal/read-blocks.ts';
import { tempDir } from '../helpers/temp-dir.ts';

it('reads files, and what a link leads to', () => {
  const folder = tempDir();
  writeFileSync(`${folder}/file`, 'text');
  symlinkSync('file', `${folder}/link`);
  expect(['file', 'link'].map(name => readPlain(`${folder}/${name}`).toString())).toEqual(['text', 'text']);
  expect(() => readPlain(`${folder}/none`)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});

it.each([
  ['a folder', (path: string) => mkdirSync(path)],
  ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
  ['a device', (path: string) => symlinkSync('/dev/zero', path)],
])('refuses %s, and says what to do', (_what, make) => {
  const path = `${tempDir()}/it`;
  make(path);
  const refusal = expect.objectContaining({
    code: 'STATE_UNREADABLE',
    message: expect.stringContaining('move it away'),
  });
  expect(() => readPlain(path)).toThrow(refusal);
  expect(() => openPlain(path, constants.O_RDONLY)).toThrow(refusal);
});

it('refuses what no memory holds', () => {
  const path = `${tempDir()}/holes`;
  writeFileSync(path, '');
  truncateSync(path, 10 * 1024 ** 3);
  expect(() => readPlain(path)).toThrow('expected at most 500000000 bytes, got 10737418240');
  expect(() => forEachBlock(path, 0, () => true)).toThrow('expected lines of less than');
});
