/** Whole programs that are killed at each call to the kernel, or are told there that something is wrong. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect } from 'vitest';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { NOON } from '../helpers/client-facts.ts';
import { startOtlpServer, withoutRepeats } from '../helpers/otlp-server.ts';
import { programJournal } from '../helpers/program-journal.ts';
import { appendLines, linesOf, writeSettings } from '../helpers/run-cli.ts';
import { SPANBOOK, spanbook } from '../helpers/run-monitor.ts';
import { outcomeOf, ROOT, startFixture } from '../helpers/run-program.ts';
import { allEvents, readDocument } from '../helpers/state-folder.ts';
import { inMain, sumsOf, usageWorld } from '../helpers/usage-cases.ts';
import { transcript, used } from '../helpers/write-transcripts.ts';
import { type FaultRow, fault, isLong } from './fault.ts';
import { callsFor, type Program, runWith, tracingRefused } from './syscalls.ts';

const FAULTS = isLong ? ['signal=KILL', 'error=EIO', 'error=ENOSPC'] : ['signal=KILL', 'error=ENOSPC'];
/** In the short form, so many calls of each program, another choice each time. */
const SHORT_CALLS = 6;
const ENGINE_TRIES = 5;

interface Case {
  /** Makes an empty folder what it is before the program runs. */
  make(folder: string): void | Promise<void>;
  program(folder: string): Program;
  /** Where the calls go that are to fail. */
  touched?: (folder: string) => string;
  /** `isKilled`: it had no chance to say anything. */
  check(folder: string, ended: { code: number | null; stdout: string; stderr: string; isKilled: boolean }): unknown;
}

