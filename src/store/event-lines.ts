/**
 * The events in a document, from the last to the first, a few at a time. Of a file only what is asked for is read, and it
 * is held open: whoever puts another document in its place takes nothing away.
 */
import { closeSync, constants, fstatSync, readSync } from 'node:fs';
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { openPlain } from '../journal/plain-file.ts';
import type { PipelineDocument, PipelineEvent } from '../model/document-schema.ts';
import { DOCUMENT_END } from '../model/render-document.ts';
import { type DocumentHead, readHeadIn } from './archive.ts';

const NEWLINE = 0x0a;

export class EventLines {
  /** Null if the document has none, or was read to its end. */
  readonly head: DocumentHead | null;
  /** Of the document, in bytes. */
  readonly size: number;
  #fd: number | null;
  /** Where the events begin, and up to where they are still to be given. */
  readonly #begin: number;
  #end: number;
  /** The events of a document that is not laid out as ours are. */
  #others: PipelineEvent[] = [];

  private constructor(fd: number | null, path: string) {
    this.#fd = fd;
    this.size = fd === null ? 0 : fstatSync(fd).size;
    if (fd === null) {
      this.head = null;
      this.#begin = 0;
      this.#end = 0;
      return;
    }
    const { head, end } = readHeadIn(fd, path);
    this.head = head;
    this.#begin = end;
    this.#end = this.size - DOCUMENT_END.length;
    if (this.#end >= end && this.#text(this.#end, this.size) === DOCUMENT_END) return;
    const { events } = JSON.parse(this.#text(0, this.size)) as PipelineDocument;
    this.#others = Array.isArray(events) ? events : [];
    this.#end = this.#begin;
  }

  /**
   * No events where there is no file.
   *
   * @throws SpanbookError `STATE_UNREADABLE` if it is no document.
   */
  static open(path: string): EventLines {
    let fd: number;
    try {
      fd = openPlain(path, constants.O_RDONLY);
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return EventLines.none();
      throw error;
    }
    try {
      return new EventLines(fd, path);
    } catch (error) {
      closeSync(fd);
      if (!(error instanceof SyntaxError)) throw error;
      throw new SpanbookError('STATE_UNREADABLE', `${path}: expected JSON, got a damaged file`, { cause: error });
    }
  }

  static none(): EventLines {
    return new EventLines(null, '');
  }

  get isDone(): boolean {
    return this.#end <= this.#begin && this.#others.length === 0;
  }

  /** The next events, the newest first, for about so many bytes; none when all were given. */
  next(bytes: number): PipelineEvent[] {
    if (this.#others.length > 0) return this.#others.splice(0).reverse();
    if (this.#fd === null || this.isDone) return [];
    let from = this.#end;
    let text: Buffer = Buffer.alloc(0);
    let cut = -1;
    // A line may be longer than what is asked for.
    for (let length = bytes; cut < 0 && from > this.#begin; length *= 2) {
      from = Math.max(this.#begin, this.#end - length);
      text = this.#bytes(from, this.#end);
      cut = from === this.#begin ? 0 : text.indexOf(NEWLINE);
    }
    this.#end = from + cut;
    const lines = text.toString('utf8', cut).split('\n').reverse();
    if (this.isDone) this.close();
    return lines.flatMap(eventIn);
  }

  /** To be called when no more is wanted. */
  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
    this.#end = this.#begin;
  }

  #text(from: number, to: number): string {
    return this.#bytes(from, to).toString('utf8');
  }

  #bytes(from: number, to: number): Buffer {
    const bytes = Buffer.allocUnsafe(to - from);
    let at = 0;
    while (at < bytes.length) {
      const read = readSync(this.#fd ?? -1, bytes, at, bytes.length - at, from + at);
      if (read === 0) break;
      at += read;
    }
    return bytes.subarray(0, at);
  }
}

function eventIn(line: string): PipelineEvent[] {
  const text = line.replace(/,?\s*$/, '');
  if (text === '') return [];
  try {
    return [JSON.parse(text) as PipelineEvent];
  } catch {
    // Somebody edited the file: the rest of it is there all the same.
    return [];
  }
}
