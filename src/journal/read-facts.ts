/** Reads facts of a segment from a byte offset on: whole lines only, damaged ones counted and passed by. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import type { Fact } from '../model/fact.ts';
import { parseFact } from '../model/parse-fact.ts';
import { segmentPath } from './segments.ts';

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

export interface FactSink {
  onFact(fact: Fact): void;
  onSkipped(reason: 'damaged' | 'unknown'): void;
}

/** Size of a segment in bytes; 0 if it does not exist. */
export function segmentSize(stateDir: string, segment: number): number {
  return withSegment(stateDir, segment, fd => fstatSync(fd).size) ?? 0;
}

/**
 * Hands every whole line from `offset` on to the sink, and returns the offset behind the last one. A tail without a
 * line end stays unread: its writer may be at work on it, or dead, and then the next writer ends it.
 */
export function readFacts(stateDir: string, segment: number, offset: number, sink: FactSink): number {
  let at = offset;
  forEachBlock(stateDir, segment, offset, (text, bytes) => {
    for (const line of text.split('\n')) {
      if (line === '' || line === '\r') continue;
      const fact = parseFact(line);
      if (typeof fact === 'string') sink.onSkipped(fact);
      else sink.onFact(fact);
    }
    at += bytes;
    return true;
  });
  return at;
}

/** True if a whole line stands behind `offset`. */
export function hasLineBehind(stateDir: string, segment: number, offset: number): boolean {
  let found = false;
  forEachBlock(stateDir, segment, offset, text => {
    found = text.trim() !== '';
    return !found;
  });
  return found;
}

/** Calls `visit` with runs of whole lines until it returns false. */
function forEachBlock(
  stateDir: string,
  segment: number,
  offset: number,
  visit: (text: string, bytes: number) => boolean,
): void {
  withSegment(stateDir, segment, fd => {
    const { size } = fstatSync(fd);
    let at = offset;
    let buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(1, size - at)));
    let kept = 0;
    for (;;) {
      if (kept === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
      const read = readSync(fd, buffer, kept, buffer.length - kept, at);
      if (read === 0) return;
      at += read;
      const filled = kept + read;
      const end = buffer.lastIndexOf(NEWLINE, filled - 1) + 1;
      if (end > 0 && !visit(buffer.toString('utf8', 0, end), end)) return;
      buffer.copy(buffer, 0, end, filled);
      kept = filled - end;
    }
  });
}

function withSegment<T>(stateDir: string, segment: number, use: (fd: number) => T): T | undefined {
  let fd: number;
  try {
    fd = openSync(segmentPath(stateDir, segment), constants.O_RDONLY | constants.O_NOFOLLOW);
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
