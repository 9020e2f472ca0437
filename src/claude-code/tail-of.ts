/** How one knows that a file is still the one that was read, and not another or one that was written anew. */
import { closeSync, openSync, readSync } from 'node:fs';
import { hash128 } from '../model/ids.ts';

/** As much as holds what tells a record from the others: a rewritten file may have lines as long as before. */
const TAIL_BYTES = 1024;

/** What stands before an offset, as a hash: if it is another text, the file is another one, or was written anew. */
export function tailOf(path: string, offset: number): string {
  if (offset === 0) return '';
  const fd = openSync(path, 'r');
  try {
    const length = Math.min(TAIL_BYTES, offset);
    const bytes = Buffer.alloc(length);
    const read = readSync(fd, bytes, 0, length, offset - length);
    return read < length ? 'short' : hash128(bytes.toString('latin1')).slice(0, 16);
  } finally {
    closeSync(fd);
  }
}
