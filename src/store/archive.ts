/** Archived documents: `archive/pipeline_progress-00000001.json`, published once, the truth about their number. */
import { closeSync, constants, linkSync, readdirSync, readSync } from 'node:fs';
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { makeFolder } from '../journal/make-folder.ts';
import { openPlain } from '../journal/plain-file.ts';
import type { Carry } from '../model/carry.ts';
import { type Cursor, EVENTS_KEY } from '../model/render-document.ts';
import { discard, writeTemporary } from './write-file.ts';

const ARCHIVE_NAME = /^pipeline_progress-(\d{8})\.json$/;
const HEAD_CHUNK_BYTES = 65_536;
const MAX_HEAD_BYTES = 1 << 28;

/** The head of a documented file: all keys but `events`. */
export interface DocumentHead {
  through: Cursor[];
  carry?: Carry;
  [key: string]: unknown;
}

export const archiveDir = (stateDir: string): string => `${stateDir}/archive`;

export const archivePath = (stateDir: string, number: number): string =>
  `${archiveDir(stateDir)}/pipeline_progress-${String(number).padStart(8, '0')}.json`;

/** Numbers of the archived documents, ascending. */
export function listArchives(stateDir: string): number[] {
  let names: string[];
  try {
    names = readdirSync(archiveDir(stateDir));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
  return names
    .map(name => Number(ARCHIVE_NAME.exec(name)?.[1] ?? 0))
    .filter(number => number > 0)
    .sort((a, b) => a - b);
}

export interface NewestArchive {
  number: number;
  head: DocumentHead;
}

/** The newest archive that can be read; `onDamaged` is told the paths of those that are newer. */
export function newestArchive(stateDir: string, onDamaged: (path: string) => void): NewestArchive | null {
  for (const number of listArchives(stateDir).reverse()) {
    const path = archivePath(stateDir, number);
    try {
      const head = readHead(path);
      if (head) return { number, head };
    } catch (error) {
      if (!(error instanceof SpanbookError)) throw error;
      onDamaged(path);
    }
  }
  return null;
}

/**
 * Publishes the document of a full segment. `link` never replaces: whoever comes second finds the first one's.
 *
 * @returns false if the number was taken; then that archive is the truth, whatever was in ours.
 */
export function publishArchive(stateDir: string, number: number, pieces: readonly Buffer[]): boolean {
  makeFolder(archiveDir(stateDir));
  const path = archivePath(stateDir, number);
  const temporary = writeTemporary(path, pieces);
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    discard(temporary);
  }
}

/** The head of a document in memory. */
export function headOf(path: string, document: Buffer): DocumentHead {
  const cut = document.indexOf(`\n${EVENTS_KEY}`);
  const text = cut < 0 ? document.toString('utf8') : `${document.toString('utf8', 0, cut)}\n${EVENTS_KEY}]}`;
  return parseHead(path, text);
}

/**
 * Reads the head of a documented file without reading its events; null if there is no file.
 *
 * @throws SpanbookError `STATE_UNREADABLE` if it is no such file.
 */
export function readHead(path: string): DocumentHead | null {
  let fd: number;
  try {
    fd = openPlain(path, constants.O_RDONLY);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    return readHeadIn(fd, path).head;
  } finally {
    closeSync(fd);
  }
}

/** The same of a file that is open; `end`: where its events begin, in bytes, as far as they are laid out as ours are. */
export function readHeadIn(fd: number, path: string): { head: DocumentHead; end: number } {
  const chunks: Buffer[] = [];
  let seam: Buffer = Buffer.alloc(0);
  for (let at = 0; ; ) {
    const chunk = Buffer.alloc(HEAD_CHUNK_BYTES);
    const read = readSync(fd, chunk, 0, chunk.length, at);
    at += read;
    chunks.push(chunk.subarray(0, read));
    seam = Buffer.concat([seam.subarray(-EVENTS_KEY.length), chunk.subarray(0, read)]);
    // Holes begin with a zero, and are not read to their end.
    if ((read > 0 && chunk[0] === 0) || at > MAX_HEAD_BYTES) return { head: parseHead(path, ''), end: at };
    if (read > 0 && !seam.includes(`\n${EVENTS_KEY}`)) continue;
    const bytes = Buffer.concat(chunks);
    return { head: headOf(path, bytes), end: bytes.indexOf(`\n${EVENTS_KEY}`) + EVENTS_KEY.length + 1 };
  }
}

function parseHead(path: string, text: string): DocumentHead {
  let head: unknown;
  try {
    head = JSON.parse(text);
  } catch (error) {
    throw new SpanbookError('STATE_UNREADABLE', `${path}: expected a document of spanbook, got text that is no JSON`, {
      cause: error,
    });
  }
  if (typeof head !== 'object' || head === null || !isThrough((head as DocumentHead).through)) {
    throw new SpanbookError('STATE_UNREADABLE', `${path}: expected a document of spanbook, got JSON without "through"`);
  }
  return head as DocumentHead;
}

const isThrough = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(cursor => Number.isSafeInteger(cursor?.segment) && Number.isSafeInteger(cursor?.offset));
