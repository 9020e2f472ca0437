/** Starts a monitor that outlives the terminal, unless there is one. */

import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, closeSync, constants, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { openPlain, readPlain } from '../journal/plain-file.ts';
import { makeStateDir } from '../store/make-state-dir.ts';
import { monitorEnv } from './monitor-env.ts';
import { type MonitorPlace, monitorPlace } from './monitor-place.ts';
import { type MonitorStatus, monitorStatus } from './monitor-status.ts';
import { takeLock } from './socket-lock.ts';

/** A monitor that does not answer by then is not waited for. */
const READY_MILLIS = 3000;
const ANSWER_MILLIS = 500;
const LOOK_MILLIS = 25;
const LOG_TAIL_BYTES = 4096;

export interface StartOptions {
  stateDir: string;
  /** Path of the executable `spanbook`. */
  executable: string;
  env: Record<string, string | undefined>;
}

/**
 * `started`, `already`: a monitor runs and answers. `starting`: one was started, and does not answer yet. `failed`: the
 * one that was to start is not there, and `log` holds the last that was heard of it.
 */
export interface StartResult {
  result: 'started' | 'already' | 'starting' | 'failed';
  place: MonitorPlace;
  status: MonitorStatus;
  log: string;
}

/** @throws a system error if the state folder cannot be made, or its log not be opened. */
export async function startMonitor(options: StartOptions): Promise<StartResult> {
  makeStateDir(options.stateDir);
  const place = monitorPlace(options.stateDir);
  const deadline = performance.now() + READY_MILLIS;
  const ask = (): Promise<MonitorStatus> => monitorStatus(place, { now: Date.now(), timeoutMillis: ANSWER_MILLIS });
  // Of many that start at once, one starts a process, and the others wait for it.
  const gate = { socket: `${place.socket}-start`, isSocketFile: place.isSocketFile };
  let turn = null;
  let child: ChildProcess | null = null;
  let refused = '';
  try {
    for (;;) {
      const status = await ask();
      const isThere = status.state === 'running' || status.state === 'elsewhere';
      // A process of ours that found another monitor has ended by now.
      const isOurs = child !== null && status.file?.pid === child.pid;
      if (isThere) return { result: isOurs ? 'started' : 'already', place, status, log: '' };
      if (child && hasFailed(child)) return { result: 'failed', place, status, log: refused || logTail(place.log) };
      if (performance.now() > deadline) {
        return { result: status.state === 'stuck' ? 'already' : 'starting', place, status, log: '' };
      }
      turn ??= await takeLock(gate, socket => socket.destroy());
      // Somebody may have had the turn between the question and now.
      if (turn && !child && isGone(await ask())) {
        child = spawnMonitor(place, options).on('error', error => {
          refused = error.message;
        });
      }
      await wait(LOOK_MILLIS);
    }
  } finally {
    turn?.release();
  }
}

const isGone = ({ state }: MonitorStatus): boolean => state === 'killed' || state === 'stopped';

/** One that found another monitor ends well. */
const hasFailed = ({ exitCode, signalCode }: ChildProcess): boolean => Boolean(exitCode) || signalCode !== null;

function spawnMonitor(place: MonitorPlace, { executable, env }: StartOptions): ChildProcess {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
  const log = openPlain(place.log, flags, 0o600);
  try {
    const child = spawn(process.execPath, [executable, 'monitor', 'run', '--state-dir', place.stateDir], {
      detached: true,
      stdio: ['ignore', log, log],
      // Not the project: a folder that somebody is in cannot be unmounted, and may be removed.
      cwd: homeOf(env) ?? place.stateDir,
      env: monitorEnv(env, place.stateDir),
      windowsHide: true,
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

function homeOf({ HOME: home }: StartOptions['env']): string | null {
  if (!home) return null;
  try {
    accessSync(home, constants.X_OK);
    return statSync(home).isDirectory() ? home : null;
  } catch {
    return null;
  }
}

function logTail(path: string): string {
  try {
    return readPlain(path).subarray(-LOG_TAIL_BYTES).toString().trimEnd().split('\n').slice(-3).join('\n');
  } catch {
    return '';
  }
}
