/**
 * Folds the journal of a state folder for somebody who only looks: nothing is written, and each call gives the events
 * that changed since the one before. It begins behind the document where that can be, so that a long history costs
 * nothing; what the document says already is its text, `before`. Where a fact changes something in that text, the
 * segment is folded from its beginning, a piece with each call; when that is done, this has begun anew.
 */
import { SpanbookError } from '../errors.ts';
import { type FactSink, readFacts, segmentSize } from '../journal/read-facts.ts';
import { listSegments } from '../journal/segments.ts';
import type { Activity } from '../model/activity.ts';
import { resumeFold } from '../model/carry.ts';
import type { PipelineEvent, PipelineHead } from '../model/document-schema.ts';
import { applyFact } from '../model/fold.ts';
import { documentHead } from '../model/render-document.ts';
import { renderEvent } from '../model/render-event.ts';
import { createState, type EventSlot, type FoldState } from '../model/state.ts';
import { listArchives, newestArchive } from './archive.ts';
import { documentPath } from './document-path.ts';
import { EventLines } from './event-lines.ts';
import { MAX_RESUMED_BYTES, resumeBehind } from './resume-behind-document.ts';

/** How much of the journal a call folds from the beginning, in bytes, and how many events it gives of that. */
const PIECE_BYTES = 1 << 19;
const PIECE_EVENTS = 1000;

interface Fold {
  state: FoldState;
  cursors: Map<number, number>;
}

export class FoldReader {
  readonly #stateDir: string;
  #fold: Fold = { state: createState(), cursors: new Map() };
  /** The same from the beginning of the segment, as far as it has come; null if it is not needed. */
  #whole: Fold | null = null;
  /** Events that are still to be given. */
  #waiting: EventSlot[] = [];
  #before = EventLines.none();
  /** Begun behind the document: events of this segment stand before those of the state. */
  #isResumed = false;
  /** The newest archive that the state begins behind. */
  #archive = 0;
  #beginnings = 0;

  constructor(stateDir: string) {
    this.#stateDir = stateDir;
    this.#begin();
  }

  get state(): FoldState {
    return this.#fold.state;
  }

  /** The events that the document had when this began, and that the state has not. */
  get before(): EventLines {
    return this.#before;
  }

  /** Another number when all that was given before is of no use any more: begun anew, or folded from the beginning. */
  get beginnings(): number {
    return this.#beginnings;
  }

  /** False while something is folded from the beginning, or not all of it was given yet. */
  get isSettled(): boolean {
    return this.#whole === null && this.#waiting.length === 0;
  }

