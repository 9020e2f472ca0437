/** Numbered segments of the journal: `journal/events-00000001.jsonl`, created once, appended to, never renamed. */
import { createFile, listNumbers, numberedPath, openForAppend } from './numbered-files.ts';

const PREFIX = 'events-';

/** Rendered events are this many times as long as their facts, about; it turns a limit for documents into one for segments. */
const DOCUMENT_BYTES_PER_FACT_BYTE = 2;

export const DEFAULT_MAX_BYTES = 52_428_800;

/** Size at which a segment is full, from the limit for documents. */
export const segmentLimit = (maxDocumentBytes: number): number =>
  Math.max(1, Math.floor(maxDocumentBytes / DOCUMENT_BYTES_PER_FACT_BYTE));

export const journalDir = (stateDir: string): string => `${stateDir}/journal`;

export const segmentPath = (stateDir: string, segment: number): string =>
  numberedPath(journalDir(stateDir), PREFIX, segment);

/** Numbers of the segments that exist, ascending; empty if there is no journal yet. */
export const listSegments = (stateDir: string): number[] => listNumbers(journalDir(stateDir), PREFIX);

/** Opens a segment for appending, creating it if needed. */
export const openSegment = (stateDir: string, segment: number): number => openForAppend(segmentPath(stateDir, segment));

/** Begins a segment. Losing the race for it is fine: then it exists, which is all that is wanted. */
export const createSegment = (stateDir: string, segment: number): void => createFile(segmentPath(stateDir, segment));
