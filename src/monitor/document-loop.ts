/**
 * Keeps `pipeline_progress.json` fresh: soon after each fact, and never with more than a twentieth of one core. The fold
 * stays in memory, so a refresh costs what is new, and the writing.
 */
import type { Cursor } from '../model/render-document.ts';
import { archiveDir } from '../store/archive.ts';
import { DocumentKeeper, versionOf } from '../store/document-keeper.ts';
import { documentPath } from '../store/document-path.ts';
import { isBehind } from '../store/is-behind.ts';
import { documentThrough } from '../store/refresh-document.ts';
import { setAsideIfUnreadable } from '../store/set-aside.ts';
import { appendLost, lostFacts } from '../store/sweep-lost.ts';
import { removeStaleTemporaries } from '../store/write-file.ts';
import type { Clock } from './clock.ts';
import type { Episode } from './episode.ts';
import { JournalNews } from './journal-news.ts';

/** How often it looks by itself: a hint from the file system may never come. */
const LOOK_MILLIS = 100;
/** How often while nothing happens, where the file system is known to give hints. */
const IDLE_LOOK_MILLIS = 1000;
const IDLE_AFTER_MILLIS = 60_000;
/** Writing may take 4 % of one core, which leaves something for the rest, */
const REST_FACTOR = 25;
/** and a sixth of the time: most of it is the disk's, and on a busy machine it may be long. */
const WAIT_FACTOR = 5;
/** After one that took very long, because something else held everything up, this is enough. */
const MAX_REST_MILLIS = 5000;
/** Facts come in groups: the first waits this long for the others. */
const HINT_MILLIS = 5;
/** Other writers may be quicker so often before this one waits for the next look. */
const MAX_ATTEMPTS = 5;
/** So long after the last writing, a point is left from which hooks and queries can go on. */
const QUIET_MILLIS = 1000;
const SWEEP_MILLIS = 5000;
const CLEAN_MILLIS = 60_000;
const MIN_RETRY_MILLIS = 500;
const MAX_RETRY_MILLIS = 30_000;

export interface DocumentLoopOptions {
  stateDir: string;
  clock: Clock;
  /** Size at which a document goes to the archive, in bytes. */
  maxBytes: number;
  /** What goes wrong with the document. */
  episode: Episode;
  /** Called when the journal had something new. */
  onFacts(): void;
  /** True if the file system was seen to give hints lately. */
  hasHints(): boolean;
  /** Time between looks in milliseconds, 100 by default. */
  lookMillis?: number;
}

export class DocumentLoop {
  readonly #options: DocumentLoopOptions;
  readonly #path: string;
  readonly #news: JournalNews;
  #maxBytes: number;
  #keeper: DocumentKeeper | null = null;
  /** The keeper has written once: only the first time it renders every event. */
  #isRendered = false;
  /** The document that was there at the last look, and how far it had read the journal; undefined before the first. */
  #version: string | null | undefined;
  #through: readonly Cursor[] = [];
  /** The journal or the document changed, and that was not dealt with yet. */
  #isDue = true;
  #isResumePointDue = false;
  #restUntil = 0;
  #newsAt = 0;
  #wroteAt = 0;
  #sweptAt = 0;
  #cleanedAt = Number.NEGATIVE_INFINITY;
  #retryMillis = MIN_RETRY_MILLIS;
  #cancel: (() => void) | null = null;
  #firesAt = 0;
  #isStopped = false;

  constructor(options: DocumentLoopOptions) {
    this.#options = options;
    this.#path = documentPath(options.stateDir);
    this.#news = new JournalNews(options.stateDir);
    this.#maxBytes = options.maxBytes;
  }

