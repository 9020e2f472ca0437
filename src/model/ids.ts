/**
 * Ids that many short processes can agree on without asking each other: pure hashes of what a thing is about.
 *
 * The hash is MurmurHash3 x86 128 (Austin Appleby, public domain) in plain arithmetic, because loading
 * `node:crypto` would slow every hook. It is pinned by golden values: a change would orphan every stored id.
 */

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;
/** Made when it is first needed: most hooks hash nothing. */
let encoder: InstanceType<typeof TextEncoder> | undefined;

/** A word turned by so many bits. */
export const rotl = (x: number, r: number): number => (x << r) | (x >>> (32 - r));

/** Each bit of a word changes about half of the bits of what this gives. */
export function fmix(h: number): number {
  let x = h;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

const BLOCK_BYTES = 16;
/** Room for the keys of ids, which are short; longer texts get room of their own. */
const room = new Uint8Array(256);
const roomWords = new DataView(room.buffer);

/** 128-bit hash of the UTF-8 bytes of `text`, as 32 lower-case hex digits. */
export function hash128(text: string): string {
  let bytes = room;
  let words = roomWords;
  // A character has at most three bytes in UTF-8 for each code unit of JavaScript.
  if (text.length * 3 > room.length) {
    bytes = new Uint8Array(text.length * 3 + BLOCK_BYTES);
    words = new DataView(bytes.buffer);
  }
  encoder ??= new TextEncoder();
  const length = encoder.encodeInto(text, bytes).written;
  // Zeros up to a whole block: the algorithm wants them in place of the missing bytes of the last one.
  if (length % BLOCK_BYTES > 0) bytes.fill(0, length, length + BLOCK_BYTES - (length % BLOCK_BYTES));
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  for (let at = 0; at < length; at += BLOCK_BYTES) {
    const whole = at + BLOCK_BYTES <= length;
    h1 ^= Math.imul(rotl(Math.imul(words.getUint32(at, true), C1), 15), C2);
    if (whole) h1 = (Math.imul((rotl(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotl(Math.imul(words.getUint32(at + 4, true), C2), 16), C3);
    if (whole) h2 = (Math.imul((rotl(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotl(Math.imul(words.getUint32(at + 8, true), C3), 17), C4);
    if (whole) h3 = (Math.imul((rotl(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotl(Math.imul(words.getUint32(at + 12, true), C4), 18), C1);
    if (whole) h4 = (Math.imul((rotl(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = fmix((h2 + h1) | 0);
  h3 = fmix((h3 + h1) | 0);
  h4 = fmix((h4 + h1) | 0);
  h1 = fmix(h1);
  h1 = (h1 + h2 + h3 + h4) | 0;
  return hex8(h1) + hex8((h2 + h1) | 0) + hex8((h3 + h1) | 0) + hex8((h4 + h1) | 0);
}

const hex8 = (x: number): string => (x >>> 0).toString(16).padStart(8, '0');

/** OpenTelemetry forbids ids of zeros only; a hash that came out so is moved to the next value. */
const nonZero = (id: string): string => (/^0+$/.test(id) ? `${id.slice(0, -1)}1` : id);

/** Trace id (32 hex digits) of the run with this key. */
export const traceIdOf = (runKey: string): string => nonZero(hash128(`trace\n${runKey}`));

/** Span id (16 hex digits) of the activity of this kind with this key. */
export const spanIdOf = (kind: 'command' | 'agent' | 'skill' | 'chat' | 'tool' | 'wait', key: string): string =>
  nonZero(hash128(`${kind}\n${key}`).slice(0, 16));

/** Id (16 hex digits) of something that is no span: a warning, an error, a message. */
export const noteIdOf = (kind: string, key: string): string => nonZero(hash128(`${kind}\n${key}`).slice(0, 16));

const EVENT_PREFIX = 'evt-';

/** `event_id` of the start of a span, and of a note by its own id. */
export const startEventId = (id: string): string => EVENT_PREFIX + id;

/** `event_id` of the end of a span. */
export const endEventId = (span: string): string => EVENT_PREFIX + hash128(`${span}\nend`).slice(0, 16);

/** The span id in an `event_id` of a start, or null if the text is none. */
export function spanOfEventId(eventId: string): string | null {
  const id = eventId.startsWith(EVENT_PREFIX) ? eventId.slice(EVENT_PREFIX.length) : eventId;
  return /^[0-9a-f]{16}$/.test(id) ? id : null;
}

/** A random id of 16 or 32 hex digits. Not for secrets: `Math.random` is seeded by the system once a process. */
export function randomId(digits: 16 | 32): string {
  let id = '';
  while (id.length < digits) id += hex8(Math.random() * 0x100000000);
  return nonZero(id);
}
