/**
 * Folds the journal of a state folder for somebody who only looks: nothing is written, and each call gives the events
 * that changed since the one before. It begins behind the document where that can be, so that a long history costs
 * nothing; what the document says already is its text, `before`.
 */
import { readFacts, segmentSize } from '../journal/read-facts.ts';
import { listSegments } from '../journal/segments.ts';
import type { Activity } from '../model/activity.ts';
import { resumeFold } from '../model/carry.ts';
import type { PipelineEvent, PipelineHead } from '../model/document-schema.ts';
import { applyFact } from '../model/fold.ts';
import { documentHead } from '../model/render-document.ts';
import { renderEvent } from '../model/render-event.ts';
import { createState, type EventSlot, type FoldState } from '../model/state.ts';
import { listArchives, newestArchive } from './archive.ts';
import { resumeBehindDocument } from './resume-behind-document.ts';

export class FoldReader {
  readonly #stateDir: string;
  readonly #cursors = new Map<number, number>();
  #state: FoldState = createState();
  #before: Buffer = Buffer.alloc(0);
  /** The newest archive that the state begins behind. */
  #archive = 0;
  #beginnings = 0;

  constructor(stateDir: string) {
    this.#stateDir = stateDir;
    this.#begin();
  }

  get state(): FoldState {
    return this.#state;
  }

  /** The text of the events that the document had when this began, and that the state has not. */
  get before(): Buffer {
    return this.#before;
  }

  /** Another number after the folder was replaced, when all that was read before is of no use any more. */
  get beginnings(): number {
    return this.#beginnings;
  }

  get head(): PipelineHead {
    const through = [...this.#cursors].map(([segment, offset]) => ({ segment, offset }));
    // As any reader of the file gets it: without what is undefined.
    return JSON.parse(JSON.stringify(documentHead(this.#state, through))) as PipelineHead;
  }

  /** Reads what is new. Returns the events that are new, or not what they were; some may come though they are the same. */
  catchUp(): PipelineEvent[] {
    const segments = listSegments(this.#stateDir);
    // Shorter than what was read: somebody removed the folder, and what is there now is another journal.
    const isOther = [...this.#cursors].some(([segment, offset]) => segmentSize(this.#stateDir, segment) < offset);
    if (isOther && !this.#isPruned(segments)) this.#begin();
    this.#read();
    const events = this.#changed();
    const newest = listArchives(this.#stateDir).at(-1) ?? 0;
    if (newest <= this.#archive) return events;
    // What is archived need not be held in memory any longer.
    this.#beginBehindArchive();
    this.#read();
    return [...events, ...this.#changed()];
  }

  /** Old segments are removed by a pruning, and then those behind them are what they were. */
  #isPruned(segments: readonly number[]): boolean {
    const newest = Math.max(...this.#cursors.keys());
    return segments.includes(newest) && segmentSize(this.#stateDir, newest) >= (this.#cursors.get(newest) ?? 0);
  }

  #begin(): void {
    this.#beginnings++;
    this.#cursors.clear();
    this.#before = Buffer.alloc(0);
    const resumed = resumeBehindDocument(this.#stateDir);
    if (!resumed) {
      this.#beginBehindArchive();
      return;
    }
    this.#archive = listArchives(this.#stateDir).at(-1) ?? 0;
    this.#state = resumed.state;
    this.#before = resumed.events;
    for (const { segment, offset } of resumed.through) this.#cursors.set(segment, offset);
  }

  #beginBehindArchive(): void {
    const newest = newestArchive(this.#stateDir, () => {});
    this.#archive = listArchives(this.#stateDir).at(-1) ?? 0;
    this.#cursors.clear();
    this.#state = newest?.head.carry ? resumeFold(newest.head.carry) : createState();
    if (!newest?.head.carry) return;
    for (const { segment, offset } of newest.head.through) this.#cursors.set(segment, offset);
  }

  #read(): void {
    for (const segment of listSegments(this.#stateDir)) {
      const end = readFacts(this.#stateDir, segment, this.#cursors.get(segment) ?? 0, {
        onFact: fact => applyFact(this.#state, fact),
        onSkipped: reason => {
          this.#state.skipped[reason]++;
        },
      });
      this.#cursors.set(segment, end);
    }
  }

  #changed(): PipelineEvent[] {
    const state = this.#state;
    const slots: EventSlot[] = [...state.reached].flatMap(eventsOf);
    for (const index of [...state.touched].sort((a, b) => a - b)) {
      const slot = state.events[index];
      if (slot) slots.push(slot);
    }
    state.touched.clear();
    state.reached.clear();
    return slots.map(slot => JSON.parse(renderEvent(state, slot)) as PipelineEvent);
  }
}

const eventsOf = (activity: Activity): EventSlot[] =>
  activity.end
    ? [
        { kind: 'start', activity },
        { kind: 'end', activity },
      ]
    : [{ kind: 'start', activity }];