  set maxBytes(bytes: number) {
    if (bytes === this.#maxBytes) return;
    this.#maxBytes = bytes;
    this.#keeper = null;
    this.#isDue = true;
  }

  start(): void {
    this.#arm(0);
  }

  /** Somebody saw the journal change: look soon. */
  hint(): void {
    this.#arm(HINT_MILLIS);
  }

  /** Ends the loop, with a last look: what hooks left to this monitor until now is written. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#cancel?.();
    if (!this.#keeper) return;
    try {
      this.#refresh();
      this.#saveResumePoint();
    } catch {
      // The journal has everything, and the next query writes it.
    }
  }

  /** Fires after so many milliseconds, unless it fires sooner anyway. */
  #arm(millis: number): void {
    if (this.#isStopped) return;
    const { clock } = this.#options;
    const now = clock.monotonic();
    const at = Math.max(now + millis, this.#restUntil);
    if (this.#cancel && this.#firesAt <= at) return;
    this.#cancel?.();
    this.#firesAt = at;
    this.#cancel = clock.after(at - now, () => this.#step());
  }

  #step(): void {
    this.#cancel = null;
    const { episode, clock, hasHints, lookMillis = LOOK_MILLIS } = this.#options;
    try {
      const now = clock.monotonic();
      if (this.#news.look(this.#version)) this.#isDue = true;
      if (this.#isDue) this.#newsAt = now;
      if (this.#isDue) this.#isDue = !this.#refresh();
      this.#doChores();
      episode.ended();
      this.#retryMillis = MIN_RETRY_MILLIS;
      const isIdle = now - this.#newsAt > IDLE_AFTER_MILLIS && hasHints();
      this.#arm(isIdle ? Math.max(IDLE_LOOK_MILLIS, lookMillis) : lookMillis);
    } catch (error) {
      episode.failed(error);
      // What a failed fold left half done is built anew from the journal.
      this.#keeper = null;
      this.#isDue = true;
      this.#restUntil = clock.monotonic() + this.#retryMillis;
      this.#retryMillis = Math.min(MAX_RETRY_MILLIS, 2 * this.#retryMillis);
      this.#arm(0);
    }
  }

  /** True if the document now tells what the journal had; false if other writers were quicker again and again. */
  #refresh(): boolean {
    const { stateDir } = this.#options;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const version = versionOf(this.#path);
      if (version !== this.#version) this.#lookAtDocument(version);
      const keeper = this.#fold();
      if (!isBehind(stateDir, this.#through) || this.#write(keeper, version)) return true;
    }
    return false;
  }

  /** Another writer put a document there, or somebody took it away or damaged it. */
  #lookAtDocument(version: string | null): void {
    const through = documentThrough(this.#options.stateDir);
    if (through === null) setAsideIfUnreadable(this.#path);
    this.#through = through ?? [];
    this.#version = version;
    this.#isResumePointDue = false;
  }

  #fold(): DocumentKeeper {
    const { stateDir, onFacts } = this.#options;
    const before = this.#keeper && readBytes(this.#keeper);
    if (!this.#keeper) this.#isRendered = false;
    this.#keeper ??= new DocumentKeeper(stateDir, this.#maxBytes);
    this.#keeper.catchUp();
    if (before !== null && before !== readBytes(this.#keeper)) onFacts();
    return this.#keeper;
  }

  #write(keeper: DocumentKeeper, version: string | null): boolean {
    const isWritten = this.#isRendered ? this.#timed(() => keeper.write(version)) : keeper.write(version);
    this.#isRendered = true;
    if (!isWritten) return false;
    this.#version = versionOf(this.#path);
    this.#through = keeper.through;
    this.#wroteAt = this.#options.clock.monotonic();
    this.#isResumePointDue = true;
    return true;
  }

  /** Does something that costs, and rests afterwards in proportion. */
  #timed<T>(act: () => T): T {
    const { clock } = this.#options;
    const before = { at: clock.monotonic(), cpu: clock.cpu() };
    const result = act();
    const now = clock.monotonic();
    const rest = Math.max((clock.cpu() - before.cpu) * REST_FACTOR, (now - before.at) * WAIT_FACTOR);
    this.#restUntil = Math.max(this.#restUntil, now) + Math.min(MAX_REST_MILLIS, rest);
    return result;
  }

  #doChores(): void {
    const { clock, stateDir } = this.#options;
    const now = clock.monotonic();
    if (this.#isResumePointDue && now - this.#wroteAt >= QUIET_MILLIS) this.#timed(() => this.#saveResumePoint());
    if (this.#keeper && now - this.#sweptAt >= SWEEP_MILLIS) {
      this.#sweptAt = now;
      appendLost(stateDir, lostFacts(this.#keeper.state.open.values(), clock.now()));
    }
    if (now - this.#cleanedAt >= CLEAN_MILLIS) {
      this.#cleanedAt = now;
      for (const folder of [stateDir, archiveDir(stateDir)]) removeStaleTemporaries(folder, clock.now());
    }
  }

  /** Only for a document of this loop that tells all that was folded: the point goes with that one. */
  #saveResumePoint(): void {
    if (!this.#isResumePointDue) return;
    this.#isResumePointDue = false;
    if (versionOf(this.#path) === this.#version) this.#keeper?.saveResumePoint();
  }
}

/** How much of the journal a keeper has read. */
const readBytes = (keeper: DocumentKeeper): number => keeper.through.reduce((sum, { offset }) => sum + offset, 0);
