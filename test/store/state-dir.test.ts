/** One rule for where the state lies. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findStateDir, userStateDir } from '../../src/store/state-dir.ts';
import { tempDir } from '../helpers/temp-dir.ts';

describe('findStateDir', () => {
  it.each([
    ['what is given', { given: '/a', env: { SPANBOOK_STATE_DIR: '/b' } }, '/a'],
    ['its variable', { env: { SPANBOOK_STATE_DIR: '/b', CLAUDE_PROJECT_DIR: '/none' } }, '/b'],
    ['the project', { env: { CLAUDE_PROJECT_DIR: '/none' }, hookDir: '/p/.claude/hooks/spanbook' }, '/none/state'],
    ['the project that a copied hook lies in', { env: {}, hookDir: '/none/.claude/hooks/spanbook' }, '/none/state'],
    [
      'the folder for all projects, for a hook at home',
      { env: { HOME: '/home/dev' }, hookDir: '/home/dev/.claude/hooks/spanbook' },
      '/home/dev/.local/state/spanbook',
    ],
    [
      'no such folder for a hook elsewhere without a home',
      { env: { XDG_STATE_HOME: '/xdg' }, hookDir: '/elsewhere/dist/hooks' },
      '/nowhere/state',
    ],
    ['the working folder', { env: {}, hookDir: '/elsewhere/dist/hooks' }, '/nowhere/state'],
  ])('takes %s', (_what, sources, path) => {
    expect(findStateDir({ cwd: '/nowhere', ...sources })).toEqual({ path });
  });

  it.each([
    ['of the project around it', ['shop/state/journal/x'], {}, 'shop/state'],
    ['of the nearest one', ['state/journal/x', 'shop/state/main.tf', 'shop/.spanbook/journal/x'], {}, 'shop/.spanbook'],
    ['of the working folder, where none around it is recorded to', ['shop/state/x'], {}, 'shop/src/cart/state'],
    ['that its variable names', ['shop/state/journal/x'], { SPANBOOK_STATE_DIR: '/b' }, '/b'],
    ['of the project that the client names', ['shop/state/journal/x'], { CLAUDE_PROJECT_DIR: '/none' }, '/none/state'],
  ])('inside Claude Code is the one %s', (_what, files, more, expected) => {
    const root = tempDir();
    const cwd = `${root}/shop/src/cart`;
    mkdirSync(cwd, { recursive: true });
    for (const file of files) {
      mkdirSync(dirname(`${root}/${file}`), { recursive: true });
      writeFileSync(`${root}/${file}`, '');
    }
    const env = { CLAUDE_CODE_SESSION_ID: 's1', ...more };
    expect(findStateDir({ env, cwd }).path).toBe(expected.startsWith('/') ? expected : `${root}/${expected}`);
    // Elsewhere the working folder counts.
    expect(findStateDir({ env: {}, cwd }).path).toBe(`${cwd}/state`);
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

describe('the folder for all projects', () => {
  const touch = (path: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
  };
  const JOURNAL = 'home/all/journal/events-00000001.jsonl';

  it.each([
    ['stands in for a project without a folder', [JOURNAL], 'home/all'],
    ['stands in for a state/ that is not ours', [JOURNAL, 'project/state/main.tf'], 'home/all'],
    ['stands in for a state/ with nothing of ours', [JOURNAL, 'project/state/.gitkeep'], 'home/all'],
    ['does not, if the project has a journal', [JOURNAL, 'project/state/journal/x'], 'project/state'],
    ['does not, if the project has settings of ours', [JOURNAL, 'project/state/spanbook.json'], 'project/state'],
    [
      'does not, if the project has the other folder',
      [JOURNAL, 'project/state/main.tf', 'project/.spanbook/journal/x'],
      'project/.spanbook',
    ],
    [
      'does not, if the project has hooks of its own',
      [JOURNAL, 'project/.claude/hooks/spanbook/claude-code.cjs'],
      'project/state',
    ],
    ['does not, if it has nothing but failures of hooks', ['home/all/hooks.log'], 'project/state'],
    ['does not, if it is not there', [], 'project/state'],
  ])('%s', (_what, paths, expected) => {
    const root = tempDir();
    for (const path of paths) touch(`${root}/${path}`);
    const sources = { env: {}, cwd: `${root}/project`, userDir: `${root}/home/all` };
    expect(findStateDir(sources).path).toBe(`${root}/${expected}`);
    expect(findStateDir({ ...sources, userDir: undefined }).path).not.toContain('/home/');
  });

  it('is that of the home folder too, where its own hooks lie', () => {
    const home = tempDir();
    touch(`${home}/.claude/hooks/spanbook/claude-code.cjs`);
    touch(`${home}/.local/state/spanbook/journal/x`);
    const env = { HOME: home };
    expect(findStateDir({ env, cwd: home, userDir: userStateDir(env) }).path).toBe(`${home}/.local/state/spanbook`);
  });

  it.each([
    [{ HOME: '/h' }, '/h/.local/state/spanbook'],
    [{ HOME: '/h', XDG_STATE_HOME: '/x' }, '/x/spanbook'],
    [{}, undefined],
  ])('of %j is %s', (env, path) => {
    expect(userStateDir(env)).toBe(path);
  });
});
