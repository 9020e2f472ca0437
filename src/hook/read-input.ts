/** Standard input of a hook, read without the stream machinery, which would cost more than all the rest. */
import { constants, fstatSync, readSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';

const CHUNK_BYTES = 65_536;
const MAX_BYTES = 8 * 1024 * 1024;
/** How long a host that neither writes nor closes is waited for, where the descriptor does not block. */
const IDLE_MILLIS = 1500;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const BYTE_ORDER_MARK = 0xfeff;

export type HookInput = { payload: Record<string, unknown> } | { error: string; text: Buffer };

/** Reads until what came is one JSON document, 8 MB, or the end: some hosts never close the pipe. */
export function readHookInput(): HookInput {
  const chunks: Buffer[] = [];
  const nesting: Nesting = { depth: 0, isText: false, isEscaped: false };
  // What is closed and no document will be none, whatever follows.
  let isBroken = false;
  let size = 0;
  while (size < MAX_BYTES) {
    const chunk = readChunk();
    if (chunk === null) break;
    chunks.push(chunk);
    size += chunk.length;
    // Looking at all of it each time would take a second where every chunk ends like a document.
    follow(nesting, chunk);
    if (isBroken || nesting.depth !== 0 || lastVisibleByte(chunk) !== CLOSING_BRACE) continue;
    const whole = hookInputOf(chunks.length === 1 ? chunk : Buffer.concat(chunks));
    if ('payload' in whole) return whole;
    isBroken = true;
  }
  const all = Buffer.concat(chunks);
  return size >= MAX_BYTES ? { error: `more than ${MAX_BYTES} bytes`, text: all } : hookInputOf(all);
}

/** Where JSON stands in objects, lists and texts. */
interface Nesting {
  depth: number;
  isText: boolean;
  isEscaped: boolean;
}

/** UTF-8 has these bytes in no other character. */
function follow(nesting: Nesting, chunk: Buffer): void {
  let { depth, isText, isEscaped } = nesting;
  for (let at = 0; at < chunk.length; at++) {
    const byte = chunk[at];
    if (isEscaped) isEscaped = false;
    else if (byte === QUOTE) isText = !isText;
    else if (isText) isEscaped = byte === BACKSLASH;
    else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) depth++;
    else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) depth--;
  }
  Object.assign(nesting, { depth, isText, isEscaped });
}

function readChunk(): Buffer | null {
  const deadline = Date.now() + IDLE_MILLIS;
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  for (;;) {
    try {
      const read = readSync(0, chunk, 0, CHUNK_BYTES, null);
      return read === 0 ? null : chunk.subarray(0, read);
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

function lastVisibleByte(chunk: Buffer): number | undefined {
  let at = chunk.length - 1;
  while (at >= 0 && (chunk[at] ?? 0) <= 0x20) at--;
  return chunk[at];
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
