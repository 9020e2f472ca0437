/** What the executable is to the code of commands: the real world, and an exit code. */
import { resolve } from 'node:path';
import { systemErrorCode } from '../errors.ts';
import { isInputTerminal, readHookInput } from '../hook/read-input.ts';
import type { CliContext } from './cli-context.ts';
import { type Output, openOutput } from './standard-output.ts';

/** A signal that is made when somebody listens to it, or gives it: most calls do neither, and loading it takes time. */
function lateSignal() {
  let made: AbortController | undefined;
  const controller = (): AbortController => {
    made ??= new AbortController();
    return made;
  };
  return { abort: () => controller().abort(), signal: () => controller().signal };
}

/** Standard output and error, and a signal that the person, or whoever reads the output, has had enough. */
function openOutputs() {
  const stop = lateSignal();
  /** Opened when there is something to say. */
  let opened: Output | undefined;
  const stderr = {
    write(text: string): void {
      opened ??= openOutput(2, () => {});
      opened.write(text);
    },
  };
  // A reader that had enough (`| head`) is no failure; a full disk behind `>` is one.
  const stdout = openOutput(1, error => {
    stop.abort();
    if (systemErrorCode(error) === 'EPIPE') return;
    process.exitCode = 1;
    stderr.write(`spanbook: standard output: ${error.message}\n`);
  });
  const isDirect = (): boolean => stdout.isDirect && opened?.isDirect !== false;
  return { stop, stdout, stderr, isDirect };
}

function realContext({ stop, stdout, stderr }: Omit<ReturnType<typeof openOutputs>, 'isDirect'>): CliContext {
  return {
    stdout,
    stderr,
    env: process.env,
    cwd: process.cwd(),
    // Beside the folder of this bundle.
    hooksDir: resolve(__dirname, '../hooks'),
    configDir: resolve(__dirname, '../../config'),
    scanWorker: resolve(__dirname, 'scan-worker.cjs'),
    pageDir: resolve(__dirname, '../dashboard'),
    executable: resolve(__dirname, 'spanbook.cjs'),
    readInput: () => (isInputTerminal() ? { error: 'a terminal', text: Buffer.alloc(0) } : readHookInput()),
    now: Date.now,
    get stopped() {
      return stop.signal();
    },
    isTty: stdout.isTty,
    columns: stdout.columns,
    async pause(millis) {
      if (process.listenerCount('SIGINT') === 0) process.once('SIGINT', () => stop.abort());
      const { setTimeout: wait } = await import('node:timers/promises');
      await wait(millis, undefined, { signal: stop.signal() }).catch(() => {});
      return !stop.signal().aborted;
    },
  };
}

/**
 * Runs a command in the real world; the process ends with its exit code. `endsAtOnce`: nothing of it goes on once it has
 * answered, so nothing is waited for; Node.js would wait for its compiler, which works for calls that never come.
 */
export function runToEnd(run: (context: CliContext) => Promise<number>, { endsAtOnce = false } = {}): void {
  const { isDirect, ...outputs } = openOutputs();
  const context = realContext(outputs);
  run(context).then(
    code => {
      process.exitCode ||= code;
      if (endsAtOnce && isDirect()) process.exit();
    },
    (error: unknown) => {
      process.exitCode = 1;
      context.stderr.write(`spanbook: ${String(error)}\n`);
    },
  );
}
