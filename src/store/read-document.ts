/** The documents as queries need them: exact, whatever state the files are in. A query never makes a state folder. */
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { readPlain } from '../journal/plain-file.ts';
import { readFacts } from '../journal/read-facts.ts';
import { listSegments } from '../journal/segments.ts';
import { resumeFold } from '../model/carry.ts';
import type { PipelineDocument, PipelineEvent, PipelineHead } from '../model/document-schema.ts';
import { applyFact } from '../model/fold.ts';
import { type Cursor, DocumentRenderer } from '../model/render-document.ts';
import { createState, type FoldState } from '../model/state.ts';
import { archivePath, listArchives, newestArchive, readHead } from './archive.ts';
import { documentPath } from './document-path.ts';
import { readWriterSettings } from './read-settings.ts';
import { isDocumentBehind, refreshDocument } from './refresh-document.ts';
import { setAside } from './set-aside.ts';
import { isSoundDocument, otherJson, readSoundHead } from './sound-document.ts';
import { appendLost, lostFacts, runningIn } from './sweep-lost.ts';

/** Says something to the person who asks, beside the answer. */
export type Say = (message: string) => void;

/** Errors that say that the folder cannot be written, while it can be read well enough to answer. */
const UNWRITABLE = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'];
const MAX_ATTEMPTS = 5;

interface Folded {
  state: FoldState;
  through: Cursor[];
}

/** The head of the document. A current file is read no further than that. */
export function readDocumentHead(stateDir: string, say: Say): PipelineHead {
  const folded = bringUpToDate(stateDir, say);
  if (folded) return toDocument(folded);
  return readSoundHead(documentPath(stateDir)) ?? emptyDocument();
}

/** The whole document that is kept now, without what was archived. */
export function readDocument(stateDir: string, say: Say): PipelineDocument {
  const folded = bringUpToDate(stateDir, say);
  if (folded) return toDocument(folded);
  try {
    return parseDocument(documentPath(stateDir)) ?? emptyDocument();
  } catch (error) {
    const mended = writeAnew(stateDir, error, say);
    return mended ? toDocument(mended) : (parseDocument(documentPath(stateDir)) ?? emptyDocument());
  }
}

/** The document with the events of all archives before its own. `since`: older archives may be left out. */
export function readHistory(stateDir: string, say: Say, since = 0): PipelineDocument {
  for (let attempt = 1; ; attempt++) {
    const before = listArchives(stateDir).length;
    const document = readDocument(stateDir, say);
    const archives = listArchives(stateDir);
    // A rotation between the two would hide what it moved.
    if (archives.length !== before && attempt < MAX_ATTEMPTS) continue;
    const parts: PipelineEvent[][] = [document.events];
    for (const number of archives.reverse()) {
      const events = readArchive(archivePath(stateDir, number), since, say);
      if (!events) break;
      parts.unshift(events);
    }
    return parts.length === 1 ? document : { ...document, events: withoutRepeats(parts.flat()) };
  }
}

/** Events of an archive; null if all of them are older than `since`. A damaged archive costs its own events only. */
function readArchive(path: string, since: number, say: Say): PipelineEvent[] | null {
  try {
    if (since > 0) {
      const updated = readHead(path)?.pipeline_updated_at;
      if (typeof updated === 'string' && Date.parse(updated) < since) return null;
    }
    return parseDocument(path)?.events ?? [];
  } catch (error) {
    if (!(error instanceof SpanbookError) || error.code !== 'STATE_UNREADABLE') throw error;
    say(`${error.message}. Its events are missing from this answer`);
    return [];
  }
}

/** What only the fold knows: sessions, agents' ids. */
export function readState(stateDir: string, say: Say): FoldState {
  return (bringUpToDate(stateDir, say) ?? foldJournal(stateDir)).state;
}

/**
 * Refreshes the file if it is behind, and ends what dead processes left open. Returns the folded state instead if the
 * folder cannot be written.
 */
function bringUpToDate(stateDir: string, say: Say): Folded | null {
  const path = documentPath(stateDir);
  try {
    readSoundHead(path);
  } catch (error) {
    return writeAnew(stateDir, error, say);
  }
  const folded = isDocumentBehind(stateDir) ? refresh(stateDir, say) : null;
  const head = folded ? null : readSoundHead(path);
  const open = folded?.state.open.values() ?? (head ? runningIn(head) : []);
  const lost = lostFacts(open, Date.now());
  if (lost.length === 0) return folded;
  const unwritten = folded ?? orFold(stateDir, say, () => appendLost(stateDir, lost));
  if (!unwritten) return refresh(stateDir, say);
  for (const fact of lost) applyFact(unwritten.state, fact);
  return unwritten;
}

/** Puts a file aside that is damaged or not ours, and writes the document from the journal. */
function writeAnew(stateDir: string, error: unknown, say: Say): Folded | null {
  if (!(error instanceof SpanbookError) || error.code !== 'STATE_UNREADABLE') throw error;
  const folded = orFold(stateDir, say, () => {
    say(
      `${error.message}. It was kept as ${setAside(documentPath(stateDir))}, and the document written from the journal`,
    );
  });
  return folded ?? refresh(stateDir, say);
}

const refresh = (stateDir: string, say: Say): Folded | null =>
  orFold(stateDir, say, () => void refreshDocument(stateDir, readWriterSettings(stateDir).maxBytes));

/** Does something that writes. If the folder cannot be written, says so and gives back the state from the journal. */
function orFold(stateDir: string, say: Say, write: () => void): Folded | null {
  try {
    write();
    return null;
  } catch (error) {
    const code = systemErrorCode(error) ?? '';
    if (!UNWRITABLE.includes(code)) throw error;
    const why = code === 'ENOSPC' || code === 'EDQUOT' ? 'there is no space left for it' : 'the folder is read-only';
    say(`${stateDir}: the document could not be brought up to date, ${why} (${code}); this answer is from the journal`);
    return foldJournal(stateDir);
  }
}

/** Folds what no archive holds, without writing anything. */
function foldJournal(stateDir: string): Folded {
  const head = newestArchive(stateDir, () => {})?.head;
  const state = head?.carry ? resumeFold(head.carry) : createState();
  const cursors = new Map(head?.carry ? head.through.map(at => [at.segment, at.offset]) : []);
  for (const segment of listSegments(stateDir)) {
    const end = readFacts(stateDir, segment, cursors.get(segment) ?? 0, {
      onFact: fact => applyFact(state, fact),
      onSkipped: reason => {
        state.skipped[reason]++;
      },
    });
    cursors.set(segment, end);
  }
  return { state, through: [...cursors].map(([segment, offset]) => ({ segment, offset })) };
}

function toDocument({ state, through }: Folded): PipelineDocument {
  const text = Buffer.concat(new DocumentRenderer().render(state, through)).toString('utf8');
  return JSON.parse(text) as PipelineDocument;
}

const emptyDocument = (): PipelineDocument => toDocument({ state: createState(), through: [] });

function parseDocument(path: string): PipelineDocument | null {
  let text: string;
  try {
    text = readPlain(path).toString();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SpanbookError('STATE_UNREADABLE', `${path}: expected JSON, got a damaged file`, { cause });
  }
  if (!isSoundDocument(value)) throw otherJson(path);
  return value as PipelineDocument;
}

/** A writer that was killed after it archived a document leaves the same events in both; the archive is the truth. */
function withoutRepeats(events: readonly PipelineEvent[]): PipelineEvent[] {
  const seen = new Set<string>();
  return events.filter(event => seen.size !== seen.add(event.event_id).size);
}
