/** Standard input of a hook that comes in many pieces, or is no document. */
import { endsLikeDocument, type HookInput, hookInputOf, readPiece } from './input-piece.ts';

const MAX_BYTES = 8 * 1024 * 1024;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;

/** What came, once it is one JSON document, 8 MB, or at its end. `first`: the piece that it begins with. */
export function readLongInput(first: Buffer): HookInput {
  const pieces: Buffer[] = [];
  const nesting: Nesting = { depth: 0, isText: false, isEscaped: false };
  // What is closed and no document will be none, whatever follows.
  let isBroken = false;
  let size = 0;
  for (let piece: Buffer | null = first; piece !== null; piece = size < MAX_BYTES ? readPiece() : null) {
    pieces.push(piece);
    size += piece.length;
    // Looking at all of it each time would take a second where every piece ends like a document.
    follow(nesting, piece);
    if (isBroken || nesting.depth !== 0 || !endsLikeDocument(piece)) continue;
    const whole = hookInputOf(Buffer.concat(pieces));
    if ('payload' in whole) return whole;
    isBroken = true;
  }
  const all = Buffer.concat(pieces);
  return size >= MAX_BYTES ? { error: `more than ${MAX_BYTES} bytes`, text: all } : hookInputOf(all);
}

/** Where JSON stands in objects, lists and texts. */
interface Nesting {
  depth: number;
  isText: boolean;
  isEscaped: boolean;
}

/** UTF-8 has these bytes in no other character. */
function follow(nesting: Nesting, piece: Buffer): void {
  let { depth, isText, isEscaped } = nesting;
  for (let at = 0; at < piece.length; at++) {
    const byte = piece[at];
    if (isEscaped) isEscaped = false;
    else if (byte === QUOTE) isText = !isText;
    else if (isText) isEscaped = byte === BACKSLASH;
    else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) depth++;
    else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) depth--;
  }
  Object.assign(nesting, { depth, isText, isEscaped });
}
