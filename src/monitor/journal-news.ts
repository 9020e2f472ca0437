/** Whether the journal or the document changed since the last look: a few `stat` calls, so that it can be asked often. */
import { statSync } from 'node:fs';
import { listSegments, segmentPath } from '../journal/segments.ts';
import { versionOf } from '../store/document-keeper.ts';
import { documentPath } from '../store/document-path.ts';

/** Writers that live long may stay in a segment for a while after the next one began. */
const NEWEST = 3;
/** One look in so many takes in all segments, and the document. */
const WHOLE_EVERY = 10;

export class JournalNews {
  readonly #stateDir: string;
  readonly #sizes = new Map<number, number>();
  #looks = 0;

  constructor(stateDir: string) {
    this.#stateDir = stateDir;
  }

  /**
   * True if something grew, shrank, came or went since the last look, or the document is no longer this one.
   * `document`: its version, as `versionOf` gives it; undefined if that is not known.
   */
  look(document: string | null | undefined): boolean {
    const segments = listSegments(this.#stateDir);
    const isWhole = this.#looks++ % WHOLE_EVERY === 0;
    let news = false;
    for (const segment of isWhole ? segments : segments.slice(-NEWEST)) {
      const size = statSync(segmentPath(this.#stateDir, segment), { throwIfNoEntry: false })?.size ?? 0;
      if (this.#sizes.get(segment) === size) continue;
      this.#sizes.set(segment, size);
      news = true;
    }
    if (!isWhole) return news;
    for (const segment of this.#sizes.keys()) {
      if (!segments.includes(segment)) news = this.#sizes.delete(segment);
    }
    return news || versionOf(documentPath(this.#stateDir)) !== document;
  }
}
