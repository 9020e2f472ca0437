/**
 * Lines of JSON in a file, and what they say of some of their fields. No object is made of a line: most of what a
 * transcript holds is passed by. The bytes are looked at by `wasm/line-fields.ts`.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { isJson } from '../model/is-json.ts';
import { limitText } from '../model/limit-text.ts';
import { startModule } from './line-fields-instance.ts';
import {
  ASCII_TEXT,
  BYTES,
  ENDS,
  ESCAPED_TEXT,
  INVALID,
  KINDS,
  LINE_END,
  LINE_START,
  LIST,
  MARGIN_BYTES,
  MAX_FIELDS,
  type ModuleExports,
  NO_LINE,
  NODES,
  NUMBERS,
  OBJECT,
  OTHER_NUMBER,
  PAGE_BYTES,
  REST_START,
  STARTS,
  TEXT,
  TRUE,
  UNSURE,
  VERSIONS,
  WHOLE_NUMBER,
} from './line-fields-memory.ts';
import { writeFields, writeWanted } from './line-fields-tree.ts';
import type { LinesRead, LineVisitor, WantedLines } from './line-visitor.ts';

/** A text that is longer is cut. */
const MAX_TEXT = 65_536;
const READ_BYTES = 1 << 18;
/** A longer line is passed by. */
const MAX_LINE_BYTES = 1 << 26;

const NEWLINE = 0x0a;

/** Fields are asked for by their numbers, in the order of their paths. */
export class LineFields {
  readonly #module: ModuleExports;
  readonly #root: number;
  #bytes = Buffer.alloc(0);
  #ints = new Int32Array(0);
  #floats = new Float64Array(0);
  /** What each field said last, and which version of it that was. */
  readonly #texts: string[] = [];
  readonly #versions: number[] = [];

  /**
   * `paths`: where each field stands, as `message.content[].name`; of a list, the last element that has it counts.
   * `wanted`: which lines are asked for; default: all.
   */
  constructor(paths: readonly string[], wanted: WantedLines | null = null) {
    if (paths.length > MAX_FIELDS) throw new Error(`expected at most ${MAX_FIELDS} fields, got ${paths.length}`);
    this.#module = startModule();
    this.#look();
    this.#root = writeFields(paths, this.#bytes, NODES);
    writeWanted(wanted ? paths.indexOf(wanted.path) : -1, wanted?.texts ?? [], this.#bytes);
    for (const _ of paths) {
      this.#texts.push('');
      this.#versions.push(0);
    }
  }

  /** Bytes that are held for reading. */
  get heldBytes(): number {
    return this.#bytes.length;
  }

  /**
   * Calls back with each line of a file from an offset on.
   *
   * @throws a system error if the file cannot be read.
   */
  read(path: string, from: number, visitor: LineVisitor): LinesRead {
    const fd = openSync(path, 'r');
    let tooLong = 0;
    let position = from;
    let filled = 0;
    let isSkipping = false;
    try {
      for (;;) {
        if (filled > MAX_LINE_BYTES) {
          isSkipping = true;
          filled = 0;
        }
        // A long line is looked at from its beginning each time: what is added to it must not be little.
        const wanted = Math.max(READ_BYTES, Math.min(filled, MAX_LINE_BYTES - filled));
        this.#makeRoom(BYTES + filled + wanted + MARGIN_BYTES);
        const read = readSync(fd, this.#bytes, BYTES + filled, wanted, position);
        if (read === 0) break;
        position += read;
        const end = BYTES + filled + read;
        this.#bytes[end] = NEWLINE;
        let at = BYTES;
        for (;;) {
          // What ends a line that was too long is no line, whatever it looks like.
          const answer = this.#next(at, end, !isSkipping);
          if (answer === NO_LINE) break;
          if (isSkipping) tooLong++;
          else this.#tell(answer, visitor);
          isSkipping = false;
          at = this.#lineEnd + 1;
        }
        at = this.#ints[REST_START >> 2] ?? at;
        this.#bytes.copyWithin(BYTES, at, end);
        filled = end - at;
      }
    } finally {
      closeSync(fd);
    }
    if (isSkipping) return { tooLong: tooLong + 1, offset: position };
    if (filled === 0) return { tooLong, offset: position };
    this.#bytes.fill(NEWLINE, BYTES + filled, BYTES + filled + 2);
    const answer = this.#next(BYTES, BYTES + filled + 1, false);
    const isLine = answer === UNSURE ? isJson(this.line()) : answer !== INVALID;
    if (!isLine || !visitor.isWhole()) return { tooLong, offset: position - filled };
    this.#tell(answer, visitor);
    return { tooLong, offset: position };
  }

  #next(from: number, end: number, passes: boolean): number {
    return this.#module.next(from, end, this.#root, passes);
  }

  #tell(answer: number, visitor: LineVisitor): void {
    if (answer === UNSURE) visitor.onUnsure();
    else if (answer !== INVALID) visitor.onLine(answer >> 8);
    else if (this.#lineEnd > this.#lineStart) visitor.onDamaged();
  }

  #makeRoom(bytes: number): void {
    const missing = bytes - this.#bytes.length;
    if (missing <= 0) return;
    this.#module.memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.#look();
  }

