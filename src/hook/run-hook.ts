/** Runs one hook: its verb makes a fact, the fact goes to the journal, the document follows. Ends with exit code 0. */

import { existsSync, writeSync } from 'node:fs';
import { appendFact } from '../journal/append-fact.ts';
import { journalDir } from '../journal/segments.ts';
import type { Fact } from '../model/fact.ts';
import { documentPath } from '../store/document-path.ts';
import { isKept } from '../store/heartbeat.ts';
import { refreshAfterHook } from '../store/hook-refresh.ts';
import { makeStateDir } from '../store/make-state-dir.ts';
import { readWriterSettings, type WriterSettings } from '../store/read-settings.ts';
import { findStateDir } from '../store/state-dir.ts';
import { reportFailure } from './report-failure.ts';

export interface HookRun {
  name: string;
  args: readonly string[];
  env: Record<string, string | undefined>;
  now: number;
  /** The clock is fixed: what is told happened at another time, and not to the process that runs the hook. */
  isReplay: boolean;
  settings: WriterSettings;
  /** Says something to the person behind a script; hooks of Claude Code stay silent. */
  complain(message: string): void;
}

export interface HookResult {
  fact: Fact | null;
  /** Text for standard output: the event id where a script asked for one. */
  print?: string;
}

/** Facts after which a person is likely to look at the document. */
const RUN_ENDS = new Set<Fact['kind']>(['stop', 'stop_failure', 'session_end']);
/** On a disk that takes so long for one line, the agent is not kept waiting for a whole document. */
const SLOW_APPEND_MILLIS = 100;

/** The clock of hooks; `SPANBOOK_NOW` (milliseconds since 1970) stands in for it in replays. */
const fixedClock = (env: HookRun['env']): number | undefined => {
  const fixed = Number(env.SPANBOOK_NOW);
  return env.SPANBOOK_NOW && Number.isFinite(fixed) ? fixed : undefined;
};

export function runHook(name: string, verb: (run: HookRun) => HookResult): void {
  const { env } = process;
  if (env.SPANBOOK_DISABLED === '1') return;
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    say(1, `${name}: a hook of spanbook; its flags stand in docs/instrumenting-scripts.md\n`);
    return;
  }
  let stateDir = '';
  let printed = '';
  try {
    const found = findStateDir({
      given: flagValue(args, '--state-dir'),
      env,
      get cwd() {
        return process.cwd();
      },
      hookDir: __dirname,
    });
    stateDir = found.path;
    const settings = readWriterSettings(stateDir);
    const complain = (message: string): void => say(2, `${name}: ${message}\n`);
    // Hooks of Claude Code have no flags, and stay silent.
    if (found.avoided && args.length > 0) complain(`${found.avoided} holds other files, so ${stateDir} is used`);
    const fixed = fixedClock(env);
    const clock = { now: fixed ?? Date.now(), isReplay: fixed !== undefined };
    const { fact, print } = verb({ name, args, env, ...clock, settings, complain });
    printed = print ?? '';
    if (!fact) return;
    if (!existsSync(journalDir(stateDir))) makeStateDir(stateDir);
    // Not `performance`: the first use of it alone would cost more than the append.
    const beganAt = Date.now();
    appendFact(stateDir, fact, settings);
    const endedAt = Date.now();
    if (endedAt - beganAt > SLOW_APPEND_MILLIS || isKept(stateDir, endedAt)) return;
    if (isSilent(fact) && existsSync(documentPath(stateDir))) return;
    refreshAfterHook(stateDir, settings.maxBytes, RUN_ENDS.has(fact.kind) || isCommandEnd(fact));
  } catch (error) {
    reportFailure(name, stateDir, error);
  } finally {
    if (printed !== '') say(1, `${printed}\n`);
    // Nothing is under way. Taking Node.js down bit by bit would cost more than the append.
    process.exit();
  }
}

/** Nobody may be listening any more, which is no reason to fail. */
function say(fd: number, text: string): void {
  try {
    writeSync(fd, text);
  } catch {
    // A closed pipe, a full disk.
  }
}

/** Facts that add no event of their own, and are followed by one that does in the same moment. */
const isSilent = (fact: Fact): boolean =>
  fact.kind === 'agent_call' || (fact.kind === 'session_start' && fact.reason !== 'resume');

const isCommandEnd = (fact: Fact): boolean => fact.kind === 'end' && fact.level === 'command';

/** Value of a flag, as `--flag value` or `--flag=value`; undefined if it is not there. */
export function flagValue(args: readonly string[], flag: string): string | undefined {
  const index = args.indexOf(flag);
  if (index >= 0) return args[index + 1];
  return args.find(arg => arg.startsWith(`${flag}=`))?.slice(flag.length + 1);
}
