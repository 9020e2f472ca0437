/**
 * The fold as the relay follows it: a block of the journal at a time, without the events, which are for the document.
 * Where a segment is done with, it goes on from what the archive of that segment carried over.
 */
import { forEachBlock } from '../src/journal/read-blocks.ts';
import { segmentSize } from '../src/journal/read-facts.ts';
import { listSegments, segmentPath } from '../src/journal/segments.ts';
import type { Activity } from '../src/model/activity.ts';
import { resumeFold } from '../src/model/carry.ts';
import type { Fact } from '../src/model/fact.ts';
import { applyFact } from '../src/model/fold.ts';
import { parseFact } from '../src/model/parse-fact.ts';
import { createState, type FoldState } from '../src/model/state.ts';
import { archivePath, listArchives, readHead } from '../src/store/archive.ts';

export class JournalFold {
  readonly #stateDir: string;
  readonly #onFact: (fact: Fact) => void;
  readonly #cursors = new Map<number, number>();
  #state: FoldState = createState();
  #from: number;
  #ended: Activity[] = [];

  /** `from`: the segment to begin with. `onFact`: called with each fact after it was folded. */
  constructor(stateDir: string, from: number, onFact: (fact: Fact) => void) {
    this.#stateDir = stateDir;
    this.#onFact = onFact;
    this.#from = from;
    this.#begin();
  }

  get state(): FoldState {
    return this.#state;
  }

  get fromSegment(): number {
    return this.#from;
  }

  /** Begins at a segment, with what is open from before, if that is known. */
  #begin(): void {
    this.#from = Math.max(this.#from, listSegments(this.#stateDir)[0] ?? 1);
    const before = this.#from - 1;
    const head = listArchives(this.#stateDir).includes(before) ? readHead(archivePath(this.#stateDir, before)) : null;
    this.#state = head?.carry ? resumeFold(head.carry) : createState();
    this.#cursors.clear();
    for (const { segment, offset } of head?.carry ? head.through : []) this.#cursors.set(segment, offset);
  }

  /** Reads the next block, late lines of older segments too. False: there was nothing to read. */
  read(): boolean {
    for (const segment of listSegments(this.#stateDir)) {
      const from = this.#cursors.get(segment) ?? 0;
      const size = segmentSize(this.#stateDir, segment);
      if (size < from) {
        // Another journal took the place of the one that was read.
        this.#from = 1;
        this.#begin();
        return true;
      }
      if (size > from && this.#readBlock(segment, from)) return true;
    }
    return false;
  }

  #readBlock(segment: number, from: number): boolean {
    let read = 0;
    forEachBlock(segmentPath(this.#stateDir, segment), from, (text, bytes) => {
      for (const line of text.split('\n')) if (line !== '') this.#take(line);
      read = bytes;
      return false;
    });
    this.#cursors.set(segment, from + read);
    return read > 0;
  }

  #take(line: string): void {
    const fact = parseFact(line);
    if (typeof fact === 'string') return;
    applyFact(this.#state, fact);
    // Rendered by nobody here, and there is one for each start, end and note.
    for (const event of this.#state.events) if (event.kind === 'end') this.#ended.push(event.activity);
    this.#state.events.length = 0;
    this.#state.touched.clear();
    this.#onFact(fact);
  }

  /** The activities that ended since the last call, in the order of the journal. */
  takeEnded(): Activity[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /** Everything that was read is done with: forgets the segments before the newest that was begun, if others keep them. */
  leaveBehind(): void {
    const newest = Math.max(this.#from, ...this.#cursors.keys());
    if (newest === this.#from || !listArchives(this.#stateDir).includes(newest - 1)) return;
    this.#from = newest;
    this.#begin();
  }

  agentsBelow(activity: Activity): number {
    let count = 0;
    for (const span of activity.children ?? []) {
      const child = this.#state.activities.get(span);
      if (child) count += this.agentsBelow(child) + (child.level === 'agent' ? 1 : 0);
    }
    return count;
  }

  /** Lines that were not read, and the time of the first of them. */
  unread(): { facts: number; oldestAt: number | null } {
    let facts = 0;
    let oldestAt: number | null = null;
    for (const segment of listSegments(this.#stateDir)) {
      forEachBlock(segmentPath(this.#stateDir, segment), this.#cursors.get(segment) ?? 0, text => {
        for (const line of text.split('\n')) {
          if (line === '') continue;
          facts++;
          const fact = oldestAt === null ? parseFact(line) : 'unknown';
          if (typeof fact !== 'string') oldestAt = fact.at;
        }
        return true;
      });
    }
    return { facts, oldestAt };
  }
}
