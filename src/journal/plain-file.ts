/**
 * Opens and reads files that lie where somebody may have put something else: a pipe that nobody writes to holds up
 * whoever opens it, a device never ends, and a file of holes is larger than any memory.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { SpanbookError } from '../errors.ts';

/** Near to what a text can hold in Node.js. */
const MAX_BYTES = 500_000_000;

/**
 * Opens a file with these flags, as `fs.openSync` does, and nothing that is none.
 *
 * @throws SpanbookError `STATE_UNREADABLE` for a pipe, a device or a folder, and system errors.
 */
export function openPlain(path: string, flags: number, mode?: number): number {
  const fd = openSync(path, flags | (constants.O_NONBLOCK ?? 0), mode);
  let isFile = false;
  try {
    isFile = fstatSync(fd).isFile();
    if (isFile) return fd;
  } finally {
    if (!isFile) closeSync(fd);
  }
  throw new SpanbookError('STATE_UNREADABLE', `${path}: expected a file, got something else; move it away`);
}

/**
 * The whole of a file.
 *
 * @throws as `openPlain`, and also if it is larger than a text can be.
 */
export function readPlain(path: string): Buffer {
  const fd = openPlain(path, constants.O_RDONLY);
  try {
    const { size } = fstatSync(fd);
    if (size <= MAX_BYTES) return readFileSync(fd);
    throw new SpanbookError(
      'STATE_UNREADABLE',
      `${path}: expected at most ${MAX_BYTES} bytes, got ${size}; move it away`,
    );
  } finally {
    closeSync(fd);
  }
}
