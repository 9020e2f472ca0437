/** Numbered segments of the journal: `journal/events-00000001.jsonl`, created once, appended to, never renamed. */
import { closeSync, constants, openSync, readdirSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { makeFolder } from './make-folder.ts';

const SEGMENT_NAME = /^events-(\d{8})\.jsonl$/;
const FILE_MODE = 0o600;

/** Rendered events are this many times as long as their facts, about; it turns a limit for documents into one for segments. */
const DOCUMENT_BYTES_PER_FACT_BYTE = 2;

export const DEFAULT_MAX_BYTES = 52_428_800;

/** Size at which a segment is full, from the limit for documents. */
export const segmentLimit = (maxDocumentBytes: number): number =>
  Math.max(1, Math.floor(maxDocumentBytes / DOCUMENT_BYTES_PER_FACT_BYTE));

export const journalDir = (stateDir: string): string => `${stateDir}/journal`;

export const segmentPath = (stateDir: string, segment: number): string =>
  `${journalDir(stateDir)}/events-${String(segment).padStart(8, '0')}.jsonl`;

/** Numbers of the segments that exist, ascending; empty if there is no journal yet. */
export function listSegments(stateDir: string): number[] {
  let names: string[];
  try {
    names = readdirSync(journalDir(stateDir));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
  const numbers: number[] = [];
  for (const name of names) {
    const match = SEGMENT_NAME.exec(name);
    if (match) numbers.push(Number(match[1]));
  }
  return numbers.sort((a, b) => a - b);
}

/** Opens a segment for appending, creating it if needed. `O_NOFOLLOW`: a planted link must not lead us elsewhere. */
export function openSegment(stateDir: string, segment: number): number {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  try {
    return openSync(segmentPath(stateDir, segment), flags, FILE_MODE);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    makeFolder(journalDir(stateDir));
    return openSync(segmentPath(stateDir, segment), flags, FILE_MODE);
  }
}

/** Begins a segment. Losing the race for it is fine: then it exists, which is all that is wanted. */
export function createSegment(stateDir: string, segment: number): void {
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
    closeSync(openSync(segmentPath(stateDir, segment), flags, FILE_MODE));
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  }
}
