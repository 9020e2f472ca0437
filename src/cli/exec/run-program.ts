/** Runs a program with the streams of this process, until it ends; signals that come meanwhile go on to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { systemErrorCode } from '../../errors.ts';
import { isInForeground } from './terminal.ts';

export type ProgramOutcome =
  | { kind: 'exited'; code: number; pid: number | undefined }
  | { kind: 'killed'; signal: NodeJS.Signals; pid: number | undefined }
  /** `code`: of the system error, as `ENOENT`. */
  | { kind: 'unstarted'; code: string; reason: string };

export interface ProgramOptions {
  /** Called when signals wait for the program already; gives its environment. */
  prepare(): NodeJS.ProcessEnv;
  /** It runs. */
  onStart(): void;
}

/** As shells have it. */
const NOT_FOUND = 127;
const CANNOT_RUN = 126;
const SIGNAL_BASE = 128;

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
/** A terminal sends these to the program itself, and a second one often means: at once. */
const FROM_KEYS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

export async function runProgram(
  program: string,
  args: readonly string[],
  { prepare, onStart }: ProgramOptions,
): Promise<ProgramOutcome> {
  let child: ChildProcess | undefined;
  const forward = (signal: NodeJS.Signals): void => {
    if (!FROM_KEYS.includes(signal) || !isInForeground()) child?.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  const env = prepare();
  try {
    child = spawn(program, args, { env, stdio: 'inherit' });
  } catch (error) {
    return unstarted(error);
  }
  const { pid } = child;
  const ended = new Promise<ProgramOutcome>(resolve => {
    child?.once('error', error => {
      if (pid === undefined) resolve(unstarted(error));
    });
    child?.once('exit', (code, signal) =>
      resolve(signal === null ? { kind: 'exited', code: code ?? 0, pid } : { kind: 'killed', signal, pid }),
    );
  });
  if (pid !== undefined) onStart();
  return ended;
}

function unstarted(error: unknown): ProgramOutcome {
  const code = systemErrorCode(error) ?? 'Error';
  // An empty name is no error of the system.
  const isMissing = code === 'ENOENT' || code === 'ERR_INVALID_ARG_VALUE';
  return {
    kind: 'unstarted',
    code: isMissing ? 'ENOENT' : code,
    reason: isMissing ? 'not found' : `cannot be run (${code})`,
  };
}

/** What a shell would give back. */
export function exitCodeOf(outcome: ProgramOutcome): number {
  switch (outcome.kind) {
    case 'exited':
      return outcome.code;
    case 'killed':
      return SIGNAL_BASE + constants.signals[outcome.signal];
    case 'unstarted':
      return outcome.code === 'ENOENT' ? NOT_FOUND : CANNOT_RUN;
  }
}
