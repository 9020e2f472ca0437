/** Server-sent events for those who look: that something changed, not what. Whoever falls behind is told once. */
import type { ServerResponse } from 'node:http';
import { STREAM_HEADERS } from './answer.ts';
import type { ChangeEvent } from './answers.ts';

/** Changes come in groups, and a page asks again for each that it is told of. */
const GAP_MILLIS = 250;
/** A line now and then, by which both sides notice that the other is gone. */
const BEAT_MILLIS = 15_000;
const MAX_STREAMS = 64;

export class ChangeStream {
  readonly #streams = new Set<ServerResponse>();
  readonly #current: () => ChangeEvent;
  #told = -1;
  #toldAt = Number.NEGATIVE_INFINITY;
  #pending: NodeJS.Timeout | null = null;
  readonly #beat: NodeJS.Timeout;

  /** `current`: what there is to tell now. */
  constructor(current: () => ChangeEvent) {
    this.#current = current;
    this.#beat = setInterval(() => this.#send(': still here\n\n'), BEAT_MILLIS).unref();
  }

  /** False if there are too many already. */
  open(response: ServerResponse): boolean {
    if (this.#streams.size >= MAX_STREAMS) return false;
    response.writeHead(200, { ...STREAM_HEADERS });
    response.write(`retry: 1000\n${eventText(this.#current())}`);
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
    return true;
  }

  /** Something changed. */
  changed(): void {
    // The first is told at once, and those that follow it together.
    const wait = Math.max(0, this.#toldAt + GAP_MILLIS - performance.now());
    this.#pending ??= setTimeout(() => {
      this.#pending = null;
      this.#toldAt = performance.now();
      const event = this.#current();
      if (event.version === this.#told) return;
      this.#told = event.version;
      this.#send(eventText(event));
    }, wait);
  }

  close(): void {
    clearInterval(this.#beat);
    if (this.#pending) clearTimeout(this.#pending);
    for (const stream of this.#streams) stream.end();
  }

  #send(text: string): void {
    for (const stream of this.#streams) {
      // A page that does not read gets the next change in the place of all before it.
      if (!stream.writableNeedDrain) stream.write(text);
    }
  }
}

const eventText = (event: ChangeEvent): string =>
  `event: change\nid: ${event.version}\ndata: ${JSON.stringify(event)}\n\n`;
