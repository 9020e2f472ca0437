/** Ids of all events that were ever archived: those in the archives, and those of archives that were pruned. */

import { systemErrorCode } from '../errors.ts';
import { readPlain } from '../journal/plain-file.ts';
import { archivedIds, packIds } from '../model/archived-ids.ts';
import { archiveDir, archivePath, listArchives } from './archive.ts';
import { publish, writeTemporary } from './write-file.ts';

const EVENT_ID = /"event_id":"evt-([0-9a-f]{16})"/g;

/** Without it, an import of old transcripts would bring back what was pruned. */
const goneIdsPath = (stateDir: string): string => `${archiveDir(stateDir)}/gone-ids.json`;

/** Says whether an id (16 hex digits) is one of them. Reads all archives, so it is made where that is wanted. */
export function archivedEventIds(stateDir: string): (id: string) => boolean {
  const ids = new Set<string>();
  for (const number of listArchives(stateDir)) for (const id of idsIn(archivePath(stateDir, number))) ids.add(id);
  // Read last: an archive that is pruned meanwhile is noted there before it goes.
  const isGone = archivedIds(readGone(stateDir));
  return id => ids.has(id) || isGone(id);
}

/** Notes the ids in these archives, which are to be removed. */
export function noteGoneEvents(stateDir: string, archives: readonly number[]): void {
  const ids = archives.flatMap(number => idsIn(archivePath(stateDir, number)));
  if (ids.length === 0) return;
  const blocks = packIds(ids, readGone(stateDir), Number.POSITIVE_INFINITY);
  const path = goneIdsPath(stateDir);
  publish(writeTemporary(path, [Buffer.from(JSON.stringify(blocks))], { fsync: true }), path);
}

function idsIn(path: string): string[] {
  const text = readOr(path, 'latin1', '');
  return Array.from(text.matchAll(EVENT_ID), ([, id]) => id ?? '');
}

function readGone(stateDir: string): string[] {
  const blocks: unknown = JSON.parse(readOr(goneIdsPath(stateDir), 'utf8', '[]'));
  return Array.isArray(blocks) ? blocks.filter(block => typeof block === 'string') : [];
}

function readOr(path: string, encoding: BufferEncoding, missing: string): string {
  try {
    return readPlain(path).toString(encoding);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return missing;
    throw error;
  }
}
