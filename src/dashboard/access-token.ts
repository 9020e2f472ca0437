/**
 * The token of a state folder, made once: an open page and its bookmarks go on after a restart. Whoever can read its
 * file can read the folder too, so it gives nothing away.
 */
import { randomBytes } from 'node:crypto';
import { systemErrorCode } from '../errors.ts';
import { readPlain } from '../journal/plain-file.ts';
import { discard, publish, writeTemporary } from '../store/write-file.ts';

const NAME = 'dashboard.json';
const FORM = /^[0-9a-f]{48}$/;

/** Where the folder cannot be written, one that holds for this process alone. */
export function accessToken(stateDir: string): string {
  const path = `${stateDir}/${NAME}`;
  const known = tokenIn(path);
  if (known !== null) return known;
  const token = randomBytes(24).toString('hex');
  try {
    const temporary = writeTemporary(path, [Buffer.from(`${JSON.stringify({ token })}\n`)]);
    try {
      publish(temporary, path);
    } catch (error) {
      discard(temporary);
      throw error;
    }
    // Of two that begin at once, the last one's holds for both.
    return tokenIn(path) ?? token;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return token;
  }
}

function tokenIn(path: string): string | null {
  try {
    const { token } = JSON.parse(readPlain(path).toString()) as { token?: unknown };
    return typeof token === 'string' && FORM.test(token) ? token : null;
  } catch {
    // Not there, or edited: it is made anew.
    return null;
  }
}