async function everyCall(row: FaultRow, { make, program, touched = folder => folder, check }: Case): Promise<void> {
  const refused = tracingRefused();
  if (refused !== undefined) return row.skip(refused);
  const fresh = async (): Promise<string> => {
    const folder = mkdtempSync(`${tmpdir()}/spanbook-calls-`);
    await make(folder);
    return folder;
  };
  const first = await fresh();
  const calls = await callsFor(touched(first), program(first));
  rmSync(first, { recursive: true });
  expect(calls.length).toBeGreaterThan(5);
  const step = isLong ? 1 : Math.max(1, Math.floor(calls.length / SHORT_CALLS));
  const from = Math.floor(Math.random() * step);
  for (const fault of FAULTS) {
    for (let index = from; index < calls.length; index += step) {
      const call = calls[index];
      if (!call) continue;
      let folder = await fresh();
      let ended = await runWith(fault, call, program(folder));
      // Calls of the engine itself come in another number now and then, and it aborts where one of those fails.
      for (let again = 0; ended.signal === 'SIGABRT' && again < ENGINE_TRIES; again++) {
        rmSync(folder, { recursive: true });
        folder = await fresh();
        ended = await runWith(fault, call, program(folder));
      }
      const { code, signal, stdout, stderr } = ended;
      const isKilled = fault === 'signal=KILL';
      if (isKilled) row.count('killed', signal === 'SIGKILL' || code === 137 ? 1 : 0);
      else row.count('told of an error', 1);
      try {
        await check(folder, { code, stdout, stderr, isKilled });
      } catch (error) {
        throw new Error(`${fault} at ${call.name} ${call.at}: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      }
      rmSync(folder, { recursive: true });
    }
  }
}

const LIMIT = 2000;
const payload = (prompt: string): string =>
  JSON.stringify({ session_id: 's1', prompt_id: prompt, hook_event_name: 'UserPromptSubmit' });
const hook = (folder: string, prompt: string): Program => ({
  args: [`${ROOT}dist/hooks/claude-code.cjs`],
  env: { SPANBOOK_STATE_DIR: `${folder}/state` },
  input: payload(prompt),
});

/** Facts that are there before; the document of them is written, and one more fact fills a segment. */
async function filled(folder: string): Promise<void> {
  const stateDir = `${folder}/state`;
  mkdirSync(`${stateDir}/journal`, { recursive: true });
  writeSettings(stateDir, { rotation: { max_bytes: LIMIT } });
  appendLines(stateDir, linesOf(programJournal(4)));
  refreshDocument(stateDir, LIMIT);
}

function expectSound(stateDir: string, atLeast: number): void {
  if (existsSync(`${stateDir}/pipeline_progress.json`)) readDocument(stateDir);
  mkdirSync(stateDir, { recursive: true });
  refreshDocument(stateDir, LIMIT);
  const ids = allEvents(stateDir).map(event => event.event_id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThanOrEqual(atLeast);
  expect(readDocument(stateDir).statistics.total_events).toBe(ids.length);
}

/** A hook says nothing and ends with 0, whatever happens to it. */
const expectQuiet = (ended: Parameters<Case['check']>[1]): void => {
  if (!ended.isKilled) expect([ended.code, ended.stdout, ended.stderr]).toEqual([0, '', '']);
};

describe('a program is killed at, or refused, each call to the kernel', () => {
  fault('a hook in a new folder', 'the next hook is whole; the state is the old or the new one', row =>
    everyCall(row, {
      make: () => {},
      program: folder => hook(folder, 'p1'),
      check: (folder, ended) => {
        expectQuiet(ended);
        expectSound(`${folder}/state`, 0);
      },
    }),
  );

  fault('a hook that fills a segment', 'archive, document and journal hold each event once', row =>
    everyCall(row, {
      make: filled,
      program: folder => hook(folder, 'p1'),
      check: (folder, ended) => {
        expectQuiet(ended);
        expectSound(`${folder}/state`, 8);
      },
    }),
  );

  const t = transcript(undefined, NOON);
  const LINES = inMain(t.command('ship', 'p1'), t.answer('a', used(10, 2)), t.answer('b', used(4, 8)));
  fault('usage totals', 'no token is lost and none counts twice', row =>
    everyCall(row, {
      make: folder => usageWorld({}, `${folder}/state`, `${folder}/claude`).append(...LINES),
      program: folder => ({
        args: [SPANBOOK, 'usage', 'totals', '--state-dir', `${folder}/state`, '--claude-dir', `${folder}/claude`],
      }),
      touched: folder => `${folder}/state`,
      check: (folder, { isKilled, code, stderr }) => {
        if (!isKilled && code !== 0) expect(stderr).toMatch(/^spanbook: /);
        const { view } = usageWorld({}, `${folder}/state`, `${folder}/claude`).read();
        expect(sumsOf(view)).toMatchObject({ requests: 2, input: 14, output: 10 });
      },
    }),
  );

  fault('init', 'the settings are the old or the new ones', row =>
    everyCall(row, {
      make: folder => {
        mkdirSync(`${folder}/.claude`);
        writeFileSync(`${folder}/.claude/settings.json`, '{ "model": "opus" }\n');
      },
      program: folder => ({ args: [SPANBOOK, 'init', '--project', folder] }),
      check: async (folder, { isKilled, code, stderr }) => {
        if (!isKilled && code !== 0) expect(stderr).toMatch(/^spanbook: /);
        const settings = readFileSync(`${folder}/.claude/settings.json`, 'utf8');
        expect(JSON.parse(settings)).toMatchObject({ model: 'opus' });
        const again = await spanbook(['uninstall', '--project', folder]);
        expect(again.code).toBe(0);
        expect(readFileSync(`${folder}/.claude/settings.json`, 'utf8')).toBe('{ "model": "opus" }\n');
      },
    }),
  );

  fault('the relay', 'every span arrives, and none twice with other content', async row => {
    const server = await startOtlpServer();
    await everyCall(row, {
      make: folder => {
        mkdirSync(`${folder}/state/journal`, { recursive: true });
        appendLines(`${folder}/state`, linesOf(programJournal(4)));
        server.spans.length = 0;
      },
      program: folder => ({ args: [`${ROOT}test/fixtures/ship.mjs`, `${folder}/state`, server.url] }),
      touched: folder => `${folder}/state`,
      check: async folder => {
        expect((await outcomeOf(startFixture('ship', [`${folder}/state`, server.url]))).code).toBe(0);
        const shown = withoutRepeats(server.spans).map(span => span.spanId);
        expect(shown.sort()).toEqual(programJournal.ids(4).sort());
      },
    });
  });
});
