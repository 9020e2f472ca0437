/** A fold that goes on behind the document that is there, without its events: they stay the text that they are. */
import { statSync } from 'node:fs';
import { SpanbookError } from '../errors.ts';
import { readPlain } from '../journal/plain-file.ts';
import { segmentSize } from '../journal/read-facts.ts';
import { type Cursor, eventsOf } from '../model/render-document.ts';
import { resumeFrom } from '../model/resume-point.ts';
import type { FoldState } from '../model/state.ts';
import { headOf, listArchives } from './archive.ts';
import { documentPath } from './document-path.ts';
import { readResumePoint } from './resume-file.ts';

/** Larger than a document becomes before it is archived, unless somebody wants it so: then memory is what counts. */
export const MAX_RESUMED_BYTES = 64 * 1024 * 1024;

export interface ResumedFold {
  state: FoldState;
  /** Ids in the events before those of the state, each behind a comma. */
  ids: string;
  /** Ids of what is archived. */
  idBlocks: string[];
  /** How far the journal was read, one entry a segment. */
  through: Cursor[];
  /** The segment whose document it is. */
  segment: number;
}

/** With the text of the events before those of the state. */
export interface ResumedDocument extends ResumedFold {
  events: Buffer;
}

/** Null if the document has no resume point that is its own, or the journal has changed before it. */
export function resumeBehindDocument(stateDir: string): ResumedDocument | null {
  const path = documentPath(stateDir);
  const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size === 0 || size > MAX_RESUMED_BYTES) return null;
  const document = readPlain(path);
  const through = throughOf(path, document);
  const events = eventsOf(document);
  const resumed = through && events && resumeBehind(stateDir, through, document.length);
  return resumed && events ? { ...resumed, events } : null;
}

/** The same behind a document that has read so far, and has so many bytes. */
export function resumeBehind(stateDir: string, through: Cursor[], size: number): ResumedFold | null {
  const segment = through.at(-1)?.segment;
  const point = readResumePoint(stateDir, through, size);
  if (segment === undefined || !point) return null;
  const older = through.filter(at => at.segment < segment);
  // A late line of an older segment comes before the facts of this one, and an archive that is gone is made again.
  if (older.some(at => segmentSize(stateDir, at.segment) > at.offset)) return null;
  if (through.some(at => at.segment === segment && segmentSize(stateDir, segment) < at.offset)) return null;
  if (older.length > 0 && (listArchives(stateDir).at(-1) ?? 0) < segment - 1) return null;
  return { state: resumeFrom(point), ids: point.ids, idBlocks: point.carry.ids, through, segment };
}

/** How far a document has read the journal; null if it cannot be read. */
function throughOf(path: string, document: Buffer): Cursor[] | null {
  try {
    return headOf(path, document).through;
  } catch (error) {
    if (error instanceof SpanbookError) return null;
    throw error;
  }
}
