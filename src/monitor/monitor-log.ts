/** `monitor.log`: one JSON line an event, for people and programs. Three files of 5 MB at most; never an exception. */
import { closeSync, constants, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { redact } from '../model/redact.ts';
import { safeText } from '../query/safe-text.ts';

const MAX_BYTES = 5 * 1024 * 1024;
/** The log itself, `monitor.log.1` and `monitor.log.2`. */
const FILES = 3;
const MAX_MESSAGE = 4000;

export interface MonitorLog {
  info(message: string): void;
  warn(message: string): void;
}

export interface LogOptions {
  /** Milliseconds since 1970. */
  now(): number;
  /** Size at which the next file begins, 5 MB by default. */
  maxBytes?: number;
}

/** Lines that cannot be written, as on a full disk, are counted, and the count is told with the next that can. */
export function openMonitorLog(path: string, { now, maxBytes = MAX_BYTES }: LogOptions): MonitorLog {
  let lost = 0;
  const write = (level: string, message: string): void => {
    const entry = { at: new Date(now()).toISOString(), level, message: clean(message), lost_lines: lost || undefined };
    try {
      rotate(path, maxBytes);
      append(path, `${JSON.stringify(entry)}\n`);
      lost = 0;
    } catch {
      lost++;
    }
  };
  return { info: message => write('info', message), warn: message => write('warn', message) };
}

/** A message may repeat what others said: no secrets, nothing that a terminal would obey. */
const clean = (message: string): string => safeText(redact(message.slice(0, MAX_MESSAGE)));

/** Opened for each line: lines are rare, and the file may have been moved by somebody. */
function append(path: string, line: string): void {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
  const fd = openSync(path, flags | (constants.O_NONBLOCK ?? 0), 0o600);
  try {
    const size = Buffer.byteLength(line);
    if (writeSync(fd, line) !== size) throw new Error('no space left');
  } finally {
    closeSync(fd);
  }
}

function rotate(path: string, maxBytes: number): void {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < maxBytes) return;
  for (let number = FILES - 1; number > 0; number--) {
    const from = number === 1 ? path : `${path}.${number - 1}`;
    if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${path}.${number}`);
  }
}