  /** The memory is another one after it has grown. */
  #look(): void {
    const { buffer } = this.#module.memory;
    this.#bytes = Buffer.from(buffer);
    this.#ints = new Int32Array(buffer);
    this.#floats = new Float64Array(buffer);
  }

  get #lineStart(): number {
    return this.#ints[LINE_START >> 2] ?? 0;
  }

  get #lineEnd(): number {
    return this.#ints[LINE_END >> 2] ?? 0;
  }

  /** A text; undefined if there is none. */
  text(field: number): string | undefined {
    const kind = this.#ints[(KINDS >> 2) + field];
    if (kind === TEXT || kind === ASCII_TEXT) {
      const version = this.#ints[(VERSIONS >> 2) + field] ?? 0;
      if (version !== this.#versions[field]) {
        this.#versions[field] = version;
        this.#texts[field] = this.#written(field, kind === ASCII_TEXT);
      }
      return this.#texts[field];
    }
    if (kind !== ESCAPED_TEXT) return undefined;
    const quoted = this.#bytes.toString('utf8', this.#startOf(field), this.#endOf(field));
    return limitText(JSON.parse(quoted) as string, MAX_TEXT);
  }

  #written(field: number, isAscii: boolean): string {
    const start = this.#startOf(field) + 1;
    const end = this.#endOf(field) - 1;
    if (isAscii) return this.#bytes.toString('latin1', start, end);
    return limitText(this.#bytes.toString('utf8', start, end), MAX_TEXT);
  }

  /** `hashText` of a text, without making it; undefined if it is none of ASCII. */
  hash(field: number): number | undefined {
    if (this.#ints[(KINDS >> 2) + field] !== ASCII_TEXT) return undefined;
    return this.#module.hashIn(this.#startOf(field) + 1, this.#endOf(field) - 1);
  }

  /** A time as milliseconds since 1970; NaN if there is none. */
  time(field: number): number {
    if (this.#ints[(KINDS >> 2) + field] === ASCII_TEXT) {
      const time = this.#module.timeIn(this.#startOf(field) + 1, this.#endOf(field) - 1);
      if (time >= 0) return time;
    }
    return Date.parse(this.text(field) ?? '');
  }

  /** A number; undefined if there is none. */
  number(field: number): number | undefined {
    const kind = this.#ints[(KINDS >> 2) + field];
    if (kind === WHOLE_NUMBER) return this.#floats[(NUMBERS >> 3) + field];
    if (kind !== OTHER_NUMBER) return undefined;
    return Number(this.#bytes.toString('latin1', this.#startOf(field), this.#endOf(field)));
  }

  isTrue(field: number): boolean {
    return this.#ints[(KINDS >> 2) + field] === TRUE;
  }

  isObject(field: number): boolean {
    return this.#ints[(KINDS >> 2) + field] === OBJECT;
  }

  /** How many elements a list has; undefined if it is none. */
  length(field: number): number | undefined {
    return this.#ints[(KINDS >> 2) + field] === LIST ? this.#floats[(NUMBERS >> 3) + field] : undefined;
  }

  /** The line as it was written. */
  line(): string {
    return this.#bytes.toString('utf8', this.#lineStart, this.#lineEnd);
  }

  #startOf(field: number): number {
    return this.#ints[(STARTS >> 2) + field] ?? 0;
  }

  #endOf(field: number): number {
    return this.#ints[(ENDS >> 2) + field] ?? 0;
  }
}
