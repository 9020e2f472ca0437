/** Where the disk is full, closed or damaged the agent goes on, and what was accepted stays. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { appendFact } from '../../src/journal/append-fact.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { type Outcome, outcomeOf, ROOT, runHook } from '../helpers/run-program.ts';
import { makeNote } from '../helpers/script-facts.ts';
import { fill, smallDisk } from '../helpers/small-disk.ts';
import { allEvents, journalLines, readDocument } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const SILENT = { code: 0, signal: null, stdout: '', stderr: '' };
const input = { session_id: 's1', prompt_id: 'p1', hook_event_name: 'UserPromptSubmit' };
const OPTIONS = { maxBytes: 1e9, fsync: false };

it('a full disk leaves the state as it was, and the next event after it is whole', async ({ skip }) => {
  const disk = smallDisk();
  if ('refused' in disk) return skip(disk.refused);
  const stateDir = `${disk.path}/state`;
  mkdirSync(stateDir);
  const accepted: string[] = [];
  const append = (number: number): void => {
    const fact = makeNote(number);
    appendFact(stateDir, fact, OPTIONS);
    accepted.push(`evt-${fact.id}`);
  };
  append(1);
  refreshDocument(stateDir, OPTIONS.maxBytes);
  const before = readFileSync(`${stateDir}/pipeline_progress.json`, 'utf8');

  fill(`${disk.path}/filler`);
  expect(() => {
    for (let number = 2; ; number++) append(number);
  }).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
  expect(await runHook('claude-code', { input, env: { SPANBOOK_STATE_DIR: stateDir } })).toEqual(SILENT);
  expect(() => refreshDocument(stateDir, OPTIONS.maxBytes)).toThrow('ENOSPC');
  expect(readFileSync(`${stateDir}/pipeline_progress.json`, 'utf8')).toBe(before);
  expect(readdirSync(stateDir).filter(name => name.endsWith('.tmp'))).toEqual([]);

  rmSync(`${disk.path}/filler`);
  append(0xffff);
  refreshDocument(stateDir, OPTIONS.maxBytes);
  expect(allEvents(stateDir).map(event => event.event_id)).toEqual(accepted);
  expect(accepted.length).toBeGreaterThan(2);
  expect(readDocument(stateDir).skipped?.damaged ?? 0).toBeLessThanOrEqual(2);
});

/** A copy of the hook that somebody without any rights runs, or null where nobody can be that. */
function hookOfNobody(folder: string): ((stateDir: string) => Promise<Outcome>) | null {
  chmodSync(folder, 0o755);
  // As root every folder is open, so the hook runs as nobody.
  const nobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : ['env'];
  const [program = '', ...args] = [...nobody, process.execPath];
  if (spawnSync(program, [...args, '-e', '0']).status !== 0) return null;
  copyFileSync(`${ROOT}dist/hooks/claude-code.cjs`, `${folder}/hook.cjs`);
  return stateDir => {
    const child = spawn(program, [...args, `${folder}/hook.cjs`], {
      cwd: folder,
      env: { PATH: process.env.PATH, SPANBOOK_STATE_DIR: stateDir, HOME: '/nonexistent' },
    });
    child.stdin.end(JSON.stringify(input));
    return outcomeOf(child);
  };
}

it('a state folder that it may not write leaves the hook quiet', async ({ skip }) => {
  const folder = tempDir();
  const runAsNobody = hookOfNobody(folder);
  if (!runAsNobody) return skip('no way to run a program without rights here');
  mkdirSync(`${folder}/state`, { mode: 0o500 });
  expect(await runAsNobody(`${folder}/state`)).toEqual(SILENT);
  expect(readdirSync(`${folder}/state`)).toEqual([]);
});

it('a state folder in one that may not be read is written through to the disk all the same', async ({ skip }) => {
  const folder = tempDir();
  const runAsNobody = hookOfNobody(folder);
  if (!runAsNobody) return skip('no way to run a program without rights here');
  const stateDir = `${folder}/closed/state`;
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(`${stateDir}/spanbook.json`, '{"durability":"fsync"}');
  chmodSync(stateDir, 0o777);
  chmodSync(`${folder}/closed`, 0o311);
  expect(await runAsNobody(stateDir)).toEqual(SILENT);
  expect(journalLines(stateDir)).toHaveLength(1);
  expect(readdirSync(stateDir)).not.toContain('hooks.log');
  chmodSync(`${folder}/closed`, 0o755);
});

it('a damaged document is written anew by the next hook', async () => {
  const stateDir = tempDir();
  writeFileSync(`${stateDir}/pipeline_progress.json`, '{"schema_version":');
  expect(await runHook('claude-code', { input, env: { SPANBOOK_STATE_DIR: stateDir } })).toEqual(SILENT);
  expect(readDocument(stateDir).statistics.total_commands).toBe(1);
});

it('a disk that takes a tenth of a second for everything does not keep the agent waiting for two', async ({ skip }) => {
  if (spawnSync('strace', ['-V']).status !== 0) return skip('no strace here, which slows the disk down');
  const stateDir = tempDir();
  await runHook('claude-code', { input, env: { SPANBOOK_STATE_DIR: stateDir } });
  const slow = ['', '/journal', '/journal/events-00000001.jsonl', '/pipeline_progress.json', '/spanbook.json'];
  const paths = slow.flatMap(path => ['-P', `${stateDir}${path}`]);
  const hook = [process.execPath, `${ROOT}dist/hooks/claude-code.cjs`];
  const began = performance.now();
  const child = spawn('strace', ['-f', '-o', '/dev/null', ...paths, '-e', 'inject=all:delay_exit=100000', ...hook], {
    env: { PATH: process.env.PATH, SPANBOOK_STATE_DIR: stateDir },
  });
  child.stdin.end(JSON.stringify({ ...input, prompt_id: 'p2' }));
  const outcome = await outcomeOf(child);
  if (outcome.stderr.includes('not permitted')) return skip('no tracing of processes here');
  expect(outcome).toEqual(SILENT);
  expect(performance.now() - began).toBeLessThan(2000);
  // The event is there; the document follows with the next one.
  expect(journalLines(stateDir).length).toBe(2);
});
