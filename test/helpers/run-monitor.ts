/** Real monitors for tests: started as people start them, and gone after the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { MonitorAnswer } from '../../src/cli/monitor-answer.ts';
import { readMonitorFile } from '../../src/monitor/monitor-file.ts';
import { processState } from '../../src/monitor/process-check.ts';
import { type Outcome, outcomeOf, ROOT } from './run-program.ts';
import { tempDir } from './temp-dir.ts';

export const SPANBOOK = `${ROOT}dist/bin/spanbook.cjs`;

/** The environment of a person who has nothing set. `NODE_EXTRA_CA_CERTS` would triple the start of each process. */
export const plainEnv = (home = '/nonexistent'): Record<string, string | undefined> => ({
  PATH: process.env.PATH,
  HOME: home,
});

/** A folder whose monitor is ended after the test, whatever becomes of it. */
export function monitoredFolder(): string {
  const stateDir = `${tempDir()}/state`;
  onTestFinished(() => endMonitor(stateDir));
  return stateDir;
}

/** Tests write files with the numbers of strangers, so a process is looked at before it is ended. */
function endMonitor(stateDir: string): void {
  const file = readMonitorFile(`${stateDir}/monitor.json`);
  if (file === null || file === 'garbage' || processState(file.process) !== 'alive') return;
  const ran = existsSync('/proc') ? readFileSync(`/proc/${file.pid}/cmdline`, 'utf8') : stateDir;
  if (ran.includes(stateDir)) process.kill(file.pid, 'SIGKILL');
}

export const monitorPid = (stateDir: string): number =>
  (JSON.parse(readFileSync(`${stateDir}/monitor.json`, 'utf8')) as { pid: number }).pid;

export function spawnSpanbook(args: readonly string[], env: Record<string, string | undefined> = {}): ChildProcess {
  return spawn(process.execPath, [SPANBOOK, ...args], { env: { ...plainEnv(), ...env }, stdio: 'pipe' });
}

export const spanbook = (args: readonly string[], env?: Record<string, string | undefined>): Promise<Outcome> =>
  outcomeOf(spawnSpanbook(args, env));

/** `spanbook monitor VERB --json`, which must succeed. */
export async function monitor(verb: string, stateDir: string): Promise<MonitorAnswer & { result?: string }> {
  const { code, stdout, stderr } = await spanbook(['monitor', verb, '--state-dir', stateDir, '--json']);
  if (code !== 0) throw new Error(`monitor ${verb}: exit code ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Waits until something holds, and says what it was. */
export async function until<T>(ask: () => T | undefined | false | null, millis = 10_000): Promise<T> {
  const deadline = performance.now() + millis;
  for (;;) {
    const answer = ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`expected ${ask} to hold within ${millis} ms`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
