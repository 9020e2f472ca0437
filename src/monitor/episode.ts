/** Something that goes wrong again and again is one episode: told when it begins, when its reason changes, when it ends. */
import type { MonitorLog } from './monitor-log.ts';

/** A reason that changes all the time is told no more often than this. */
const QUIET_MILLIS = 60_000;

export class Episode {
  readonly #what: string;
  readonly #log: MonitorLog;
  readonly #monotonic: () => number;
  #reason: string | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;
  #count = 0;

  /** `what`: what was being done, as in "the document could not be written". */
  constructor(what: string, log: MonitorLog, monotonic: () => number) {
    this.#what = what;
    this.#log = log;
    this.#monotonic = monotonic;
  }

  /** Why it goes wrong now; null while all is well. */
  get reason(): string | null {
    return this.#reason;
  }

  /** What goes wrong now and why, for people; null while all is well. */
  get problem(): string | null {
    return this.#reason === null ? null : `${this.#what}: ${this.#reason}`;
  }

  failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const isNew = this.#reason === null || (reason !== this.#reason && this.#monotonic() - this.#toldAt > QUIET_MILLIS);
    this.#count++;
    if (this.#reason === null || isNew) this.#reason = reason;
    if (!isNew) return;
    this.#toldAt = this.#monotonic();
    this.#log.warn(`${this.#what}: ${reason}; tried again`);
  }

  ended(): void {
    if (this.#reason === null) return;
    this.#log.info(`${this.#what}: all is well again, after ${this.#count} attempts that failed`);
    this.#reason = null;
    this.#count = 0;
    this.#toldAt = Number.NEGATIVE_INFINITY;
  }
}
