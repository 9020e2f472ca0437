/** The events in the text of a document, from the last to the first, a few at a time. */
import type { PipelineEvent } from '../model/document-schema.ts';

const NEWLINE = 0x0a;

export class EventLines {
  readonly #text: Buffer;
  #end: number;

  /** `text`: events as documents hold them, one a line, each but the last with a comma behind it. */
  constructor(text: Buffer) {
    this.#text = text;
    this.#end = text.length;
  }

  /** The next events, the newest first, for about so many bytes; none when all were given. */
  next(bytes: number): PipelineEvent[] {
    const events: PipelineEvent[] = [];
    const stop = Math.max(0, this.#end - bytes);
    while (this.#end > stop) {
      const begin = this.#text.lastIndexOf(NEWLINE, this.#end - 1) + 1;
      const line = this.#text.toString('utf8', begin, this.#end).replace(/,?\s*$/, '');
      this.#end = Math.max(0, begin - 1);
      if (line === '') continue;
      try {
        events.push(JSON.parse(line) as PipelineEvent);
      } catch {
        // Somebody edited the file: the rest of it is there all the same.
      }
    }
    return events;
  }

  get isDone(): boolean {
    return this.#end === 0;
  }
}