  get head(): PipelineHead {
    const through = [...this.#fold.cursors].map(([segment, offset]) => ({ segment, offset }));
    // As any reader of the file gets it: without what is undefined.
    return JSON.parse(JSON.stringify(documentHead(this.state, through))) as PipelineHead;
  }

  /**
   * Reads what is new. Returns the events that are new, or not what they were; some may come though they are the same.
   * None after a beginning: then all of them are to be asked for with `older`.
   */
  catchUp(): PipelineEvent[] {
    const before = this.#beginnings;
    const segments = listSegments(this.#stateDir);
    // Shorter than what was read: somebody removed the folder, and what is there now is another journal.
    const isOther = [...this.#fold.cursors].some(([segment, offset]) => segmentSize(this.#stateDir, segment) < offset);
    if (isOther && !this.#isPruned(segments)) this.#begin();
    this.#read();
    const events: PipelineEvent[] = [];
    const newest = listArchives(this.#stateDir).at(-1) ?? 0;
    if (newest > this.#archive) {
      if (this.#beginnings === before) events.push(...this.#changed());
      // What was wrong stands right in the archive.
      if (this.#whole) this.#beginAnew();
      // What is archived need not be held in memory any longer.
      this.#beginBehindArchive();
      this.#read();
    }
    if (this.#whole) this.#foldPiece(this.#whole);
    if (this.#beginnings === before) return [...events, ...this.#changed()];
    this.#waiting = this.#changedSlots();
    return [];
  }

  /** Some of the events there were at a beginning, the newest first. To be called until it is settled. */
  older(): PipelineEvent[] {
    const { state } = this;
    return this.#waiting
      .splice(-PIECE_EVENTS)
      .reverse()
      .map(slot => eventOf(state, slot));
  }

  /** Old segments are removed by a pruning, and then those behind them are what they were. */
  #isPruned(segments: readonly number[]): boolean {
    const { cursors } = this.#fold;
    const newest = Math.max(...cursors.keys());
    return segments.includes(newest) && segmentSize(this.#stateDir, newest) >= (cursors.get(newest) ?? 0);
  }

  #begin(): void {
    this.#beginAnew();
    const before = this.#openDocument();
    const { head, size } = before;
    const resumed = head && size <= MAX_RESUMED_BYTES ? resumeBehind(this.#stateDir, head.through, size) : null;
    if (!resumed) {
      before.close();
      this.#beginBehindArchive();
      return;
    }
    const cursors = new Map(resumed.through.map(({ segment, offset }) => [segment, offset]));
    this.#fold = { state: resumed.state, cursors };
    this.#archive = listArchives(this.#stateDir).at(-1) ?? 0;
    this.#before = before;
    this.#isResumed = true;
    this.#whole = null;
    this.#waiting = [];
  }

  /** What was given is of no use any more. */
  #beginAnew(): void {
    this.#beginnings++;
    this.#before.close();
    this.#before = EventLines.none();
  }

  #openDocument(): EventLines {
    try {
      return EventLines.open(documentPath(this.#stateDir));
    } catch (error) {
      // Damaged, or not ours: the journal tells all of it.
      if (error instanceof SpanbookError) return EventLines.none();
      throw error;
    }
  }

  #beginBehindArchive(): void {
    this.#archive = listArchives(this.#stateDir).at(-1) ?? 0;
    this.#fold = this.#behindArchive();
    this.#isResumed = false;
    this.#whole = null;
    this.#waiting = [];
  }

  #behindArchive(): Fold {
    const head = newestArchive(this.#stateDir, () => {})?.head;
    if (!head?.carry) return { state: createState(), cursors: new Map() };
    const cursors = new Map(head.through.map(({ segment, offset }) => [segment, offset]));
    return { state: resumeFold(head.carry), cursors };
  }

  #read(): void {
    const { state, cursors } = this.#fold;
    const reached = new Set<Activity>();
    let isWrong = false;
    for (const segment of listSegments(this.#stateDir)) {
      const end = readFacts(this.#stateDir, segment, cursors.get(segment) ?? 0, {
        onFact: fact => {
          applyFact(state, fact);
          if (!state.reachesBack) return;
          // What it changed is known by its activity, or only the whole segment can tell.
          if (state.reached.size === 0) isWrong = true;
          for (const activity of state.reached) reached.add(activity);
          state.reached.clear();
          state.reachesBack = false;
        },
        onSkipped: reason => {
          state.skipped[reason]++;
        },
      });
      cursors.set(segment, end);
    }
    for (const activity of reached) state.reached.add(activity);
    // What an archive says stays as it is.
    if (isWrong && this.#isResumed) this.#whole ??= this.#behindArchive();
  }

  #foldPiece(whole: Fold): void {
    let left = PIECE_BYTES;
    for (const segment of listSegments(this.#stateDir)) {
      const from = whole.cursors.get(segment) ?? 0;
      const end = readFacts(this.#stateDir, segment, from, sinkOf(whole.state, left));
      whole.cursors.set(segment, end);
      left -= end - from;
      if (left <= 0) return;
    }
    this.#fold = whole;
    this.#whole = null;
    this.#isResumed = false;
    this.#beginAnew();
  }

  #changed(): PipelineEvent[] {
    return this.#changedSlots().map(slot => eventOf(this.state, slot));
  }

  #changedSlots(): EventSlot[] {
    const { state } = this;
    const slots: EventSlot[] = [...state.reached].flatMap(eventsOf);
    for (const index of [...state.touched].sort((a, b) => a - b)) {
      const slot = state.events[index];
      if (slot) slots.push(slot);
    }
    state.touched.clear();
    state.reached.clear();
    return slots;
  }
}

const sinkOf = (state: FoldState, atMost: number): FactSink => ({
  atMost,
  onFact: fact => applyFact(state, fact),
  onSkipped: reason => {
    state.skipped[reason]++;
  },
});

const eventOf = (state: FoldState, slot: EventSlot): PipelineEvent =>
  JSON.parse(renderEvent(state, slot)) as PipelineEvent;

const eventsOf = (activity: Activity): EventSlot[] =>
  activity.end
    ? [
        { kind: 'start', activity },
        { kind: 'end', activity },
      ]
    : [{ kind: 'start', activity }];
