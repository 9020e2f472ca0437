/**
 * Looks for new usage: at its interval, soon after transcripts changed, when somebody asks, and when the last look said.
 * Never twice at once, and by itself with no more than a twentieth of the time.
 */
import type { Clock } from './clock.ts';
import type { Episode } from './episode.ts';
import type { PollResult, UsagePoller } from './usage-poller.ts';

/** Transcripts change in groups: the first change waits this long for the others. */
const HINT_MILLIS = 2000;
const REST_FACTOR = 20;
const MIN_RETRY_MILLIS = 5000;

export interface PollLoopOptions {
  clock: Clock;
  poll: UsagePoller;
  intervalMillis: number;
  /** What goes wrong with the looks. */
  episode: Episode;
  /** Called after each look that could be made. */
  onPolled?: () => void;
}

export class PollLoop {
  readonly #options: PollLoopOptions;
  #intervalMillis: number;
  /** On the monotonic clock: when the next look is due, and before when it does not begin by itself. */
  #dueAt = 0;
  #restUntil = 0;
  #retryMillis = MIN_RETRY_MILLIS;
  #lastAt: number | null = null;
  #endedAt = 0;
  #running: Promise<PollResult> | null = null;
  #cancel: (() => void) | null = null;
  #isStopped = true;

  constructor(options: PollLoopOptions) {
    this.#options = options;
    this.#intervalMillis = options.intervalMillis;
  }

  /** When the last look began that could be made, in milliseconds since 1970. */
  get lastAt(): number | null {
    return this.#lastAt;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  set intervalMillis(millis: number) {
    if (millis === this.#intervalMillis) return;
    this.#intervalMillis = millis;
    // A longer interval counts from the last look too.
    if (this.#lastAt !== null) this.#dueAt = this.#endedAt + millis;
    this.#arm();
  }

  /** The first look is made after `delayMillis`. */
  start(delayMillis: number): void {
    this.#isStopped = false;
    this.#dueAt = this.#options.clock.monotonic() + delayMillis;
    this.#arm();
  }

  /** Transcripts changed. */
  hint(): void {
    this.#dueAt = Math.min(this.#dueAt, this.#options.clock.monotonic() + HINT_MILLIS);
    this.#arm();
  }

  /** Somebody asks for a look now: one that begins after this, so that it sees what the asker saw. */
  async pollNow(): Promise<PollResult> {
    if (this.#running) await this.#running.catch(() => {});
    return this.#poll();
  }

  /** No more looks. Resolves when none is under way, which may be never. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    this.#cancel = null;
    await this.#running?.catch(() => {});
  }

  #arm(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#isStopped || this.#running) return;
    const { clock } = this.#options;
    const wait = Math.max(this.#dueAt, this.#restUntil) - clock.monotonic();
    // A failure is told by its episode.
    this.#cancel = clock.after(Math.max(0, wait), () => void this.#poll().catch(() => {}));
  }

  /** Joins a look that is under way. */
  #poll(): Promise<PollResult> {
    this.#running ??= this.#pollOnce().finally(() => {
      this.#running = null;
      this.#arm();
    });
    return this.#running;
  }

  async #pollOnce(): Promise<PollResult> {
    const { clock, poll, episode, onPolled } = this.#options;
    this.#cancel?.();
    this.#cancel = null;
    const began = clock.monotonic();
    const at = clock.now();
    // What is told from now on may have come too late for this look.
    this.#dueAt = Number.POSITIVE_INFINITY;
    let wait = this.#intervalMillis;
    try {
      const result = await poll(at);
      this.#lastAt = at;
      this.#retryMillis = MIN_RETRY_MILLIS;
      // The clock of the wall may have jumped, so what it says is held within the interval.
      if (result.next_at !== undefined) wait = Math.min(wait, Math.max(0, result.next_at - clock.now()));
      episode.ended();
      onPolled?.();
      return result;
    } catch (error) {
      episode.failed(error);
      wait = Math.min(wait, this.#retryMillis);
      this.#retryMillis *= 2;
      throw error;
    } finally {
      this.#endedAt = clock.monotonic();
      this.#restUntil = this.#endedAt + (this.#endedAt - began) * REST_FACTOR;
      this.#dueAt = Math.min(this.#dueAt, this.#endedAt + wait);
    }
  }
}
