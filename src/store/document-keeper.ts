/** Keeps the document of a state folder: folds what the journal has new, archives what is full, writes the file. */
import { statSync } from 'node:fs';
import { type FactSink, readFacts, segmentSize } from '../journal/read-facts.ts';
import { createSegment, listSegments } from '../journal/segments.ts';
import { carryOver, resumeFold } from '../model/carry.ts';
import type { Fact } from '../model/fact.ts';
import { applyFact } from '../model/fold.ts';
import { type Cursor, DocumentRenderer } from '../model/render-document.ts';
import { idsOf, resumePointOf } from '../model/resume-point.ts';
import { createState, type FoldState } from '../model/state.ts';
import { listArchives, newestArchive, publishArchive } from './archive.ts';
import { documentPath } from './document-path.ts';
import { isBehind } from './is-behind.ts';
import { MAX_RESUMED_BYTES, resumeBehindDocument } from './resume-behind-document.ts';
import { writeResumePoint } from './resume-file.ts';
import { setArchiveAside, setAsideIfUnreadable } from './set-aside.ts';
import { discard, publish, writeTemporary } from './write-file.ts';

export interface KeeperOptions {
  /** Go on from the document that is there, if its resume point is too. For processes that refresh once. */
  resume?: boolean;
}

export class DocumentKeeper {
  readonly #stateDir: string;
  readonly #maxBytes: number;
  readonly #sink: FactSink;
  readonly #cursors = new Map<number, number>();
  #state: FoldState = createState();
  #renderer = new DocumentRenderer();
  /** Number of the segment whose document is kept. */
  #segment = 1;
  #idBlocks: string[] = [];
  /** Ids in the events that were taken over as text; null if all events are in the state. */
  #takenIds: string | null = null;
  #writtenBytes = 0;

  constructor(stateDir: string, maxBytes: number, options: KeeperOptions = {}) {
    this.#stateDir = stateDir;
    this.#maxBytes = maxBytes;
    this.#sink = {
      onFact: fact => applyFact(this.#state, fact),
      onSkipped: reason => {
        this.#state.skipped[reason]++;
      },
    };
    if (options.resume && this.#resumeBehindDocument()) return;
    setAsideIfUnreadable(documentPath(stateDir));
    this.#resume();
  }

  get state(): FoldState {
    return this.#state;
  }

  /** How far the journal was read, one entry a segment. */
  get through(): Cursor[] {
    return [...this.#cursors].map(([segment, offset]) => ({ segment, offset }));
  }

  /** Starts from the newest archive, or from nothing. */
  #resume(): void {
    this.#takenIds = null;
    this.#cursors.clear();
    this.#renderer = new DocumentRenderer();
    const newest = newestArchive(this.#stateDir, setArchiveAside);
    if (!newest?.head.carry) {
      this.#state = createState();
      this.#idBlocks = [];
      this.#segment = listSegments(this.#stateDir)[0] ?? 1;
      return;
    }
    const { carry, through } = newest.head;
    this.#state = resumeFold(carry);
    this.#idBlocks = carry.ids;
    this.#segment = newest.number + 1;
    for (const { segment, offset } of through) this.#cursors.set(segment, offset);
  }

  /** Starts from the document that is there; false if it cannot. */
  #resumeBehindDocument(): boolean {
    const resumed = resumeBehindDocument(this.#stateDir);
    if (!resumed) return false;
    this.#state = resumed.state;
    this.#renderer = new DocumentRenderer(resumed.events);
    this.#idBlocks = resumed.idBlocks;
    this.#takenIds = resumed.ids;
    this.#segment = resumed.segment;
    for (const { segment, offset } of resumed.through) this.#cursors.set(segment, offset);
    return true;
  }

  /** Folds everything that the journal has and this keeper has not; archives the documents that became full by it. */
  catchUp(): void {
    for (;;) {
      const segments = listSegments(this.#stateDir);
      // Shorter than what was read: somebody removed the folder, and what is there now is another journal.
      if (segments.some(segment => segmentSize(this.#stateDir, segment) < (this.#cursors.get(segment) ?? 0)))
        this.#resume();
      // Late lines of older segments are read like any other: they belong to the document that is kept now.
      for (const segment of segments) if (segment <= this.#segment) this.#read(segment);
      if (this.#takenIds !== null && this.#state.reachesBack) {
        // A fact changed an event that was taken over as text.
        this.#resume();
        continue;
      }
      if ((segments.at(-1) ?? 0) <= this.#segment) return;
      this.#archive();
    }
  }

  #read(segment: number): void {
    const from = this.#cursors.get(segment) ?? 0;
    this.#cursors.set(segment, readFacts(this.#stateDir, segment, from, this.#sink));
  }

  /**
   * Folds facts that this process just appended to the newest segment, without reading them back. Only if nobody else
   * wrote: then the segment has grown by exactly their bytes.
   *
   * @returns false if somebody else wrote too, and `catchUp` must read what is there.
   */
  foldOwn(segment: number, facts: readonly Fact[], bytes: number): boolean {
    const from = this.#cursors.get(segment) ?? 0;
    if (facts.length === 0 || segment !== this.#segment || segmentSize(this.#stateDir, segment) !== from + bytes)
      return false;
    for (const fact of facts) applyFact(this.#state, fact);
    this.#cursors.set(segment, from + bytes);
    return true;
  }

  #archive(): void {
    const number = this.#segment;
    const before = listArchives(this.#stateDir).at(-1) ?? 0;
    if (before < number) {
      const carry = carryOver(this.#state, this.#idBlocks, idsOf(this.#takenIds ?? ''));
      const pieces = this.#renderer.render(this.#state, this.through, { carry });
      if (publishArchive(this.#stateDir, number, pieces)) {
        this.#state = resumeFold(carry);
        this.#idBlocks = carry.ids;
        this.#takenIds = null;
        this.#renderer = new DocumentRenderer();
        this.#segment = number + 1;
        return;
      }
    }
    // Somebody else archived it, perhaps having read more or less: go on from what stands there.
    this.#resume();
  }

  /** True if the journal holds a whole line that was not folded. */
  isBehind(): boolean {
    return isBehind(this.#stateDir, this.through);
  }

  /**
   * Writes the document. Drops its own if somebody else put one there since `version` was taken, which may know more.
   *
   * @returns false if it was dropped.
   */
  write(version: string | null): boolean {
    const pieces = this.#renderer.render(this.#state, this.through);
    const path = documentPath(this.#stateDir);
    const temporary = writeTemporary(path, pieces);
    if (versionOf(path) !== version) {
      discard(temporary);
      return false;
    }
    publish(temporary, path);
    this.#writtenBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (this.#renderer.sizeBytes >= this.#maxBytes) createSegment(this.#stateDir, this.#segment + 1);
    return true;
  }

  /** Leaves a point from which the next process can go on from the document that was just written. */
  saveResumePoint(): void {
    if (this.#writtenBytes > MAX_RESUMED_BYTES) return;
    const point = resumePointOf(this.#state, this.#idBlocks, this.#takenIds ?? '');
    writeResumePoint(this.#stateDir, { through: this.through, size: this.#writtenBytes, point });
  }
}

/** Changes when somebody replaces the file; null if there is none. An inode alone is soon used again. */
export function versionOf(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.ino} ${stats.mtimeMs} ${stats.size}` : null;
}
