/** Changes to files, planned and carried out. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { carryOut, changeTo, type FilePlan, missingFolders } from '../../src/claude-code/file-plan.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const plan = (parts: Partial<FilePlan>): FilePlan => ({ folders: [], changes: [], emptied: [], ...parts });
const text = (content: string): Buffer => Buffer.from(content);

describe('carryOut', () => {
  it('makes folders, writes, replaces and removes files, and leaves nothing else behind', () => {
    const root = tempDir();
    writeFileSync(`${root}/old`, 'old');
    writeFileSync(`${root}/gone`, 'gone');
    chmodSync(`${root}/old`, 0o604);
    const changes = [
      ...changeTo(`${root}/a/b/new`, text('new'), 0o600),
      ...changeTo(`${root}/old`, text('renewed')),
      ...changeTo(`${root}/gone`, null),
    ];
    carryOut(plan({ folders: missingFolders(`${root}/a/b`), changes }));
    expect(readdirSync(root, { recursive: true }).sort()).toEqual(['a', 'a/b', 'a/b/new', 'old']);
    expect(readFileSync(`${root}/old`, 'utf8')).toBe('renewed');
    expect(statSync(`${root}/old`).mode & 0o777).toBe(0o604);
    expect(statSync(`${root}/a/b/new`).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['changed', text('mine'), 'theirs'],
    ['made', null, 'theirs'],
  ])('does not write over what somebody %s meanwhile', (_what, was, now) => {
    const path = `${tempDir()}/file`;
    writeFileSync(path, now);
    const change = { path, was, content: text('ours') };
    expect(() => carryOut(plan({ changes: [change] }))).toThrow(
      `${path}: expected what was read before, got a change meanwhile`,
    );
    expect(readFileSync(path, 'utf8')).toBe(now);
  });

  it('removes folders that are empty, and no others', () => {
    const root = tempDir();
    mkdirSync(`${root}/a/b`, { recursive: true });
    mkdirSync(`${root}/c`);
    writeFileSync(`${root}/c/file`, '');
    const emptied = ['a/b', 'a', 'c', 'none', 'c/file'].map(name => `${root}/${name}`);
    carryOut(plan({ emptied }));
    expect(readdirSync(root)).toEqual(['c']);
  });
});

describe('changeTo', () => {
  it('is no change where the file is so already', () => {
    const root = tempDir();
    writeFileSync(`${root}/file`, 'same');
    expect(changeTo(`${root}/file`, text('same'))).toEqual([]);
    expect(changeTo(`${root}/none`, null)).toEqual([]);
    expect(changeTo(`${root}/file`, text('other'))).toMatchObject([{ was: text('same'), content: text('other') }]);
  });
});
