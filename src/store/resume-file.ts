/**
 * Resume points on disk: `journal/resume-1-52100.json` goes with the document that has read segment 1 to byte 52,100.
 * They spare a hook to fold the whole segment. Each can be deleted at any time.
 */

import { closeSync, openSync, readdirSync, unlinkSync, writeSync } from 'node:fs';
import { readPlain } from '../journal/plain-file.ts';
import { journalDir } from '../journal/segments.ts';
import type { Cursor } from '../model/render-document.ts';
import type { ResumePoint } from '../model/resume-point.ts';
import { checksum } from './checksum.ts';

const SUM_BYTES = 4;
const RESUME_NAME = /^resume-\d+-\d+\.json$/;

interface ResumeFile {
  through: readonly Cursor[];
  /** Size of the document that it goes with, in bytes. */
  size: number;
  point: ResumePoint;
}

function nameFor(through: readonly Cursor[]): string | null {
  const last = through.at(-1);
  return last ? `resume-${last.segment}-${last.offset}.json` : null;
}

/** As spaces fill it up to whole words, with its sum behind it. */
function withSum(text: string): Buffer {
  const size = Buffer.byteLength(text);
  const bytes = Buffer.from(new ArrayBuffer(size + 3 - ((size + 3) % 4) + SUM_BYTES)).fill(0x20);
  bytes.write(text);
  const end = bytes.length - SUM_BYTES;
  bytes.writeUInt32LE(checksum(new Uint32Array(bytes.buffer, 0, end / 4)), end);
  return bytes;
}

/** Null if a byte of it is another than was written: then it might tell of events that are not there. */
function withoutSum(bytes: Buffer): string | null {
  const end = bytes.length - SUM_BYTES;
  if (end < 0 || end % 4 !== 0) return null;
  // A copy, because what was read may begin between two words.
  const words = new Uint32Array(new Uint8Array(bytes.subarray(0, end)).buffer);
  return checksum(words) === bytes.readUInt32LE(end) ? bytes.toString('utf8', 0, end) : null;
}

/** The point that goes with a document; null if there is none. */
export function readResumePoint(stateDir: string, through: readonly Cursor[], size: number): ResumePoint | null {
  const name = nameFor(through);
  if (name === null) return null;
  try {
    const text = withoutSum(readPlain(`${journalDir(stateDir)}/${name}`));
    if (text === null) return null;
    const file = JSON.parse(text) as ResumeFile;
    return file.size === size && JSON.stringify(file.through) === JSON.stringify(through) ? file.point : null;
  } catch {
    // Missing, or half written by a process that was killed: the segment is folded instead.
    return null;
  }
}

/** Keeps the point of a document that was just written, and removes those of documents that are gone. */
export function writeResumePoint(stateDir: string, file: ResumeFile): void {
  const name = nameFor(file.through);
  if (name === null) return;
  const folder = journalDir(stateDir);
  try {
    const fd = openSync(`${folder}/${name}`, 'wx', 0o600);
    try {
      writeSync(fd, withSum(JSON.stringify(file)));
    } finally {
      closeSync(fd);
    }
    for (const other of readdirSync(folder)) {
      if (other !== name && RESUME_NAME.test(other)) unlinkSync(`${folder}/${other}`);
    }
  } catch {
    // It only spares work: another process wrote the same, or there is no room for it.
  }
}
