/** When a hook brings the document up to date itself, and when it leaves that to the next one. */

import { closeSync, constants, statSync, utimesSync } from 'node:fs';
import { openPlain } from '../journal/plain-file.ts';
import { segmentSize } from '../journal/read-facts.ts';
import { listSegments } from '../journal/segments.ts';
import { documentPath } from './document-path.ts';
import { documentThrough, refreshDocument } from './refresh-document.ts';

const SMALL_DOCUMENT_BYTES = 512 * 1024;
const RUN_END_DOCUMENT_BYTES = 8 * 1024 * 1024;
const MAX_UNREAD_BYTES = 256 * 1024;
const SLOW_MILLIS = 20;
/** After a slow refresh hooks rest for this many times as long as it took. */
const REST_FACTOR = 10;
const MAX_REST_MILLIS = 30_000;

/** A file whose modification time says until when hooks leave the document alone, because writing it was slow. */
const restPath = (stateDir: string): string => `${stateDir}/journal/refresh-not-before`;

/**
 * Refreshes the document if that is cheap: while it is small, or at the end of a run, when somebody is likely to look.
 * Nothing is lost otherwise: the journal has the fact, and every query refreshes before it answers.
 */
export function refreshAfterHook(stateDir: string, maxBytes: number, endsRun: boolean): void {
  const size = statSync(documentPath(stateDir), { throwIfNoEntry: false })?.size ?? 0;
  if (size > (endsRun ? RUN_END_DOCUMENT_BYTES : SMALL_DOCUMENT_BYTES)) return;
  const began = Date.now();
  const startMillis = performance.now();
  const rest = statSync(restPath(stateDir), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // A date far ahead comes from a clock that was wrong.
  if (rest > began && rest <= began + MAX_REST_MILLIS && !endsRun) return;
  if (unreadBytes(stateDir) > MAX_UNREAD_BYTES) return;
  refreshDocument(stateDir, maxBytes);
  const took = performance.now() - startMillis;
  // On a busy machine everything takes longer, the start of this process too: then it is not the disk.
  if (took <= SLOW_MILLIS || took <= startMillis) return;
  closeSync(openPlain(restPath(stateDir), constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600));
  const until = new Date(Date.now() + Math.min(took * REST_FACTOR, MAX_REST_MILLIS));
  utimesSync(restPath(stateDir), until, until);
}

function unreadBytes(stateDir: string): number {
  const through = new Map(documentThrough(stateDir)?.map(at => [at.segment, at.offset]));
  let unread = 0;
  for (const segment of listSegments(stateDir)) unread += segmentSize(stateDir, segment) - (through.get(segment) ?? 0);
  return unread;
}
