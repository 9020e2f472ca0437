/**
 * The fold as the relay follows it: a block of the journal at a time, without the events, which are for the document.
 * Where a segment is done with, it goes on from what the archive of that segment carried over.
 */
import { forEachBlock } from '../src/journal/read-blocks.ts';
import { segmentSize } from '../src/journal/read-facts.ts';
import { listSegments, segmentPath } from '../src/journal/segments.ts';
import type { Activity } from '../src/model/activity.ts';
import { archivedIds } from '../src/model/archived-ids.ts';
import { resumeFold } from '../src/model/carry.ts';
import type { Fact } from '../src/model/fact.ts';
import { applyFact } from '../src/model/fold.ts';
import { parseFact } from '../src/model/parse-fact.ts';
import { createState, type FoldState } from '../src/model/state.ts';
import { archivePath, listArchives, readHead } from '../src/store/archive.ts';
import { IdSet } from '../src/store/relay/sent-ids.ts';

export interface EndedActivity {
  readonly activity: Activity;
  /** Place of the journal behind the fact by which it ended. */
  readonly segment: number;
  readonly offset: number;
  /** What was found of it in this pass; null: nothing yet. */
  isReady: boolean | null;
}

/** As many facts as make a batch or two. */
const BLOCK_BYTES = 1 << 18;

export class JournalFold {
  readonly #stateDir: string;
  readonly #onFact: (fact: Fact) => void;
  readonly #cursors = new Map<number, number>();
  #state: FoldState = createState();
  #from: number;
  #ended: EndedActivity[] = [];
  /** Ids of what was forgotten: told again, it is known. */
  #forgotten = new IdSet();
  /** Runs that may go on: the last ones of their sessions. */
  #lastRuns: Activity[] = [];

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
    // What is read once more is folded once more: what was handed out of it is known to who handed it out.
    const forgotten = new IdSet();
    this.#forgotten = forgotten;
    const isArchived = head?.carry && archivedIds(head.carry.ids);
    this.#state =
      head?.carry && isArchived
        ? resumeFold(head.carry, id => forgotten.has(id) || isArchived(id))
        : createState(id => forgotten.has(id));
    this.#lastRuns = [];
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
    const path = segmentPath(this.#stateDir, segment);
    const take = (text: string, bytes: number): boolean => {
      // Of other texts only bytes tell places, and counting those of each line would take long: then it is the end.
      const isPlain = text.length === bytes;
      let offset = isPlain ? from : from + bytes;
      for (const line of text.split('\n')) {
        if (isPlain) offset += line.length + 1;
        if (line !== '') this.#take(line, segment, offset);
      }
      read = bytes;
      return false;
    };
    forEachBlock(path, from, take, BLOCK_BYTES);
    this.#cursors.set(segment, from + read);
    return read > 0;
  }

  /** `offset`: behind the line. */
  #take(line: string, segment: number, offset: number): void {
    const fact = parseFact(line);
    if (typeof fact === 'string') return;
    applyFact(this.#state, fact);
    // Rendered by nobody here, and there is one for each start, end and note.
    for (const event of this.#state.events) {
      if (event.kind === 'end') this.#ended.push({ activity: event.activity, segment, offset, isReady: null });
    }
    this.#state.events.length = 0;
    this.#state.touched.clear();
    this.#onFact(fact);
  }

  /** The activities that ended since the last call, in the order of the journal. */
  takeEnded(): EndedActivity[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /**
   * Everything that is there is read and done with: leaves the segments before the newest behind, if they are archived
   * and what the archive carries over is all that is needed of them.
   */
  leaveBehind(): void {
    const newest = listSegments(this.#stateDir).at(-1) ?? 1;
    if (newest <= this.#from || !listArchives(this.#stateDir).includes(newest - 1)) return;
    // Of what goes on, notes and agents that are over stand in the archive alone.
    for (const { direct, notes, children } of this.#state.open.values()) {
      if (direct !== true && ((notes?.length ?? 0) > 0 || (children?.length ?? 0) > 0)) return;
    }
    const head = readHead(archivePath(this.#stateDir, newest - 1));
    // The archive may know more: that would never be seen here.
    if (!head?.carry || head.through.some(at => at.offset > (this.#cursors.get(at.segment) ?? 0))) return;
    this.#from = newest;
    this.#begin();
  }

  /**
   * Everything of an activity was handed out. Once that holds for a whole tree it is forgotten: in a long journal all but
   * what goes on would otherwise stay in memory.
   */
  doneWith(activity: Activity): void {
    if (activity.parent !== null && this.#state.activities.has(activity.parent)) return;
    if (activity.run === undefined) return this.#forget(activity);
    const runs = this.#lastRuns;
    this.#lastRuns = [];
    for (const run of [...runs, activity]) {
      if (this.#state.sessions.get(run.session)?.lastRun === run.run) this.#lastRuns.push(run);
      else this.#forget(run);
    }
  }

  #forget({ span, children, notes }: Activity): void {
    const { activities, seen } = this.#state;
    activities.delete(span);
    this.#forgotten.add(span);
    for (const { id } of notes ?? []) {
      seen.delete(id);
      this.#forgotten.add(id);
    }
    for (const below of children ?? []) {
      const child = activities.get(below);
      if (child) this.#forget(child);
    }
  }

  /** The same of a request, which stands in no tree. */
  doneWithRequest(id: string): void {
    this.#state.seen.delete(id);
    this.#forgotten.add(id);
  }

  agentsBelow(activity: Activity): number {
    let count = 0;
    for (const span of activity.children ?? []) {
      const child = this.#state.activities.get(span);
      if (child) count += this.agentsBelow(child) + (child.level === 'agent' ? 1 : 0);
    }
    return count;
  }

  /** Facts that were not read, by the length of the first of them, and the time of the first. */
  unread(): { facts: number; oldestAt: number | null } {
    let facts = 0;
    let oldestAt: number | null = null;
    for (const segment of listSegments(this.#stateDir)) {
      const from = this.#cursors.get(segment) ?? 0;
      const path = segmentPath(this.#stateDir, segment);
      const first = (text: string, bytes: number): boolean => {
        const lines = text.split('\n').filter(line => line !== '');
        facts += Math.ceil(((segmentSize(this.#stateDir, segment) - from) / bytes) * lines.length);
        const fact = oldestAt === null && lines[0] !== undefined ? parseFact(lines[0]) : 'unknown';
        if (typeof fact !== 'string') oldestAt = fact.at;
        return false;
      };
      forEachBlock(path, from, first, BLOCK_BYTES);
    }
    return { facts, oldestAt };
  }
}
