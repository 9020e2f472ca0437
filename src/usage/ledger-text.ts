/** Lines of the ledger as bytes, ready to be appended: one thread hands them to another without a copy. */

const NEWLINE = 0x0a;
const ROOM = 1 << 16;
/** UTF-8 takes no more for a UTF-16 code unit. */
const MAX_UNIT_BYTES = 3;

export interface LedgerText {
  /** A line end, then the lines, each with its own. */
  bytes: Uint8Array;
  /** Offset in `bytes` behind each line and its line end. */
  ends: Uint32Array;
}

export class LedgerTextBuilder {
  #bytes = Buffer.allocUnsafe(ROOM);
  #size = 0;
  readonly #ends: number[] = [];

  constructor() {
    this.#bytes[this.#size++] = NEWLINE;
  }

  /** `line`: without its line end. */
  add(line: string): void {
    const needed = this.#size + MAX_UNIT_BYTES * line.length + 1;
    if (needed > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], 2 * needed);
    this.#size += this.#bytes.write(line, this.#size);
    this.#bytes[this.#size++] = NEWLINE;
    this.#ends.push(this.#size);
  }

  build(): LedgerText {
    // A copy of a Buffer would be one, and is another object when a thread has handed it over.
    return { bytes: new Uint8Array(this.#bytes.subarray(0, this.#size)), ends: new Uint32Array(this.#ends) };
  }
}

/** The lines, without their line ends. */
export function linesIn({ bytes, ends }: LedgerText): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from(ends, (end, index) => text.toString('utf8', startOf(ends, index), end - 1));
}

/** Offset in its bytes at which a line begins. */
export const startOf = (ends: Uint32Array, index: number): number => (index === 0 ? 1 : (ends[index - 1] ?? 1));
