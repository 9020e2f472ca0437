/** `spanbook init` in real folders. The hooks must be built. */
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HOOK_EVENTS } from '../../src/claude-code/hook-entries.ts';
import { contents, makeProject, snapshot, write } from '../helpers/claude-project.ts';
import { cli } from '../helpers/run-cli.ts';
import { ROOT, runHook } from '../helpers/run-program.ts';
import { journalLines } from '../helpers/state-folder.ts';

/** What the client puts the folder of the project in the place of. */
const PROJECT = `\${CLAUDE_PROJECT_DIR}`;
const THEIRS = { matcher: 'Bash', hooks: [{ type: 'command', command: 'theirs' }] };
const BUILT = readdirSync(`${ROOT}dist/hooks`).filter(name => name.endsWith('.cjs'));
const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;

interface Settings {
  hooks: Record<string, { matcher?: string; hooks: { args: string[] }[] }[]>;
}
const read = (path: string): Settings => JSON.parse(readFileSync(path, 'utf8'));
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('init', () => {
  it('puts the hooks into a project that has no settings', async () => {
    const { project, hooksDir, settings, ask } = makeProject();
    const answer = await ask('init');
    expect(answer).toEqual({
      schema_version: '1.0.0',
      settings_path: settings,
      hooks_dir: hooksDir,
      state_dir: `${project}/state`,
      events: HOOK_EVENTS,
      dry_run: false,
      changed: true,
      created: [
        `${project}/.claude`,
        `${project}/.claude/hooks`,
        hooksDir,
        ...BUILT.map(name => `${hooksDir}/${name}`),
        `${hooksDir}/.gitignore`,
        `${hooksDir}/install.json`,
        settings,
      ],
      updated: [],
      removed: [],
      warnings: [],
    });
    for (const name of BUILT)
      expect(readFileSync(`${hooksDir}/${name}`)).toEqual(readFileSync(`${ROOT}dist/hooks/${name}`));
    expect(readFileSync(`${hooksDir}/.gitignore`, 'utf8')).toBe('install.json\n');
    expect(mode(`${hooksDir}/install.json`)).toBe('600');
    const handler = {
      type: 'command',
      command: 'node',
      args: [`${PROJECT}/.claude/hooks/spanbook/claude-code.cjs`],
      timeout: 5,
    };
    const groups = HOOK_EVENTS.map(event => [
      event,
      [event.endsWith('ToolUse') ? { matcher: 'Agent|Task|Skill', hooks: [handler] } : { hooks: [handler] }],
    ]);
    expect(readFileSync(settings, 'utf8')).toBe(`${JSON.stringify({ hooks: Object.fromEntries(groups) }, null, 2)}\n`);
    expect(existsSync(`${project}/state`)).toBe(false);
  });

  it('installs what records, as the client calls it', async () => {
    const { project, settings, run } = makeProject();
    await run('init');
    const [group] = read(settings).hooks.UserPromptSubmit ?? [];
    const [program = '', ...args] = (group?.hooks[0]?.args ?? []).map(arg => arg.replace(PROJECT, project));
    const input = { hook_event_name: 'UserPromptSubmit', session_id: 's', prompt_id: 'p', prompt: 'hi' };
    const outcome = await runHook('claude-code', {
      program,
      args,
      input,
      cwd: '/',
      env: { CLAUDE_PROJECT_DIR: project },
    });
    expect(outcome).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const { out } = await run('pipeline', 'active');
    expect(out).toContain('command prompt');
  });

  it('comes after the hooks of others', async () => {
    const { settings, run } = makeProject(
      JSON.stringify({ model: 'x', hooks: { Stop: [THEIRS], Other: [THEIRS] } }, null, '\t'),
    );
    await run('init');
    const { hooks } = read(settings);
    expect(hooks.Stop).toEqual([THEIRS, expect.objectContaining({ hooks: [expect.anything()] })]);
    expect(hooks.Other).toEqual([THEIRS]);
    expect(readFileSync(settings, 'utf8')).toMatch(/^\{\n\t"model": "x",\n\t"hooks": \{\n\t\t"Stop": \[\n\t\t\t\{\n/);
  });

  it.each([[[]], [['--local']], [['--user']]])('changes nothing the second time: %j', async flags => {
    const { root, run, ask } = makeProject('{\r\n  // mine\r\n}\r\n');
    await run('init', ...flags);
    const before = snapshot(root);
    expect(await ask('init', ...flags)).toMatchObject({ changed: false, created: [], updated: [], removed: [] });
    expect(snapshot(root)).toEqual(before);
    expect((await run('init', ...flags)).out).toContain('already. Nothing was changed.');
  });

  it.each([[[]], [['--local']], [['--user']]])('only says what it would do with --dry-run: %j', async flags => {
    const { root, run, ask } = makeProject('{ "model": "x" }');
    const before = snapshot(root);
    const said = await ask('init', '--dry-run', ...flags);
    const { out } = await run('init', '--dry-run', ...flags);
    expect(snapshot(root)).toEqual(before);
    expect(out).toContain('Nothing was changed.');
    expect(out).toContain(flags.length === 0 ? 'would change' : 'would make');
    for (const event of HOOK_EVENTS) expect(out).toContain(`\n  ${event}`);
    expect({ ...(await ask('init', ...flags)), dry_run: true }).toEqual(said);
  });

  it('edits the file behind a link, and keeps its mode', async () => {
    const { root, settings, run } = makeProject('{}');
    rmSync(settings);
    write(`${root}/dotfiles/claude.json`, '{"a": 1}\n');
    chmodSync(`${root}/dotfiles/claude.json`, 0o640);
    symlinkSync(`${root}/dotfiles/claude.json`, settings);
    await run('init');
    expect(lstatSync(settings).isSymbolicLink()).toBe(true);
    expect(read(`${root}/dotfiles/claude.json`).hooks).toHaveProperty('Stop');
    expect(mode(`${root}/dotfiles/claude.json`)).toBe('640');
    expect(readdirSync(`${root}/dotfiles`)).toEqual(['claude.json']);
    await run('uninstall');
    expect(lstatSync(settings).isSymbolicLink()).toBe(true);
    expect(readFileSync(`${root}/dotfiles/claude.json`, 'utf8')).toBe('{"a": 1}\n');
  });

  it.runIf(isRoot)('run by root, it leaves the file to its owner', async () => {
    const { settings, run } = makeProject('{}');
    chownSync(settings, NOBODY, NOBODY);
    await run('init');
    expect([statSync(settings).uid, statSync(settings).gid]).toEqual([NOBODY, NOBODY]);
  });

  it('is told a state folder, as the client can find it', async () => {
    const { project, settings, run, ask } = makeProject();
    const told = () => read(settings).hooks.Stop?.[0]?.hooks[0]?.args.slice(1);
    expect(await ask('init', '--state-dir', 'logs/book')).toMatchObject({ state_dir: `${project}/logs/book` });
    expect(told()).toEqual(['--state-dir', `${PROJECT}/logs/book`]);
    expect((await run('init', '--state-dir', "/it's")).out).toContain(`--follow --state-dir '/it'\\''s'`);
    expect(told()).toEqual(['--state-dir', "/it's"]);
    await run('init');
    expect(told()).toEqual([]);
  });

  it('tells a person what comes next', async () => {
    const { project, settings, hooksDir, run } = makeProject('{}');
    expect((await run('init')).out).toBe(`Claude Code now runs the hooks of spanbook in ${project}.

  made     ${hooksDir} (10 files)
  changed  ${settings}

Sessions that are open notice it by themselves; if one does not, start it anew.
An interactive session runs hooks only in a folder that you have trusted.
To share it, commit .claude/settings.json and .claude/hooks/spanbook.

State  ${project}/state
Next   spanbook pipeline active --follow
       spanbook pipeline hierarchy
Before spanbook import --spans   (past sessions, from transcripts)
Undo   spanbook uninstall
`);
  });

  it('goes into another project when asked', async () => {
    const { root, project, settings, env } = makeProject();
    const { out } = await cli(['init', '--project', 'project'], { cwd: root, env });
    expect(existsSync(settings)).toBe(true);
    expect(out).toContain(`spanbook uninstall --project ${project}`);
    await cli(['uninstall'], { cwd: root, env: { ...env, CLAUDE_PROJECT_DIR: project } });
    expect(existsSync(settings)).toBe(false);
  });

  it.each(['settings.json', 'settings.local.json', '../../home/.claude/settings.json'])(
    'warns where %s switches all hooks off',
    async name => {
      const { project, run, ask } = makeProject();
      write(`${project}/.claude/${name}`, '{"disableAllHooks": true}');
      const warnings = [expect.stringMatching(/settings(\.local)?\.json has "disableAllHooks": true/)];
      expect(await ask('init')).toMatchObject({ changed: true, warnings });
      expect((await run('init')).out).toContain('\nWarning: ');
    },
  );

  it('says so when state/ belongs to something else', async () => {
    const { project, run } = makeProject();
    write(`${project}/state/main.tf`, '');
    const { out, err } = await run('init');
    expect(err).toBe(`${project}/state belongs to something else; ${project}/.spanbook is used instead\n`);
    expect(out).toContain(`State  ${project}/.spanbook\n`);
  });

  it('does not mind what is wrong in the state folder', async () => {
    const { project, run } = makeProject();
    write(`${project}/state/spanbook.json`, '{');
    expect(await run('init')).toMatchObject({ code: 0, err: '' });
  });
});

describe('init --local', () => {
  it('keeps everything out of git', async () => {
    const { localSettings, settings, hooksDir, run } = makeProject();
    const { out } = await run('init', '--local');
    expect(read(localSettings).hooks).toHaveProperty('Stop');
    expect(existsSync(settings)).toBe(false);
    expect(readFileSync(`${hooksDir}/.gitignore`, 'utf8')).toBe('*\n');
    expect(out).toContain('Keep .claude/settings.local.json out of git');
  });

  it.each([
    [[], ['--local'], 'settings.json'],
    [['--local'], [], 'settings.local.json'],
  ])('moves them: after init %j, init %j', async (first, second, from) => {
    const { project, settings, localSettings, hooksDir, run, ask } = makeProject('{ "shared": 1 }');
    write(localSettings, '{"mine":1}\n');
    const before = contents(project);
    await run('init', ...first);
    const moved = await ask('init', ...second);
    expect(moved).toMatchObject({ changed: true, moved_from: `${project}/.claude/${from}` });
    expect(readFileSync(`${hooksDir}/.gitignore`, 'utf8')).toBe(second.length > 0 ? '*\n' : 'install.json\n');
    const there = [settings, localSettings].filter(path => 'hooks' in read(path));
    expect(there).toEqual([second.length > 0 ? localSettings : settings]);
    await run('uninstall');
    expect(contents(project)).toEqual(before);
  });

  it('does not take from a team what it shares', async () => {
    const { project, hooksDir, run } = makeProject();
    await run('init');
    // A clone has what is in git.
    rmSync(`${hooksDir}/install.json`);
    const before = snapshot(project);
    const { code, err } = await run('init', '--local');
    expect([code, err]).toEqual([1, expect.stringContaining('got those that the project shares')]);
    expect(snapshot(project)).toEqual(before);
  });
});

describe('init --user', () => {
  it('records all projects in one folder, where queries find it', async () => {
    const { home, project, userSettings, run, ask } = makeProject();
    const stateDir = `${home}/.local/state/spanbook`;
    const hooksDir = `${home}/.claude/hooks/spanbook`;
    expect(await ask('init', '--user')).toMatchObject({
      created: expect.arrayContaining([`${home}/.claude`, `${stateDir}/journal`]),
      settings_path: userSettings,
      hooks_dir: hooksDir,
      state_dir: stateDir,
    });
    const args = [`${hooksDir}/claude-code.cjs`, '--state-dir', stateDir];
    expect(read(userSettings).hooks.Stop).toEqual([
      { hooks: [{ type: 'command', command: 'node', args, timeout: 5 }] },
    ]);
    expect((await run('pipeline', 'status')).out).toContain(`Nothing is recorded in ${stateDir} yet.`);
    const input = { hook_event_name: 'UserPromptSubmit', session_id: 's', prompt_id: 'p', prompt: 'hi' };
    const [program = '', ...more] = args;
    await runHook('claude-code', { program, args: more, input, cwd: project, env: { CLAUDE_PROJECT_DIR: project } });
    expect(journalLines(stateDir)).toHaveLength(1);
    expect((await run('pipeline', 'active')).out).toContain('command prompt');
    expect(existsSync(`${project}/state`)).toBe(false);
  });

  it.each([
    [{ XDG_STATE_HOME: '/xdg' }, [], '/xdg/spanbook'],
    [{ SPANBOOK_STATE_DIR: '/chosen' }, [], '/chosen'],
    [{ SPANBOOK_STATE_DIR: 'chosen' }, [], '/home/.local/state/spanbook'],
    [{ SPANBOOK_STATE_DIR: '/chosen' }, ['--state-dir', '/given'], '/given'],
  ])('with %j and %j records to %s', async (more, flags, expected) => {
    const { root, env } = makeProject();
    const { out } = await cli(['init', '--user', '--dry-run', '--json', ...flags], {
      env: { ...env, ...more },
      cwd: root,
    });
    expect(JSON.parse(out).state_dir.replace(root, '')).toBe(expected);
  });

  it('goes where CLAUDE_CONFIG_DIR says', async () => {
    const { root, env } = makeProject();
    const answer = await cli(['init', '--user', '--json'], {
      env: { ...env, CLAUDE_CONFIG_DIR: `${root}/a/b` },
      cwd: root,
    });
    expect(JSON.parse(answer.out).settings_path).toBe(`${root}/a/b/settings.json`);
    expect(readdirSync(`${root}/a/b`).sort()).toEqual(['hooks', 'settings.json']);
  });
});
