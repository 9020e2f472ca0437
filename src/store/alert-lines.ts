/**
 * The lines of `usage/alerts.jsonl`: appended, one write each, and read from the end. Half a line that a killed writer
 * left costs only itself.
 */
import { closeSync, constants, fstatSync, fsyncSync, readSync } from 'node:fs';
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { writeWhole } from '../journal/append-fact.ts';
import { makeFolder } from '../journal/make-folder.ts';
import { openPlain } from '../journal/plain-file.ts';
import { publish, writeTemporary } from './write-file.ts';

/** One line. */
export interface AlertLine {
  /** RFC 3339 with milliseconds. */
  readonly noted_at: string;
}

/** Every line begins with its time, so that what is too old is known without parsing it. */
const HEAD = '{"noted_at":"';
const TIME_LENGTH = 24;
const CHUNK_BYTES = 262_144;
const NEWLINE = 0x0a;
const FILE_MODE = 0o600;
/** It is cut from a megabyte on, so this is no log of ours. */
const MAX_BYTES = 1 << 28;
const DAY_MILLIS = 86_400_000;
const KEPT_DAYS = 400;
/** Later than what is kept, so that the file is written anew once a month and not every day. */
const REWRITE_AFTER_DAYS = 430;
const REWRITE_FROM_BYTES = 1_048_576;

export const alertsPath = (stateDir: string): string => `${stateDir}/usage/alerts.jsonl`;

/**
 * The lines from a time on, parsed, in the order of the file; what is no line of ours is passed by. No more of the file
 * is read than that takes.
 *
 * @param since milliseconds since 1970.
 * @throws a system error if there is a file and it cannot be read.
 */
export function readAlertLines(stateDir: string, since: number): AlertLine[] {
  let fd: number;
  try {
    fd = openFile(alertsPath(stateDir), constants.O_RDONLY);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return [];
    throw error;
  }
  try {
    return linesSince({ fd, size: fstatSync(fd).size, since }).flatMap(text => parsed(text) ?? []);
  } finally {
    closeSync(fd);
  }
}

/**
 * Appends lines. When it returns they survive a kill and a power cut.
 *
 * @throws a system error (`ENOSPC`, `EACCES`, …) if a line was not written whole.
 */
export function appendAlertLines(stateDir: string, lines: readonly AlertLine[]): void {
  const last = lines.at(-1);
  if (!last) return;
  const path = alertsPath(stateDir);
  makeFolder(`${stateDir}/usage`);
  const fd = openFile(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT);
  try {
    for (const { noted_at, ...rest } of lines) {
      const text = `${JSON.stringify({ noted_at, ...rest })}\n`;
      writeWhole(fd, endsLine(fd) ? text : `\n${text}`);
    }
    fsyncSync(fd);
    dropOld(path, fd, Date.parse(last.noted_at));
  } finally {
    closeSync(fd);
  }
}

/** A planted link is not followed, and a pipe does not hold us up. */
function openFile(path: string, flags: number): number {
  const fd = openPlain(path, flags | constants.O_NOFOLLOW, FILE_MODE);
  let isOurs = false;
  try {
    isOurs = fstatSync(fd).size <= MAX_BYTES;
    if (isOurs) return fd;
  } finally {
    if (!isOurs) closeSync(fd);
  }
  throw new SpanbookError('STATE_UNREADABLE', `${path}: expected at most ${MAX_BYTES} bytes, got more; move it away`);
}

interface LineRange {
  fd: number;
  /** Bytes of the file that are read. */
  size: number;
  /** Milliseconds since 1970. */
  since: number;
}

function linesSince({ fd, size, since }: LineRange): string[] {
  const from = Number.isFinite(since) ? new Date(since).toISOString() : '';
  const chunks: string[][] = [];
  let tail: Buffer = Buffer.alloc(0);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const bytes = Buffer.concat([readBytes(fd, start, end), tail]);
    // Up to its first end of a line a chunk holds the rest of what begins before it.
    const cut = start === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
    end = start;
    if (cut === 0 && start > 0) {
      tail = bytes;
      continue;
    }
    tail = bytes.subarray(0, cut);
    const lines = bytes.toString('utf8', cut).split('\n').filter(isOurs);
    const wanted = lines.filter(line => line.slice(HEAD.length, HEAD.length + TIME_LENGTH) >= from);
    chunks.push(wanted);
    if (lines.length > 0 && wanted.length === 0) break;
  }
  return chunks.reverse().flat();
}

const isOurs = (line: string): boolean => line.startsWith(HEAD);

function parsed(text: string): AlertLine | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as AlertLine) : null;
  } catch {
    return null;
  }
}

function readBytes(fd: number, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(end - start);
  let length = 0;
  while (length < bytes.length) {
    const read = readSync(fd, bytes, length, bytes.length - length, start + length);
    if (read === 0) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

function endsLine(fd: number): boolean {
  const { size } = fstatSync(fd);
  return size === 0 || readBytes(fd, size - 1, size)[0] === NEWLINE;
}

/** Writes a large file anew without what is older than is kept. `now`: milliseconds since 1970. */
function dropOld(path: string, fd: number, now: number): void {
  const { size } = fstatSync(fd);
  if (size < REWRITE_FROM_BYTES) return;
  const first = readBytes(fd, 0, HEAD.length + TIME_LENGTH).toString('utf8');
  const oldest = new Date(now - REWRITE_AFTER_DAYS * DAY_MILLIS).toISOString();
  if (isOurs(first) && first.slice(HEAD.length) >= oldest) return;
  const kept = linesSince({ fd, size, since: now - KEPT_DAYS * DAY_MILLIS }).map(line => `${line}\n`);
  publish(writeTemporary(path, [Buffer.from(kept.join(''))], { fsync: true }), path);
  // What another process appended meanwhile went to the file of before.
  const late = readBytes(fd, size, fstatSync(fd).size).toString('utf8');
  if (late !== '') appendText(path, late);
}

function appendText(path: string, text: string): void {
  const fd = openFile(path, constants.O_WRONLY | constants.O_APPEND);
  try {
    writeWhole(fd, text);
  } finally {
    closeSync(fd);
  }
}
