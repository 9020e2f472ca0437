/** One rule for where the state lies. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findStateDir } from '../../src/store/state-dir.ts';
import { tempDir } from '../helpers/temp-dir.ts';

describe('findStateDir', () => {
  it.each([
    ['what is given', { given: '/a', env: { SPANBOOK_STATE_DIR: '/b' } }, '/a'],
    ['its variable', { env: { SPANBOOK_STATE_DIR: '/b', CLAUDE_PROJECT_DIR: '/none' } }, '/b'],
    ['the project', { env: { CLAUDE_PROJECT_DIR: '/none' }, hookDir: '/p/.claude/hooks/spanbook' }, '/none/state'],
    ['the project that a copied hook lies in', { env: {}, hookDir: '/none/.claude/hooks/spanbook' }, '/none/state'],
    ['the working folder', { env: {}, hookDir: '/elsewhere/dist/hooks' }, '/nowhere/state'],
  ])('takes %s', (_what, sources, path) => {
    expect(findStateDir({ cwd: '/nowhere', ...sources })).toEqual({ path });
  });

  it.each([
    ['an empty one', [], 'state'],
    ['one with a journal', ['journal', 'game.sav'], 'state'],
    ['one with our settings', ['spanbook.json', 'game.sav'], 'state'],
    ['one with nothing but a read-me', ['README.md'], 'state'],
    ['one with other things', ['game.sav'], '.spanbook'],
  ])('of %s is %s → %s', (_what, names, expected) => {
    const cwd = tempDir();
    mkdirSync(`${cwd}/state`);
    for (const name of names) writeFileSync(`${cwd}/state/${name}`, '');
    expect(findStateDir({ env: {}, cwd }).path).toBe(`${cwd}/${expected}`);
  });
});
