/** What `spanbook init` refuses: it says what it expected, and leaves everything as it was. The hooks must be built. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeProject, snapshot } from '../helpers/claude-project.ts';
import { cli } from '../helpers/run-cli.ts';
import { ROOT } from '../helpers/run-program.ts';

const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;

describe('init refuses', () => {
  it.each([
    ['{ "a": 1,, }', 'expected JSON, got a mistake at line 1, column 10: property name expected'],
    ['{"hooks": []}', 'hooks: expected an object, got an array'],
    ['{"hooks": {"Stop": {}}}', 'hooks.Stop: expected an array, got an object'],
    [Buffer.from('{"a": "\xe9"}', 'latin1'), 'expected UTF-8, got other bytes'],
    [Buffer.from('\uFEFF{}', 'utf16le'), 'expected UTF-8, got other bytes'],
  ])('settings that are %j, and changes nothing', async (text, message) => {
    const { root, settings, run } = makeProject(text);
    const before = snapshot(root);
    expect(await run('init')).toEqual({ code: 1, out: '', err: `spanbook: ${settings}: ${message}\n` });
    expect(snapshot(root)).toEqual(before);
  });

  it('a link to nothing, and a folder', async () => {
    const { settings, localSettings, run } = makeProject('');
    rmSync(settings);
    symlinkSync('nowhere.json', settings);
    expect((await run('init')).err).toContain(`${settings}: expected a file, got a link to one that is not there`);
    mkdirSync(localSettings);
    expect((await run('init', '--local')).err).toContain(
      `${localSettings}: expected a file that can be read, got EISDIR`,
    );
  });

  it('a file where a folder must be', async () => {
    const { project, run } = makeProject();
    writeFileSync(`${project}/.claude`, '');
    expect((await run('init')).err).toBe(`spanbook: ${project}/.claude: expected a folder, got a file\n`);
  });

  it('the home folder as a project, whatever it is called', async () => {
    const { root, home, env } = makeProject();
    symlinkSync(home, `${root}/link`);
    for (const cwd of [home, `${root}/link`]) {
      const { code, err } = await cli(['init'], { cwd, env });
      expect([code, err]).toEqual([2, expect.stringContaining('give --user')]);
    }
    expect(readdirSync(home)).toEqual([]);
  });

  it.each([
    [['init', '--user', '--local'], 2, '--user: expected neither --local nor --project beside it'],
    [['uninstall', '--user', '--project', '/'], 2, '--user: expected neither --local nor --project beside it'],
    [['init', '--project', 'none'], 1, '--project: expected a folder, got '],
    [['init', 'more'], 2, 'too many arguments'],
  ])('%j with exit code %d', async (argv, code, message) => {
    expect(await makeProject().run(...argv)).toMatchObject({ code, out: '', err: expect.stringContaining(message) });
  });

  it('--user without a home', async () => {
    const { err, code } = await cli(['init', '--user'], { cwd: makeProject().project });
    expect([code, err]).toEqual([2, expect.stringContaining('expected HOME or CLAUDE_CONFIG_DIR')]);
  });

  it('to copy hooks that were not built', async () => {
    const { project, root, env } = makeProject();
    const { code, err } = await cli(['init'], { cwd: project, env, hooksDir: `${root}/none` });
    expect([code, err]).toEqual([1, `spanbook: ${root}/none: expected the built hooks, got none. Run npm run build\n`]);
    expect(readdirSync(project)).toEqual([]);
  });

  it.each([
    ['a settings file', 0o444, '/.claude/settings.json', 0o755, false],
    ['its folder', 0o644, '/.claude/hooks', 0o555, false],
    ['its folder, where that of the hooks is', 0o644, '/.claude/settings.json', 0o555, true],
  ])('to write to %s that is not writable', (_what, fileMode, named, folderMode, hasHooks) => {
    const { root, project, home, hooksDir, settings } = makeProject('{}');
    if (hasHooks) mkdirSync(hooksDir, { recursive: true });
    chmodSync(settings, fileMode);
    chmodSync(`${project}/.claude`, folderMode);
    chmodSync(root, 0o755);
    // Root may write anywhere, so root asks as somebody else.
    const below = readdirSync(project, { recursive: true, encoding: 'utf8' }).map(name => `${project}/${name}`);
    if (isRoot) for (const path of [project, ...below, home]) chownSync(path, NOBODY, NOBODY);
    const before = snapshot(project);
    const program = [`${ROOT}dist/bin/spanbook.cjs`, 'init', '--project', project];
    const uid = isRoot ? NOBODY : undefined;
    const { status, stderr } = spawnSync(process.execPath, program, { env: { HOME: home }, uid, encoding: 'utf8' });
    expect(stderr).toBe(`spanbook: ${project}${named}: expected leave to write there, got EACCES\n`);
    expect(status).toBe(1);
    expect(snapshot(project)).toEqual(before);
    chmodSync(`${project}/.claude`, 0o755);
  });
});
