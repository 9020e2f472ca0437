/**
 * What is under way to an endpoint: the bytes of one request, with the ids of its spans. It is written before it is sent
 * and removed after a proved answer, so whoever was killed in between sends the very same bytes again, and receivers
 * know them for what they are.
 */

import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { systemErrorCode } from '../../errors.ts';
import { readPlain } from '../../journal/plain-file.ts';
import { writeAll } from '../write-file.ts';

const NEWLINE = 0x0a;

export interface Batch {
  /** Span ids, in the order of the spans. */
  ids: readonly string[];
  body: Uint8Array;
}

/** @throws a system error if it could not be written whole. */
export function writeBatch(path: string, { ids, body }: Batch): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW, 0o600);
  try {
    const head = Buffer.from(`${JSON.stringify({ bytes: body.length, ids })}\n`);
    for (const piece of [head, body]) writeAll(fd, piece, path);
  } finally {
    closeSync(fd);
  }
}

/** Null if there is none, or whoever wrote it was killed on the way: then it was not sent. */
export function readBatch(path: string): Batch | null {
  let file: Buffer;
  try {
    file = readPlain(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
  const end = file.indexOf(NEWLINE);
  try {
    const { bytes, ids } = JSON.parse(file.toString('utf8', 0, Math.max(0, end))) as { bytes: unknown; ids: unknown };
    const body = file.subarray(end + 1);
    const isWhole = body.length === bytes && Array.isArray(ids) && ids.every(id => typeof id === 'string');
    return isWhole ? { ids: ids as string[], body } : null;
  } catch {
    return null;
  }
}

export function removeBatch(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}
