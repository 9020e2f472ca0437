/** The world of the few calls that are answered without the command line. */
import { writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { isInputTerminal, readHookInput } from '../hook/read-input.ts';
import type { CliContext } from './cli-context.ts';

/** Nobody may be listening any more, which is no reason to fail. */
function write(fd: number, text: string | Uint8Array): void {
  try {
    writeSync(fd, typeof text === 'string' ? Buffer.from(text) : text);
  } catch {
    // A closed pipe, a full disk.
  }
}

export const quickContext = (env: NodeJS.ProcessEnv): CliContext => ({
  stdout: { write: text => write(1, text) },
  stderr: { write: text => write(2, text) },
  env,
  get cwd() {
    return process.cwd();
  },
  hooksDir: resolve(__dirname, '../hooks'),
  configDir: resolve(__dirname, '../../config'),
  scanWorker: '',
  pageDir: '',
  executable: __filename,
  readInput: () => (isInputTerminal() ? { error: 'a terminal', text: Buffer.alloc(0) } : readHookInput()),
  now: Date.now,
  isTty: false,
  pause: async () => false,
});
