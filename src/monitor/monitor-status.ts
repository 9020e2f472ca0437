/** How the monitor of a folder is: by its socket if it answers, else by its file, its process and its heartbeat. */
import { heartbeatAt, isKept } from '../store/heartbeat.ts';
import { type Asked, askMonitor } from './ask-monitor.ts';
import { type MonitorFile, readMonitorFile } from './monitor-file.ts';
import type { MonitorPlace } from './monitor-place.ts';
import { type ProcessState, processState } from './process-check.ts';

/**
 * `running`: it answers. `elsewhere`: its heartbeat is fresh, but its socket cannot be seen, as in another container.
 * `stuck`: its process is there, but does not answer. `killed`: it did not say goodbye. `stopped`: there is none.
 */
export type MonitorState = 'running' | 'elsewhere' | 'stuck' | 'killed' | 'stopped';

export interface MonitorStatus {
  state: MonitorState;
  file: MonitorFile | null;
  /** `monitor.json` is there, and is none of ours. */
  isGarbage: boolean;
  /** When it last said that it keeps the document, in milliseconds since 1970; 0: never. */
  heartbeatAt: number;
  /** What it says of itself, if it answers. */
  answer: Record<string, unknown> | null;
}

export interface StatusOptions {
  /** Milliseconds since 1970. */
  now: number;
  /** How long an answer may take, in milliseconds. */
  timeoutMillis: number;
}

export async function monitorStatus(place: MonitorPlace, options: StatusOptions): Promise<MonitorStatus> {
  const { now, timeoutMillis } = options;
  const read = readMonitorFile(place.file);
  const file = read === 'garbage' ? null : read;
  const asked: Asked = file
    ? await askMonitor('status', { socket: addressOf(place, file), nonce: file.nonce, timeoutMillis })
    : { status: 'nobody' };
  const beatAt = heartbeatAt(place.stateDir);
  // What was read and what was heard belong together, or a monitor began in between.
  if (asked.status !== 'answered' && nonceOf(readMonitorFile(place.file)) !== nonceOf(read)) {
    return monitorStatus(place, options);
  }
  return {
    state: file ? stateOf(asked, processState(file.process), isKept(place.stateDir, now)) : 'stopped',
    file,
    isGarbage: read === 'garbage',
    heartbeatAt: beatAt,
    answer: asked.status === 'answered' ? asked.answer : null,
  };
}

function stateOf(asked: Asked, process: ProcessState, isFresh: boolean): MonitorState {
  if (asked.status === 'answered') return 'running';
  if (process === 'gone') return 'killed';
  // Whoever has the socket and says nothing is there. Nobody at the socket is no monitor, whatever the process is: its
  // number may have gone to a stranger.
  if (asked.status === 'silent' && process === 'alive') return 'stuck';
  if (isFresh) return 'elsewhere';
  return asked.status === 'silent' ? 'stuck' : 'killed';
}

const nonceOf = (file: MonitorFile | 'garbage' | null): string | null =>
  file === null || file === 'garbage' ? null : file.nonce;

/** A monitor of another user listens at another name, which its file tells. */
export function addressOf(place: MonitorPlace, file: MonitorFile): string {
  return /^@spanbook-\d+-[0-9a-f]{32}$/.test(file.socket) && !place.isSocketFile
    ? `\0${file.socket.slice(1)}`
    : place.socket;
}
