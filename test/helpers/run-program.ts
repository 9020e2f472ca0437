/** Child processes: built hooks, and the small programs of `test/fixtures/`. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Everything that a child says until it is gone. */
export function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', text => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

export function startFixture(
  name: string,
  args: readonly (string | number)[],
  options: SpawnOptions = {},
): ChildProcess {
  return spawn(process.execPath, [`${ROOT}test/fixtures/${name}.mjs`, ...args.map(String)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...options,
  });
}

export const runFixture = (name: string, args: readonly (string | number)[]): Promise<Outcome> =>
  outcomeOf(startFixture(name, args));

export interface HookCall {
  /** Payload, or the very bytes. */
  input?: object | string | Buffer;
  env?: Record<string, string | undefined>;
  cwd?: string;
  program?: string;
  args?: readonly string[];
  /** Leave standard input open after the payload, as some hosts do. */
  keepOpen?: boolean;
}

/** Runs a built hook as a host would. No variable of this process reaches it but `PATH`. */
export function runHook(name: string, call: HookCall = {}): Promise<Outcome> {
  const program = call.program ?? `${ROOT}dist/hooks/${name}.cjs`;
  const child = spawn(process.execPath, [program, ...(call.args ?? [])], {
    cwd: call.cwd ?? ROOT,
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...call.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A hook that has read enough may be gone before its host has written all.
  child.stdin.on('error', () => {});
  const { input = '' } = call;
  child.stdin.write(typeof input === 'string' || Buffer.isBuffer(input) ? input : JSON.stringify(input));
  const outcome = outcomeOf(child);
  if (!call.keepOpen) child.stdin.end();
  return outcome.finally(() => child.stdin.destroy());
}
