/** One fact from a short process: one line, one `write(2)` on an `O_APPEND` descriptor, no lock. */
import { closeSync, fstatSync, fsyncSync, readvSync, writevSync } from 'node:fs';
import type { Fact } from '../model/fact.ts';
import { createSegment, listSegments, openSegment, segmentLimit, segmentPath } from './segments.ts';
import { syncName } from './sync-name.ts';

const NEWLINE = 0x0a;

export interface AppendOptions {
  /** Limit for documents in bytes; a segment that reaches its share of it is followed by a new one. */
  maxBytes: number;
  /** True: the fact survives a power cut once this returns, not only a kill. */
  fsync: boolean;
}

/**
 * Appends a fact to the newest segment. When it returns, the fact survives any kill.
 *
 * @throws a system error (`ENOSPC`, `EACCES`, `EROFS`, …) if the fact was not written whole.
 */
export function appendFact(stateDir: string, fact: Fact, options: AppendOptions): void {
  const segment = listSegments(stateDir).at(-1) ?? 1;
  const fd = openSegment(stateDir, segment);
  try {
    const { size } = fstatSync(fd);
    const line = `${JSON.stringify(fact)}\n`;
    // A writer that was killed or met a full disk may have left half a line: ours must not be glued to it.
    const written = writeWhole(fd, endsLine(fd, size) ? line : `\n${line}`);
    if (options.fsync) syncAppended(fd, segmentPath(stateDir, segment), size);
    if (size + written >= segmentLimit(options.maxBytes)) createSegment(stateDir, segment + 1);
  } finally {
    closeSync(fd);
  }
}

/** Has what was appended survive a power cut. `before`: size of the file then; whoever is first takes care of its name. */
export function syncAppended(fd: number, path: string, before: number): void {
  fsyncSync(fd);
  if (before === 0) syncName(path);
}

function endsLine(fd: number, size: number): boolean {
  if (size === 0) return true;
  const last = new Uint8Array(1);
  return readvSync(fd, [last], size - 1) === 0 || last[0] === NEWLINE;
}

/** Node reports a short write only when the disk filled on the way: then the line is torn and was not accepted. */
export function writeWhole(fd: number, text: string | Uint8Array): number {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const size = bytes.length;
  // Lists of one: what `writeSync` and `readSync` do before the call to the system takes a hook as long as that.
  const written = writevSync(fd, [bytes]);
  if (written === size) return size;
  throw Object.assign(new Error(`journal: expected to write ${size} bytes, got ${written}: no space left`), {
    code: 'ENOSPC',
  });
}
