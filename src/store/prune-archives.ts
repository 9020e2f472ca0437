/**
 * Takes old archives and old segments of the journal away. The newest archive stays, whatever its age: the document goes
 * on from what it carries over. It also tells how far it had read each segment; one that it has read to the end is
 * needed by nobody.
 */
import { statSync, unlinkSync } from 'node:fs';
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { hasLineBehind } from '../journal/read-facts.ts';
import { listSegments, segmentPath } from '../journal/segments.ts';
import { archivePath, type DocumentHead, listArchives, readHead } from './archive.ts';
import { noteGoneEvents } from './archived-event-ids.ts';
import type { Say } from './read-document.ts';

export interface PruneArchivesOptions {
  stateDir: string;
  /** What ended before this time goes, in milliseconds since 1970. */
  before: number;
  isDryRun: boolean;
  /** True if all requests that programs reported in a segment are in the ledger. */
  isTaken(segment: number): boolean;
  /** Segments from this one on are still to be sent, and begin with what the archive before them carries over. */
  unsentFrom?: number;
  say: Say;
  /** Told of each step that was done; what it throws ends the pruning there. */
  onStep?: ((step: string) => void) | undefined;
}

export interface OldFile {
  path: string;
  bytes: number;
}

export interface PrunedArchives {
  archives: OldFile[];
  segments: OldFile[];
}

/** @throws a system error if something cannot be removed; what was removed until then is right as it is. */
export function pruneArchives(options: PruneArchivesOptions): PrunedArchives {
  const { stateDir, isDryRun, onStep, unsentFrom = Number.POSITIVE_INFINITY } = options;
  const archives = listArchives(stateDir);
  const newest = archives.pop();
  const kept = newest === undefined ? null : readHead(archivePath(stateDir, newest));
  if (newest === undefined || !kept?.carry) return { archives: [], segments: [] };
  const oldArchives = archives.filter(number => number < unsentFrom - 1 && isOld(number, options));
  const read = new Map(kept.through.map(({ segment, offset }) => [segment, offset]));
  const isNeeded = (segment: number): boolean =>
    segment >= unsentFrom || hasLineBehind(stateDir, segment, read.get(segment) ?? 0) || !options.isTaken(segment);
  const oldSegments = listSegments(stateDir).filter(
    segment => segment <= newest && isOldSegment(segment, options) && !isNeeded(segment),
  );
  const pruned = {
    archives: oldArchives.map(number => fileOf(archivePath(stateDir, number))),
    segments: oldSegments.map(segment => fileOf(segmentPath(stateDir, segment))),
  };
  if (isDryRun) return pruned;
  for (const segment of oldSegments) {
    // A writer of long ago may have come back.
    if (isNeeded(segment)) continue;
    remove(segmentPath(stateDir, segment));
    onStep?.(`segment ${segment}`);
  }
  noteGoneEvents(stateDir, oldArchives);
  onStep?.('noted');
  // The oldest first, so that what is left has no gaps.
  for (const number of oldArchives) {
    remove(archivePath(stateDir, number));
    onStep?.(`archive ${number}`);
  }
  return pruned;
}

/** By the time of its latest event. */
function isOld(number: number, { stateDir, before, say }: PruneArchivesOptions): boolean {
  const path = archivePath(stateDir, number);
  let head: DocumentHead | null;
  try {
    head = readHead(path);
  } catch (error) {
    if (!(error instanceof SpanbookError)) throw error;
    say(`${error.message}. It stays`);
    return false;
  }
  const updated = head?.pipeline_updated_at;
  return typeof updated === 'string' && Date.parse(updated) < before;
}

/** Its archive says how old it is, or else its last write. */
function isOldSegment(segment: number, options: PruneArchivesOptions): boolean {
  const { stateDir, before } = options;
  const path = segmentPath(stateDir, segment);
  if (statSync(archivePath(stateDir, segment), { throwIfNoEntry: false })) return isOld(segment, options);
  return (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? before) < before;
}

const fileOf = (path: string): OldFile => ({ path, bytes: statSync(path, { throwIfNoEntry: false })?.size ?? 0 });

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}
