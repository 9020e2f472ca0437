/** `monitor.json`: who the monitor of this folder is. The socket says whether that is still true. */
import { closeSync, constants, fstatSync, openSync, readFileSync, unlinkSync } from 'node:fs';
import { object } from '../claude-code/payload.ts';
import { systemErrorCode } from '../errors.ts';
import type { ProcessIdentity } from '../model/fact.ts';
import { publish, writeTemporary } from '../store/write-file.ts';

const MAX_BYTES = 65_536;

export interface MonitorFile {
  version: string;
  pid: number;
  /** The process, told apart from a later one with the same number; absent where nobody can tell. */
  process?: ProcessIdentity | undefined;
  /** Known to this process and to whoever may read the file: both prove it to each other. */
  nonce: string;
  started_at: string;
  last_poll_at: string | null;
  socket: string;
}

/** What stands there: null if there is no file, `'garbage'` if it is none of ours. */
export function readMonitorFile(path: string): MonitorFile | 'garbage' | null {
  let text: string;
  try {
    text = readSmallFile(path);
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '') ? null : 'garbage';
  }
  try {
    return checked(object(JSON.parse(text))) ?? 'garbage';
  } catch {
    return 'garbage';
  }
}

/** @throws a system error if it cannot be written; then the old one stays. */
export function writeMonitorFile(path: string, file: MonitorFile): void {
  publish(writeTemporary(path, [Buffer.from(`${JSON.stringify(file, null, 2)}\n`)]), path);
}

/** Removes the file if it is still that of this monitor. */
export function removeMonitorFile(path: string, nonce: string): void {
  const file = readMonitorFile(path);
  if (file === null || file === 'garbage' || file.nonce !== nonce) return;
  try {
    unlinkSync(path);
  } catch {
    // Gone already, or not to be removed: whoever reads it finds that nobody answers.
  }
}

/** A planted link, pipe or device must not lead us elsewhere or hold us up. */
function readSmallFile(path: string): string {
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile() || stats.size > MAX_BYTES) return '';
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

function checked(value: Record<string, unknown>): MonitorFile | null {
  const { version, pid, nonce, started_at, last_poll_at, socket } = value;
  if (!isPid(pid) || typeof nonce !== 'string' || !/^[0-9a-f]{32,128}$/.test(nonce)) return null;
  if (typeof started_at !== 'string' || Number.isNaN(Date.parse(started_at))) return null;
  return {
    version: typeof version === 'string' ? version : '',
    pid,
    process: identity(object(value.process), pid),
    nonce,
    started_at,
    last_poll_at: typeof last_poll_at === 'string' ? last_poll_at : null,
    socket: typeof socket === 'string' ? socket : '',
  };
}

function identity(value: Record<string, unknown>, own: number): ProcessIdentity | undefined {
  const { pid, started, boot, host, namespace } = value;
  if (pid !== own || typeof started !== 'number' || typeof boot !== 'string') return undefined;
  return typeof host === 'string' && typeof namespace === 'string'
    ? { pid, started, boot, host, namespace }
    : undefined;
}

/** Numbers below 2 are groups, everybody, or the first process of a machine. */
const isPid = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 1;
