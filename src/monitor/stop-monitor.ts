/** Stops the monitor of a folder: asks it, then tells its process, then ends it. Never signals a process unseen. */
import { setTimeout as wait } from 'node:timers/promises';
import { systemErrorCode } from '../errors.ts';
import { askMonitor } from './ask-monitor.ts';
import { stopBeating } from './heartbeat-file.ts';
import { type MonitorFile, readMonitorFile, removeMonitorFile } from './monitor-file.ts';
import type { MonitorPlace } from './monitor-place.ts';
import { addressOf, monitorStatus } from './monitor-status.ts';
import { processState } from './process-check.ts';
import { takeLock } from './socket-lock.ts';

const LOOK_MILLIS = 20;
/** A monitor whose file was taken away writes it anew within a second. */
const FILE_MILLIS = 1300;
const ANSWER_MILLIS = 400;
/** It gives up what hangs after 0.8 s. */
const GRACE_MILLIS = 1200;
/** What is sent to one that does not hear, and how long each is waited for in milliseconds. */
const SIGNALS = [
  ['SIGTERM', 400],
  ['SIGKILL', 300],
] as const;

/**
 * `stopped`: it ended by itself. `killed`: it had to be ended. `none`: there was none. `left`: there was none, but one
 * that was killed had left its file. `elsewhere`: it runs where this process cannot reach it. `refused`: it goes on.
 */
export interface StopResult {
  result: 'stopped' | 'killed' | 'none' | 'left' | 'elsewhere' | 'refused';
  pid: number | null;
}

/** Done within two seconds, whatever the monitor is at. */
export async function stopMonitor(place: MonitorPlace): Promise<StopResult> {
  const file = await knownFile(place);
  if (file === 'nobody') return { result: 'none', pid: null };
  if (file === null) return { result: 'refused', pid: null };
  const { pid, nonce } = file;
  const socket = addressOf(place, file);
  const { state } = await monitorStatus(place, { now: Date.now(), timeoutMillis: ANSWER_MILLIS });
  if (state === 'elsewhere') return { result: 'elsewhere', pid };
  if (state === 'killed') {
    removeMonitorFile(place.file, nonce);
    stopBeating(place.stateDir);
    return { result: 'left', pid };
  }
  const hasHeard =
    state === 'running' &&
    (await askMonitor('stop', { socket, nonce, timeoutMillis: ANSWER_MILLIS })).status === 'answered';
  if (hasHeard && (await isOver(file, socket, GRACE_MILLIS))) return { result: 'stopped', pid };
  for (const [signal, millis] of hasHeard ? SIGNALS.slice(-1) : SIGNALS) {
    if (!signalIfAlive(file, signal)) break;
    if (await isOver(file, socket, millis)) {
      removeMonitorFile(place.file, nonce);
      stopBeating(place.stateDir);
      return { result: 'killed', pid };
    }
  }
  return { result: 'refused', pid };
}

/** The file of who holds the lock. `'nobody'` if it is free, null if somebody has it who does not say who they are. */
async function knownFile(place: MonitorPlace): Promise<MonitorFile | 'nobody' | null> {
  for (let waited = 0; waited <= FILE_MILLIS; waited += LOOK_MILLIS) {
    const file = readMonitorFile(place.file);
    if (file !== null && file !== 'garbage') return file;
    if (waited === 0) {
      // Where nobody can have the lock, as in a folder that is not there, nobody has it.
      const lock = await takeLock(place, socket => socket.destroy()).catch(() => 'nobody' as const);
      if (lock === 'nobody') return lock;
      lock?.release();
      if (lock) return 'nobody';
    }
    await wait(LOOK_MILLIS);
  }
  return null;
}

async function isOver(file: MonitorFile, socket: string, millis: number): Promise<boolean> {
  const deadline = performance.now() + millis;
  for (;;) {
    const state = processState(file.process);
    if (state === 'gone') return true;
    if (state === 'unknown') {
      const { status } = await askMonitor('status', { socket, nonce: file.nonce, timeoutMillis: LOOK_MILLIS });
      if (status === 'nobody') return true;
    }
    if (performance.now() > deadline) return false;
    await wait(LOOK_MILLIS);
  }
}

/** The number alone may belong to a stranger by now, so the start of the process is compared at each signal. */
function signalIfAlive({ pid, process: identity }: MonitorFile, signal: NodeJS.Signals): boolean {
  if (processState(identity) !== 'alive') return false;
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    // Gone in the same moment; or of another user, who must stop it.
    return systemErrorCode(error) === 'ESRCH';
  }
}
