/** Surroundings in which a hook cannot do its work: it ends as its host must see it, and says where it can what it could not do. */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect } from 'vitest';
import type { HookGroup } from '../../src/claude-code/hook-entries.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { makeProject } from '../helpers/claude-project.ts';
import { type Outcome, outcomeOf, ROOT, runHook } from '../helpers/run-program.ts';
import { smallDisk } from '../helpers/small-disk.ts';
import { journalLines, readDocument } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { fault, times } from './fault.ts';

const HOOK = `${ROOT}dist/hooks/claude-code.cjs`;
const SILENT: Outcome = { code: 0, signal: null, stdout: '', stderr: '' };
const prompt = (id: string) => ({
  session_id: 's1',
  prompt_id: id,
  hook_event_name: 'UserPromptSubmit',
  cwd: '/nowhere',
});

/** The hook below another program, which sets limits or takes rights away. */
function runBelow(words: readonly string[], env: Record<string, string>, id = 'p1'): Promise<Outcome> {
  const [program = '', ...args] = [...words, process.execPath, HOOK];
  const child = spawn(program, args, { env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env }, cwd: '/' });
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(prompt(id)));
  return outcomeOf(child);
}

const limited = (limit: string): string[] => ['bash', '-c', `ulimit ${limit}; exec "$@"`, 'bash'];
const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const canRun = (words: readonly string[]): boolean =>
  spawnSync(words[0] ?? '', [...words.slice(1), 'true']).status === 0;

/** Where a failure is told. */
const logIn = (folder: string): string =>
  existsSync(`${folder}/hooks.log`) ? readFileSync(`${folder}/hooks.log`, 'utf8') : '';

