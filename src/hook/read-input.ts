/** Standard input of a hook: one JSON object. */
import { constants, fstatSync } from 'node:fs';
import { endsLikeDocument, type HookInput, hookInputOf, readPiece } from './input-piece.ts';
import { readLongInput } from './read-long-input.ts';

/** Reads until what came is one JSON document, 8 MB, or the end: some hosts never close the pipe. */
export function readHookInput(): HookInput {
  const piece = readPiece();
  if (piece === null) return { error: 'nothing', text: Buffer.alloc(0) };
  // Nearly all that clients say fits in one.
  const whole = endsLikeDocument(piece) ? hookInputOf(piece) : null;
  return whole !== null && 'payload' in whole ? whole : readLongInput(piece);
}

/** True if somebody sits at a keyboard instead of a host feeding a pipe. */
export function isInputTerminal(): boolean {
  try {
    return (fstatSync(0).mode & constants.S_IFMT) === constants.S_IFCHR && process.stdin.isTTY === true;
  } catch {
    // Closed, perhaps: then nothing comes, which is counted.
    return false;
  }
}
