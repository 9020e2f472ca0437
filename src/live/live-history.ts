/**
 * What a state folder tells, held in memory and kept up while it grows: the newest first, so that a screen fills at
 * once, and the rest of a long history a slice at a time. Only looks, but for one thing that every query does: what dead
 * processes left open is ended.
 */
import { systemErrorCode } from '../errors.ts';
import type { PipelineEvent, PipelineHead } from '../model/document-schema.ts';
import type { FoldState } from '../model/state.ts';
import { ActivityTable } from '../query/runs/activity-table.ts';
import { archivePath, listArchives } from '../store/archive.ts';
import { EventLines } from '../store/event-lines.ts';
import { FoldReader } from '../store/fold-reader.ts';
import { appendLost, lostFacts } from '../store/sweep-lost.ts';

/** A slice of the history, in bytes: some ten milliseconds of work. */
const SLICE_BYTES = 1 << 18;
/** What is read before the first answer: some hundred runs. */
const FIRST_BYTES = 1 << 20;
const SWEEP_MILLIS = 5000;

export interface LiveHistoryOptions {
  stateDir: string;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Told what is missing from the answers, once each. */
  say: (message: string) => void;
  /** Told of what came in since the beginning, after it was taken in; an event may come again, with more in it. */
  onEvents?: ((events: readonly PipelineEvent[]) => void) | undefined;
}

export class LiveHistory {
  readonly #options: LiveHistoryOptions;
  readonly #said = new Set<string>();
  #fold: FoldReader;
  #beginnings = 0;
  #table = new ActivityTable();
  /** Text that is being read, and the archives behind it, the newest last. */
  #lines = EventLines.none();
  #archives: number[] = [];
  #sweptAt = 0;

  constructor(options: LiveHistoryOptions) {
    this.#options = options;
    this.#fold = new FoldReader(options.stateDir);
    this.#begin();
  }

  get table(): ActivityTable {
    return this.#table;
  }

  /** Head of the document, as it is or will be written. */
  get head(): PipelineHead {
    return this.#fold.head;
  }

  /** What only the fold knows: sessions, agents' ids. */
  get state(): FoldState {
    return this.#fold.state;
  }

  /** True once all archives were read. */
  get isWhole(): boolean {
    return this.#lines.isDone && this.#archives.length === 0 && this.#fold.isSettled;
  }

  /** Takes in what the journal has new. Returns true if anything changed. */
  follow(): boolean {
    this.#sweep();
    const before = this.#table.version;
    const events = this.#fold.catchUp();
    if (this.#fold.beginnings !== this.#beginnings) {
      this.#begin();
      return true;
    }
    for (const event of events) this.#table.apply(event);
    if (events.length > 0) this.#options.onEvents?.(events);
    return this.#table.version !== before;
  }

  /** Reads a slice of what is older. To be called until `isWhole`, with room for other work in between. */
  readOlder(bytes = SLICE_BYTES): void {
    for (const event of this.#fold.older()) this.#table.apply(event);
    if (this.#lines.isDone) {
      const archive = this.#archives.pop();
      if (archive === undefined) return;
      this.#lines = this.#open(archivePath(this.#options.stateDir, archive));
    }
    for (const event of this.#lines.next(bytes)) this.#table.applyOlder(event);
  }

  /** To be called when no more is wanted. */
  close(): void {
    this.#lines.close();
  }

  #begin(): void {
    const before = this.#fold.beginnings;
    const events = this.#fold.catchUp();
    this.#beginnings = this.#fold.beginnings;
    this.#table = new ActivityTable();
    // Begun once more meanwhile, it gives all of them as older ones.
    if (this.#beginnings === before) for (const event of events) this.#table.apply(event);
    this.#lines = this.#fold.before;
    this.#archives = listArchives(this.#options.stateDir);
    this.readOlder(FIRST_BYTES);
    for (const active of this.head.active_activities) this.#table.applyActive(active);
  }

  #open(path: string): EventLines {
    try {
      return EventLines.open(path);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#sayOnce(`${reason}. Its events are missing here`);
      return EventLines.none();
    }
  }

  #sweep(): void {
    const now = this.#options.now();
    if (now - this.#sweptAt < SWEEP_MILLIS) return;
    this.#sweptAt = now;
    try {
      appendLost(this.#options.stateDir, lostFacts(this.#fold.state.open.values(), now));
    } catch (error) {
      this.#sayOnce(`${this.#options.stateDir} cannot be written (${systemErrorCode(error) ?? String(error)})`);
    }
  }

  #sayOnce(message: string): void {
    if (this.#said.size !== this.#said.add(message).size) this.#options.say(message);
  }
}
