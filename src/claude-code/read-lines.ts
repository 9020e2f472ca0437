/** The lines of a file in a buffer that is used again: transcripts are large, and most of their lines are passed by. */
import { closeSync, openSync, readSync } from 'node:fs';

const NEWLINE = 0x0a;
const BUFFER_BYTES = 1 << 20;
/** A longer line is passed by and counted as damaged. */
const MAX_LINE_BYTES = 1 << 26;

let buffer = Buffer.allocUnsafe(BUFFER_BYTES);

/**
 * Called with the place of a line, without its line end. What it keeps it must copy. `behind`: the offset in the file
 * behind its line end; null if it has none.
 */
export type VisitLine = (bytes: Buffer, start: number, end: number, behind: number | null) => void;

/**
 * Calls `visit` with each line of a file from an offset on; the last one may lack its line end.
 *
 * @returns how many lines were too long to be read.
 */
export function forEachLine(path: string, visit: VisitLine, from = 0): number {
  const fd = openSync(path, 'r');
  let tooLong = 0;
  let position = from;
  try {
    let filled = 0;
    let isSkipping = false;
    for (;;) {
      if (filled === buffer.length) {
        if (buffer.length < MAX_LINE_BYTES) buffer = Buffer.concat([buffer], buffer.length * 2);
        else {
          isSkipping = true;
          filled = 0;
        }
      }
      const read = readSync(fd, buffer, filled, buffer.length - filled, position);
      if (read === 0) break;
      position += read;
      const searched = filled;
      filled += read;
      let start = 0;
      // What was read before holds no line end.
      for (let end = nextLineEnd(searched, filled); end >= 0; end = nextLineEnd(start, filled)) {
        if (isSkipping) tooLong++;
        else if (end > start) visit(buffer, start, end, position - filled + end + 1);
        isSkipping = false;
        start = end + 1;
      }
      buffer.copy(buffer, 0, start, filled);
      filled -= start;
    }
    if (isSkipping) return tooLong + 1;
    if (filled > 0) visit(buffer, 0, filled, null);
  } finally {
    closeSync(fd);
    // A picture in one transcript is no reason to hold its size for ever.
    if (buffer.length > BUFFER_BYTES) buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  }
  return tooLong;
}

function nextLineEnd(from: number, filled: number): number {
  const end = buffer.indexOf(NEWLINE, from);
  return end >= 0 && end < filled ? end : -1;
}
