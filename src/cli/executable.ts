/** What the executable is to the code of commands: the real world, and an exit code. */
import { resolve } from 'node:path';
import { systemErrorCode } from '../errors.ts';
import { isInputTerminal, readHookInput } from '../hook/read-input.ts';
import type { CliContext } from './cli-context.ts';
import { type Output, openOutput } from './standard-output.ts';

/** Standard output and error, and a signal that the person, or whoever reads the output, has had enough. */
function openOutputs() {
  const stop = new AbortController();
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
  return { stop, stdout, stderr };
}

function realContext(): CliContext {
  const { stop, stdout, stderr } = openOutputs();
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
    stopped: stop.signal,
    isTty: stdout.isTty,
    columns: stdout.columns,
    async pause(millis) {
      if (process.listenerCount('SIGINT') === 0) process.once('SIGINT', () => stop.abort());
      const { setTimeout: wait } = await import('node:timers/promises');
      await wait(millis, undefined, { signal: stop.signal }).catch(() => {});
      return !stop.signal.aborted;
    },
  };
}

/** Runs a command in the real world; the process ends with its exit code. */
export function runToEnd(run: (context: CliContext) => Promise<number>): void {
  const context = realContext();
  run(context).then(
    code => {
      process.exitCode ||= code;
    },
    (error: unknown) => {
      process.exitCode = 1;
      context.stderr.write(`spanbook: ${String(error)}\n`);
    },
  );
}
