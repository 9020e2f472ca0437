/**
 * Resume points on disk: `journal/resume-1-52100.json` goes with the document that has read segment 1 to byte 52,100.
 * They spare a hook to fold the whole segment. Each can be deleted at any time.
 */
import { readPlain } from '../journal/plain-file.ts';
import { closeSync, openSync, readdirSync, unlinkSync, writeSync } from 'node:fs';
import { journalDir } from '../journal/segments.ts';
import type { Cursor } from '../model/render-document.ts';
import type { ResumePoint } from '../model/resume-point.ts';

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

/** The point that goes with a document; null if there is none. */
export function readResumePoint(stateDir: string, through: readonly Cursor[], size: number): ResumePoint | null {
  const name = nameFor(through);
  if (name === null) return null;
  try {
    const file = JSON.parse(readPlain(`${journalDir(stateDir)}/${name}`).toString()) as ResumeFile;
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
      writeSync(fd, JSON.stringify(file));
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
