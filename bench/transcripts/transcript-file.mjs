// One JSONL file that is being written: lines gather in memory up to a bound, and what is written is counted.
import { closeSync, mkdirSync, openSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const FLUSH_CHARS = 256 * 1024;

/** As other JSON libraries write it: blanks after commas and colons. */
const spaced = record => JSON.stringify(record, null, 1).replace(/\n\s*/g, ' ');

export function openTranscript(path, { truth, isSpaced = false }) {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, 'wx');
  const stringify = isSpaced ? spaced : JSON.stringify;
  let pending = '';
  let last = '';

  function flush() {
    writeFileSync(fd, pending);
    pending = '';
  }

  function append(text) {
    pending += text;
    truth.bytes += Buffer.byteLength(text);
    if (pending.length >= FLUSH_CHARS) flush();
  }

  return {
    path,
    write(record) {
      last = stringify(record);
      append(`${last}\n`);
      truth.countLine(record);
      return last;
    },
    /** What a crash leaves: part of a line, or a page that was never filled. With `isEnd` the line break is missing too. */
    breakLine({ isEnd = false, isHole = false } = {}) {
      append(isHole ? '\0'.repeat(64) : last.slice(0, Math.ceil(last.length * 0.6)));
      if (!isEnd) append('\n');
      truth.countBrokenLine(path);
    },
    close(lastMillis) {
      flush();
      closeSync(fd);
      utimesSync(path, lastMillis / 1000, lastMillis / 1000);
    },
  };
}
