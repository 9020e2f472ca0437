/** Whole lines of a file that others append to, in large runs. */
import { closeSync, constants, fstatSync, readSync } from 'node:fs';
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { openPlain } from './plain-file.ts';

const CHUNK_BYTES = 1 << 20;
/** A line may be as long as this, about. */
const MAX_LINE_BYTES = 1 << 28;
const NEWLINE = 0x0a;

/** Size of a file in bytes; 0 if it does not exist. */
export function fileSize(path: string): number {
  return withFile(path, fd => fstatSync(fd).size) ?? 0;
}

/** `buffer` holds the bytes of the text, from its beginning on, until the next call. */
export type VisitBlock = (text: string, bytes: number, buffer: Buffer) => boolean;

/** Calls `visit` with runs of whole lines from `offset` on, until it returns false. Longer lines make longer runs. */
export function forEachBlock(path: string, offset: number, visit: VisitBlock, blockBytes = CHUNK_BYTES): void {
  withFile(path, fd => forEachBlockIn(fd, offset, visit, blockBytes));
}

/** The same with a file that is open. */
export function forEachBlockIn(fd: number, offset: number, visit: VisitBlock, blockBytes = CHUNK_BYTES): void {
  const { size } = fstatSync(fd);
  let at = offset;
  let buffer = Buffer.allocUnsafe(Math.min(blockBytes, Math.max(1, size - at)));
  let kept = 0;
  for (;;) {
    if (kept === buffer.length) buffer = larger(buffer);
    const read = readSync(fd, buffer, kept, buffer.length - kept, at);
    if (read === 0) return;
    at += read;
    const filled = kept + read;
    const end = buffer.lastIndexOf(NEWLINE, filled - 1) + 1;
    if (end > 0 && !visit(buffer.toString('utf8', 0, end), end, buffer)) return;
    buffer.copy(buffer, 0, end, filled);
    kept = filled - end;
  }
}

/** Nobody writes such lines; what looks like one is a hole, and reading it would fill the memory. */
function larger(buffer: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  if (buffer.length < MAX_LINE_BYTES) return Buffer.concat([buffer], buffer.length * 2);
  throw new SpanbookError('STATE_UNREADABLE', `expected lines of less than ${MAX_LINE_BYTES} bytes, got a longer one`);
}

function withFile<T>(path: string, use: (fd: number) => T): T | undefined {
  let fd: number;
  try {
    fd = openPlain(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}
