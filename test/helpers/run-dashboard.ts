/** A dashboard as people start it: the built executable in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { ROOT } from './run-program.ts';

export interface RunningDashboard {
  /** The first line that it printed. */
  address: string;
  port: number;
  token: string;
  process: ChildProcess;
  /** What it says beside its address. */
  said(): string;
  /** Asks for a path with the token, and more headers. */
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** The body of an answer. */
  ask<T>(path: string): Promise<T>;
}

/** Ended after the test. */
export async function runDashboard(stateDir: string, args: readonly string[] = []): Promise<RunningDashboard> {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const child = spawn(
    process.execPath,
    [`${ROOT}dist/bin/spanbook.cjs`, 'dashboard', '--state-dir', stateDir, '--port', '0', '--no-open', ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...env, HOME: stateDir, TZ: 'UTC', CLAUDE_CONFIG_DIR: '' } },
  );
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  let said = '';
  child.stderr.on('data', bytes => {
    said += String(bytes);
  });
  const lines = createInterface({ input: child.stdout });
  const [address = ''] = (await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [''])])) as [string];
  const [, port = '', token = ''] = /:(\d+)\/#token=([0-9a-f]+)$/.exec(address) ?? [];
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
  return {
    address,
    port: Number(port),
    token,
    process: child,
    said: () => said,
    get,
    ask: async path => (await get(path)).json(),
  };
}