describe('hooks', () => {
  fault(
    'the command that init writes, where something of it is gone',
    'it never ends with 2, and nothing is on standard output',
    async ({ count }) => {
      const { project, settings, run } = makeProject();
      expect((await run('init')).code).toBe(0);
      const { hooks } = JSON.parse(readFileSync(settings, 'utf8')) as { hooks: Record<string, HookGroup[]> };
      const handler = hooks.Stop?.[0]?.hooks[0];
      const words = (handler?.args ?? []).map(word => word.replace(/\$\{CLAUDE_PROJECT_DIR\}/g, project));
      const program = words[0] ?? '';
      mkdirSync(`${project}/gone`);
      const cases: [what: string, line: string, env: Record<string, string>, code: number][] = [
        ['all is well', '"$@"', {}, 0],
        ['node is missing', '"$@"', { PATH: '/nonexistent' }, 127],
        ['the program is missing', 'mv "$2" "$2.away"; "$@"; code=$?; mv "$2.away" "$2"; exit $code', {}, 1],
        ['NODE_OPTIONS are wrong', '"$@"', { NODE_OPTIONS: '--no-such-option' }, 9],
        ['NODE_OPTIONS require what is missing', '"$@"', { NODE_OPTIONS: '--require /nonexistent.cjs' }, 1],
        ['the working folder is gone', 'cd gone && rmdir ../gone && "$@"', {}, 0],
      ];
      for (const [what, line, env, code] of cases) {
        const child = spawn('/bin/sh', ['-c', line, 'sh', handler?.command ?? '', ...words], {
          cwd: project,
          env: { PATH: process.env.PATH, CLAUDE_PROJECT_DIR: project, ...env },
        });
        child.stdin.on('error', () => {});
        child.stdin.end(JSON.stringify(prompt('p1')));
        const outcome = await outcomeOf(child);
        expect([what, outcome.code, outcome.stdout]).toEqual([what, code, '']);
        count('command lines', 1);
      }
      expect(existsSync(program)).toBe(true);
      expect(journalLines(`${project}/state`).length).toBe(2);
    },
  );

  fault(
    'no home, a relative state folder, no environment at all',
    'exit code 0, and the event is where it should be',
    async ({ count }) => {
      const cwd = tempDir();
      const cases: [env: Record<string, string | undefined>, where: string][] = [
        [{ HOME: undefined, SPANBOOK_STATE_DIR: `${cwd}/one` }, 'one'],
        [{ HOME: undefined, SPANBOOK_STATE_DIR: 'two' }, 'two'],
        [{ SPANBOOK_STATE_DIR: 'three', CLAUDE_PROJECT_DIR: `${cwd}/project` }, 'project/three'],
        [{ HOME: '', XDG_STATE_HOME: 'relative' }, 'state'],
        [{ SPANBOOK_STATE_DIR: `${cwd}/${'deep/'.repeat(20)}er` }, `${'deep/'.repeat(20)}er`],
      ];
      for (const [env, where] of cases) {
        expect(await runHook('claude-code', { input: prompt('p1'), env, cwd })).toEqual(SILENT);
        expect(journalLines(`${cwd}/${where}`).length).toBe(1);
        count('surroundings', 1);
      }
      const bare = tempDir();
      const child = spawn('env', ['-i', process.execPath, HOOK], { cwd: bare });
      child.stdin.end(JSON.stringify(prompt('p1')));
      expect(await outcomeOf(child)).toEqual(SILENT);
      expect(journalLines(`${bare}/state`).length).toBe(1);
      const long = { SPANBOOK_STATE_DIR: `/${'x'.repeat(5000)}`, XDG_STATE_HOME: tempDir() };
      expect(await runHook('claude-code', { input: prompt('p1'), env: long })).toEqual(SILENT);
      expect(logIn(`${long.XDG_STATE_HOME}/spanbook`)).toContain('ENAMETOOLONG');
      count('surroundings', 2);
    },
  );

  fault(
    'the state folder goes, again and again',
    'exit code 0, and the folder is made anew, closed to others',
    async ({ count }) => {
      const stateDir = `${tempDir()}/state`;
      const rounds = times(20, 500);
      for (let round = 0; round < rounds; round++) {
        expect(
          await runHook('claude-code', { input: prompt(`p${round}`), env: { SPANBOOK_STATE_DIR: stateDir } }),
        ).toEqual(SILENT);
        // A hook whose disk is slow leaves the document to the next one.
        refreshDocument(stateDir, 1e9);
        expect(readDocument(stateDir).statistics.total_commands).toBe((round % 3) + 1);
        expect([(statSync(stateDir).mode & 0o777).toString(8), existsSync(`${stateDir}/.gitignore`)]).toEqual([
          '700',
          true,
        ]);
        // Now and then all of it, or what can be made again.
        if (round % 3 === 2) rmSync(stateDir, { recursive: true });
        else if (round % 3 === 1) rmSync(`${stateDir}/pipeline_progress.json`);
        count('hooks', 1);
      }
      // While hooks run.
      const storm = Array.from({ length: times(20, 200) }, (_, number) =>
        runHook('claude-code', { input: prompt(`q${number}`), env: { SPANBOOK_STATE_DIR: stateDir } }),
      );
      let moved = 0;
      const gone = setInterval(() => {
        // Moved, because it cannot be removed while somebody writes to it.
        if (existsSync(stateDir)) renameSync(stateDir, `${stateDir}-${moved++}`);
      }, 10);
      for (const outcome of await Promise.all(storm)) expect(outcome).toEqual(SILENT);
      clearInterval(gone);
      count('hooks', storm.length);
    },
  );

  fault('links in the place of files and folders', 'what they lead to is as it was', async ({ count }) => {
    const names = [
      'journal/events-00000001.jsonl',
      'pipeline_progress.json',
      'hooks.log',
      '.gitignore',
      'journal/refresh-not-before',
    ];
    for (const name of names) {
      const folder = tempDir();
      const stateDir = `${folder}/state`;
      const home = `${folder}/home`;
      mkdirSync(`${stateDir}/journal`, { recursive: true });
      writeFileSync(`${folder}/victim`, 'mine\n');
      symlinkSync(`${folder}/victim`, `${stateDir}/${name}`);
      // The failure of one of them, so that there is something to tell.
      if (name === 'hooks.log') mkdirSync(`${stateDir}/journal/events-00000001.jsonl`);
      const env = { SPANBOOK_STATE_DIR: stateDir, XDG_STATE_HOME: home };
      expect(await runHook('claude-code', { input: prompt('p1'), env })).toEqual(SILENT);
      expect([name, readFileSync(`${folder}/victim`, 'utf8'), readdirSync(folder).sort()]).toEqual([
        name,
        'mine\n',
        expect.arrayContaining(['state', 'victim']),
      ]);
      count('links', 1);
    }
    // Swapped in while hooks write.
    const folder = tempDir();
    const stateDir = `${folder}/state`;
    const segment = `${stateDir}/journal/events-00000001.jsonl`;
    mkdirSync(`${stateDir}/journal`, { recursive: true });
    writeFileSync(`${folder}/victim`, 'mine\n');
    const swap = setInterval(() => {
      // A hook may make the segment at any moment: only a rename takes its place for sure.
      for (const path of [segment, `${stateDir}/pipeline_progress.json`]) {
        symlinkSync(`${folder}/victim`, `${folder}/link`);
        renameSync(`${folder}/link`, path);
      }
    }, 2);
    const hooks = Array.from({ length: times(20, 300) }, (_, number) =>
      runHook('claude-code', { input: prompt(`p${number}`), env: { SPANBOOK_STATE_DIR: stateDir } }),
    );
    for (const outcome of await Promise.all(hooks)) expect(outcome).toEqual(SILENT);
    clearInterval(swap);
    expect(readFileSync(`${folder}/victim`, 'utf8')).toBe('mine\n');
    count('links', hooks.length);
  });

  fault(
    'few descriptors, and a limit for the size of files',
    'exit code 0, no signal, and the failure is told',
    async ({ count, skip }) => {
      if (!canRun(limited('-n 100'))) skip('no bash here');
      for (const limit of ['-n 20', '-n 24', '-n 30', '-f 0', '-f 1', '-f 8']) {
        const stateDir = `${tempDir()}/state`;
        expect([limit, await runBelow(limited(limit), { SPANBOOK_STATE_DIR: stateDir })]).toEqual([limit, SILENT]);
        expect(await runHook('claude-code', { input: prompt('p2'), env: { SPANBOOK_STATE_DIR: stateDir } })).toEqual(
          SILENT,
        );
        expect(readDocument(stateDir).statistics.total_commands).toBeGreaterThanOrEqual(1);
        count('limits', 1);
      }
    },
  );

  fault('folders that may not be written', 'exit code 0, silent, and told at home', async ({ count, skip }) => {
    if (process.getuid?.() !== 0 || !canRun(NOBODY)) skip('needs root, to give rights away');
    const folder = tempDir();
    chmodSync(folder, 0o755);
    const home = `${folder}/home`;
    mkdirSync(home);
    chmodSync(home, 0o777);
    const disk = smallDisk('size=1m');
    for (const [what, where, code] of [
      ['a folder of somebody else', `${folder}/state`, 'EACCES'],
      ['a segment of somebody else', `${folder}/other`, 'EACCES'],
      ['a disk that may only be read', 'path' in disk ? `${disk.path}/state` : '', 'EROFS'],
    ] as const) {
      if (where === '') continue;
      mkdirSync(`${where}/journal`, { recursive: true });
      if (what.startsWith('a segment')) writeFileSync(`${where}/journal/events-00000001.jsonl`, '', { mode: 0o600 });
      if ('path' in disk && where.startsWith(disk.path)) spawnSync('mount', ['-o', 'remount,ro', disk.path]);
      const words = code === 'EROFS' ? ['env'] : NOBODY;
      const env = { SPANBOOK_STATE_DIR: where, XDG_STATE_HOME: `${home}/${count.length}${code}` };
      expect([what, await runBelow(words, env)]).toEqual([what, SILENT]);
      expect([what, logIn(`${env.XDG_STATE_HOME}/spanbook`)]).toEqual([what, expect.stringContaining(code)]);
      count('folders', 1);
    }
  });
});
