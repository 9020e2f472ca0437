/**
 * Standard output and error of the executable. The streams of Node.js take longer to load than most answers to compute,
 * so files, pipes and `/dev/null` are written directly; terminals, which may not take everything at once, by the stream.
 */
import { fstatSync, type Stats, statSync, writeSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';

export interface Output {
  /** Text is written as UTF-8. */
  write(text: string | Uint8Array): void;
  /** What was written has left the process. */
  isDirect: boolean;
  isTty: boolean;
  /** Of a terminal. */
  columns: number | undefined;
}

const WAIT_MILLIS = 5;

/** `onError` is told of the first failure; what is written after it is dropped. */
export function openOutput(fd: 1 | 2, onError: (error: Error) => void): Output {
  let hasFailed = false;
  const fail = (error: Error): void => {
    if (!hasFailed) onError(error);
    hasFailed = true;
  };
  if (isDirect(fd)) {
    const write = (text: string | Uint8Array): void => {
      if (hasFailed) return;
      try {
        writeAll(fd, typeof text === 'string' ? Buffer.from(text) : text);
      } catch (error) {
        fail(error as Error);
      }
    };
    return { write, isDirect: true, isTty: false, columns: undefined };
  }
  const stream = fd === 1 ? process.stdout : process.stderr;
  stream.on('error', fail);
  const write = (text: string | Uint8Array): void => void stream.write(text);
  return { write, isDirect: false, isTty: stream.isTTY === true, columns: stream.columns };
}

function isDirect(fd: number): boolean {
  try {
    const stats = fstatSync(fd);
    return stats.isFile() || stats.isFIFO() || stats.isSocket() || isNull(stats);
  } catch {
    return false;
  }
}

/** `/dev/null`, which takes everything. */
const isNull = (stats: Stats): boolean => stats.isCharacterDevice() && stats.rdev === statSync('/dev/null').rdev;

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      // A pipe that does not block is full: its reader is slow.
      if (systemErrorCode(error) !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MILLIS);
    }
  }
}
