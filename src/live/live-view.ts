/**
 * A state folder as somebody watches it: history, requests and usage, followed at a pace that costs next to nothing.
 * `watch` and the dashboard stand on it.
 */
import { existsSync } from 'node:fs';
import { keepUsage } from '../keep-usage.ts';
import type { PipelineEvent, UsageRow } from '../model/document-schema.ts';
import { spanOfEventId } from '../model/ids.ts';
import { type Clock, realClock } from '../monitor/clock.ts';
import { Episode } from '../monitor/episode.ts';
import { PollLoop } from '../monitor/poll-loop.ts';
import { TranscriptWatch } from '../monitor/transcript-watch.ts';
import type { PollResult } from '../monitor/usage-poller.ts';
import type { ActivityRow } from '../query/runs/activity-row.ts';
import { RunLister } from '../query/runs/list-runs.ts';
import { readUsageInThreads, type UsageRead } from '../read-usage.ts';
import { isKept } from '../store/heartbeat.ts';
import { LiveHistory } from './live-history.ts';
import { LiveRequests } from './live-requests.ts';

/** How often it looks at the journal and the ledger: a few `stat` calls. */
const LOOK_MILLIS = 400;
/** Between slices of older history: room for questions. */
const PAUSE_MILLIS = 2;
/** Longer than this after the start nothing waits. */
const MAX_HOLD_MILLIS = 3000;
/** How often transcripts are looked at by themselves; sooner after a hint of the file system. */
const POLL_MILLIS = 30_000;
/** A monitor reads the transcripts; this only reads what it kept. */
const KEPT_POLL_MILLIS = 60_000;

export interface LiveViewOptions {
  stateDir: string;
  /** Folders of the client, each with `projects` in it. */
  claudeDirs: readonly string[];
  /** `usage_pricing.json` of the package. */
  pricingPath: string;
  /** The built worker that scans transcripts. */
  workerPath: string;
  say: (message: string) => void;
  /** Told of events that came in since the beginning; one may come again, with more in it. */
  onEvents?: ((events: readonly PipelineEvent[]) => void) | undefined;
  /** A state folder that is not there is not made: usage is read when it is. */
  waitsForFolder?: boolean;
  clock?: Clock;
}

export class LiveView {
  readonly history: LiveHistory;
  readonly requests: LiveRequests;
  readonly #options: LiveViewOptions;
  readonly #clock: Clock;
  readonly #polls: PollLoop;
  readonly #transcripts: TranscriptWatch;
  #lister: RunLister | null = null;
  #listed: LiveHistory['table'] | null = null;
  #usage: UsageRead | null = null;
  #onChange: () => void = () => {};
  #cancel: (() => void) | null = null;
  #isStopped = false;
  /** On the monotonic clock. */
  #startedAt = 0;
  #heldUntil = 0;
  /** Those who wait for the rest of the history. */
  readonly #waiting: (() => void)[] = [];
  #version = 0;

  constructor(options: LiveViewOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    const { stateDir, pricingPath, say } = options;
    const now = this.#clock.now;
    this.history = new LiveHistory({ stateDir, now, say, onEvents: options.onEvents });
    this.requests = new LiveRequests({ stateDir, pricingPath, now });
    const log = { info: () => {}, warn: say };
    const isWatched = isKept(stateDir, now());
    this.#polls = new PollLoop({
      clock: this.#clock,
      poll: at => this.#poll(at),
      intervalMillis: isWatched ? KEPT_POLL_MILLIS : POLL_MILLIS,
      episode: new Episode('usage cannot be read', log, this.#clock.monotonic),
    });
    this.#transcripts = new TranscriptWatch(options.claudeDirs, () => {
      if (!isKept(stateDir, now())) this.#polls.hint();
    });
  }

  /** Rises with every change that there is to show. */
  get version(): number {
    return this.#version;
  }

  /** What was used, as it was read last; null before the first reading. */
  get usage(): UsageRead | null {
    return this.#usage;
  }

  /** Lists runs; made anew when the folder was replaced. */
  get lister(): RunLister {
    const { table } = this.history;
    if (!this.#lister || this.#listed !== table) this.#lister = new RunLister(table);
    this.#listed = table;
    return this.#lister;
  }

  /**
   * `onChange` is called after every look that found something, and while older history comes in. `holdMillis`: usage and
   * older history wait so long, and longer after each `hold`, because whoever is to see the rest comes first.
   */
  start(onChange: () => void, holdMillis = 0): void {
    this.#onChange = onChange;
    this.#startedAt = this.#clock.monotonic();
    this.hold(holdMillis);
    this.#transcripts.refresh();
    this.#polls.start(holdMillis * 2);
    this.#arm(0);
  }

  /** Somebody is being answered: older history waits a little, but at the beginning only. */
  hold(millis: number): void {
    const until = Math.min(this.#clock.monotonic() + millis, this.#startedAt + MAX_HOLD_MILLIS);
    this.#heldUntil = Math.max(this.#heldUntil, until);
  }

  /** Reads usage anew, and waits for it. */
  async readUsage(): Promise<UsageRead> {
    await this.#polls.pollNow();
    if (!this.#usage) throw new Error('usage: expected a reading, got none');
    return this.#usage;
  }

  /** Resolves when all that was ever recorded is in memory. */
  whenWhole(): Promise<void> {
    if (this.history.isWhole) return Promise.resolve();
    return new Promise(resolve => this.#waiting.push(resolve));
  }

  /** What an open activity has used itself so far. */
  readonly usageOf = (row: ActivityRow): UsageRow | null => {
    const span = spanOfEventId(row.id);
    return span === null ? null : this.requests.usageOf(span);
  };

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    this.#transcripts.close();
    await this.#polls.stop();
    this.requests.close();
    this.history.close();
  }

  get #isHeld(): boolean {
    return this.#waiting.length === 0 && this.#clock.monotonic() < this.#heldUntil;
  }

  #arm(millis: number): void {
    if (this.#isStopped) return;
    this.#cancel = this.#clock.after(millis, () => this.#look());
  }

  #look(): void {
    try {
      const isWhole = this.history.isWhole;
      if (!isWhole && !this.#isHeld) this.history.readOlder();
      const hasNews = this.history.follow();
      const hasRequests = this.requests.refresh();
      if (hasNews || hasRequests || this.history.isWhole !== isWhole) this.#changed();
    } catch (error) {
      this.#options.say(error instanceof Error ? error.message : String(error));
    }
    if (this.history.isWhole) for (const resolve of this.#waiting.splice(0)) resolve();
    this.#arm(this.history.isWhole || this.#isHeld ? LOOK_MILLIS : PAUSE_MILLIS);
  }

  #changed(): void {
    this.#version++;
    this.#onChange();
  }

  async #poll(now: number): Promise<PollResult> {
    const { stateDir, say, waitsForFolder } = this.#options;
    if (waitsForFolder && !existsSync(stateDir)) return { changed: false };
    const read = await readUsageInThreads({ ...this.#options, now, helps: false });
    if (read.news && read.isKept) keepUsage(read, { stateDir, now, say });
    const isNew = read.news !== null || this.#usage === null;
    this.#usage = read;
    this.#transcripts.refresh();
    if (isNew) {
      this.#changed();
      // It told the journal and the ledger what it found.
      this.#cancel?.();
      this.#arm(0);
    }
    return { changed: isNew, ...(read.news?.next_at ? { next_at: read.news.next_at } : {}) };
  }
}
