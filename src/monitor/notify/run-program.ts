/** Runs a program for an alert: without a shell, in a process group of its own, for a limited time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { systemErrorCode } from '../../errors.ts';
import { failureMessage } from '../../model/redact.ts';
import type { SendResult } from './channel.ts';

const MAX_STDERR_LENGTH = 2000;
/** From the request to end to the order. */
const GRACE_MILLIS = 1000;

export interface Program {
  /** The program and its arguments. */
  words: readonly string[];
  /** For its standard input. */
  input?: string;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  timeoutMillis: number;
}

/** Waits until the program is done. What it says on standard output is not read. */
export function runProgram({ words, input = '', env, cwd, timeoutMillis }: Program): Promise<SendResult> {
  const [program = '', ...args] = words;
  return new Promise(resolve => {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['pipe', 'ignore', 'pipe'] });
    let complaint = '';
    let isLate = false;
    child.stderr.setEncoding('utf8').on('data', text => {
      if (complaint.length < MAX_STDERR_LENGTH) complaint += text;
    });
    // It may end without having read all, or any.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const late = setTimeout(() => {
      isLate = true;
      signalGroup(child, 'SIGTERM');
      setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MILLIS);
    }, timeoutMillis);
    const settle = (result: SendResult): void => {
      clearTimeout(late);
      // What it left running may hold the pipe, and us with it.
      child.stderr.destroy();
      resolve(result);
    };
    child.once('error', error => settle({ ok: false, detail: startFailure(program, error) }));
    child.once('exit', (code, signal) => {
      if (isLate) settle({ ok: false, detail: `stopped: not done within ${timeoutMillis / 1000} s` });
      else if (code === 0) settle({ ok: true, detail: 'done' });
      else settle({ ok: false, detail: exitText({ code, signal, complaint }) });
    });
  });
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // All of them are gone.
  }
}

function startFailure(program: string, error: Error): string {
  const code = systemErrorCode(error);
  if (code === 'ENOENT') return `${program} is not there`;
  return code === 'EACCES' ? `${program} may not be run` : `${program} did not start (${code ?? 'no reason given'})`;
}

interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** From its standard error. */
  complaint: string;
}

function exitText({ code, signal, complaint }: Exit): string {
  const line = failureMessage(complaint);
  return `${code === null ? `ended by ${signal}` : `exit code ${code}`}${line === '' ? '' : `: ${line}`}`;
}
