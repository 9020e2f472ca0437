/** A state folder in which somebody put other things than files: nothing hangs, nothing is told that is not true. */
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { recordedCalls } from '../helpers/recorded-session.ts';
import { spawnSpanbook } from '../helpers/run-monitor.ts';
import { outcomeOf, runHook } from '../helpers/run-program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { fault, times } from './fault.ts';
import { PLANTED, plant } from './planted.ts';

/** As long as a client waits for the hook that is to be quickest. */
const LIMIT_MILLIS = 1500;
const QUESTION_MILLIS = 10_000;
const input = { session_id: 's1', prompt_id: 'p2', hook_event_name: 'UserPromptSubmit', cwd: '/nowhere' };

/** A folder with all that a session and a few questions leave there. */
async function usedFolder(): Promise<string> {
  const stateDir = `${tempDir()}/state`;
  const env = { SPANBOOK_STATE_DIR: stateDir };
  for (const { payload } of recordedCalls().slice(0, 6)) await runHook('claude-code', { input: payload, env });
  writeFileSync(`${stateDir}/spanbook.json`, '{}', { mode: 0o600 });
  await outcomeOf(spawnSpanbook(['usage', 'report', '--state-dir', stateDir]));
  return stateDir;
}

const copyOf = (stateDir: string): string => {
  const copy = `${tempDir()}/state`;
  cpSync(stateDir, copy, { recursive: true });
  return copy;
};

const FILES = [
  'spanbook.json',
  'usage_pricing.json',
  'pipeline_progress.json',
  'hooks.log',
  'monitor.json',
  'usage_stats.json',
  '.gitignore',
  'journal',
  'archive',
  'usage',
  'journal/events-00000001.jsonl',
  'journal/monitor-alive',
  'journal/refresh-not-before',
  'journal/imported-files.json',
  'usage/index.bin',
  'usage/requests-00000001.jsonl',
  'usage/rate-limits.jsonl',
  'usage/alerts.jsonl',
  'usage/snapshots.jsonl',
];

const QUESTIONS = [
  ['pipeline', 'status'],
  ['pipeline', 'hierarchy'],
  ['usage', 'report'],
  ['usage', 'alerts'],
  ['monitor', 'status'],
  ['doctor'],
];

/** Each thing in the place of each file, with `act` on a folder of its own; what is wrong, as a list. */
async function everywhere(act: (stateDir: string, where: string) => Promise<string[]>): Promise<string[]> {
  const used = await usedFolder();
  const cases = PLANTED.flatMap(what => FILES.map(file => ({ what, file })));
  const wrong: string[] = [];
  const lane = async (): Promise<void> => {
    for (let next = cases.shift(); next; next = cases.shift()) {
      const stateDir = copyOf(used);
      plant(next.what, `${stateDir}/${next.file}`);
      wrong.push(...(await act(stateDir, `${next.what} as ${next.file}`)));
      rmSync(stateDir, { recursive: true });
    }
  };
  await Promise.all([lane(), lane()]);
  return wrong;
}

/** The lines of a file, wherever it is; none if there is no such file, or something else. */
function linesIn(path: string): string[] {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size < 1e6 ? readFileSync(path, 'utf8').split('\n') : [];
  } catch {
    return [];
  }
}

describe('hooks', () => {
  fault(
    'pipes, devices, folders and files of 10 GB in the place of files',
    'the hook ends with 0 within 1.5 s, and its event is kept or its failure counted',
    async ({ count }) => {
      const wrong = await everywhere(async (stateDir, where) => {
        const home = tempDir();
        const began = performance.now();
        const env = { SPANBOOK_STATE_DIR: stateDir, XDG_STATE_HOME: home };
        const { code, signal, stdout, stderr } = await runHook('claude-code', { input, env });
        const millis = performance.now() - began;
        count('hooks', 1);
        const kept = [1, 2].flatMap(number => linesIn(`${stateDir}/journal/events-0000000${number}.jsonl`));
        const told = [stateDir, `${home}/spanbook`].flatMap(folder => linesIn(`${folder}/hooks.log`));
        const isKnown = [...kept, ...told].some(line => line.includes('"p2"') || line.includes('"reason"'));
        // What was appended to a file of 10 GB is at its end.
        const isHuge = where === 'a file of 10 GB as journal/events-00000001.jsonl';
        const isRight = code === 0 && signal === null && stdout + stderr === '' && millis < LIMIT_MILLIS;
        return isRight && (isKnown || isHuge)
          ? []
          : [`${where}: ${code} ${signal} ${millis} ${isKnown} ${stdout}${stderr}`];
      });
      expect(wrong).toEqual([]);
    },
  );

  fault(
    'the same in front of questions',
    'an answer or a clear error within 10 s, and never an unexpected one',
    async ({ count }) => {
      let turn = 0;
      const wrong = await everywhere(async (stateDir, where) => {
        const answers: string[] = [];
        for (let at = 0; at < times(1, QUESTIONS.length); at++) {
          const question = QUESTIONS[turn++ % QUESTIONS.length] ?? [];
          const child = spawnSpanbook([...question, '--state-dir', stateDir]);
          const timer = setTimeout(() => child.kill('SIGKILL'), QUESTION_MILLIS);
          const { code, signal, stderr } = await outcomeOf(child);
          clearTimeout(timer);
          count('questions', 1);
          const isRight =
            signal === null && (code === 0 || code === 1) && !/unexpected|TypeError|at .*\.cjs/.test(stderr);
          if (!isRight) answers.push(`${where}: ${question.join(' ')}: ${code} ${signal} ${stderr.slice(0, 300)}`);
        }
        return answers;
      });
      expect(wrong).toEqual([]);
    },
  );
});
