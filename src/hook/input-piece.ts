/** Standard input of a hook in pieces, read without the stream machinery, which would cost more than all the rest. */
import { readvSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';

const PIECE_BYTES = 65_536;
/** How long a host that neither writes nor closes is waited for, where the descriptor does not block. */
const IDLE_MILLIS = 1500;
const CLOSING_BRACE = 0x7d;
const BYTE_ORDER_MARK = 0xfeff;

export type HookInput = { payload: Record<string, unknown> } | { error: string; text: Buffer };

/** What there is to read by now; null at the end. */
export function readPiece(): Buffer | null {
  const deadline = Date.now() + IDLE_MILLIS;
  const room = new Uint8Array(PIECE_BYTES);
  for (;;) {
    try {
      // The quickest of the ways to read, where all are called for the first time.
      const read = readvSync(0, [room]);
      return read === 0 ? null : Buffer.from(room.buffer, 0, read);
    } catch (error) {
      // A pipe that does not block says EAGAIN while it is empty; Windows says EOF for its end.
      if (systemErrorCode(error) !== 'EAGAIN' || Date.now() > deadline) return null;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** What came, if it is one JSON object. */
export function hookInputOf(text: Buffer): HookInput {
  try {
    // Without a name of the encoding: the look-up of one takes longer than all the rest.
    const json = text.toString();
    const payload: unknown = JSON.parse(json.charCodeAt(0) === BYTE_ORDER_MARK ? json.slice(1) : json);
    if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) {
      return { payload: payload as Record<string, unknown> };
    }
    return { error: 'no JSON object', text };
  } catch {
    return { error: text.length === 0 ? 'nothing' : 'no JSON', text };
  }
}

/** True if a document may end here. */
export function endsLikeDocument(piece: Buffer): boolean {
  let at = piece.length - 1;
  while (at >= 0 && (piece[at] ?? 0) <= 0x20) at--;
  return piece[at] === CLOSING_BRACE;
}
