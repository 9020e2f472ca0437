/** The relay as a service of the monitor: sends what becomes ready, for as long as the settings name an endpoint. */
import type { LeafSource } from './model/leaf.ts';
import type { Clock } from './monitor/clock.ts';
import { Episode } from './monitor/episode.ts';
import type { MonitorLog } from './monitor/monitor-log.ts';
import type { MonitorService } from './monitor/monitor-service.ts';
import type { OpenRelay } from './open-relay.ts';
import { type OtlpEndpoint, settledEndpoint } from './otlp-endpoint.ts';
import { shownUrl } from './processor/traces-url.ts';
import { takeRelayLock } from './relay-lock.ts';
import { keepHeapSmall } from './small-heap.ts';
import { versionOf } from './store/document-keeper.ts';
import { settingsPath } from './store/read-settings.ts';

const LOOK_MILLIS = 1000;
/** How far behind it is changes all the time while nothing goes out. */
const STATUS_MILLIS = 5000;
const RETRY_MILLIS = 5000;

export interface RelayServiceOptions {
  stateDir: string;
  leaves: LeafSource;
  clock: Clock;
  log: MonitorLog;
  lookMillis?: number;
}

export class RelayService implements MonitorService {
  readonly name = 'relay';
  readonly #options: RelayServiceOptions;
  readonly #episode: Episode;
  #settings: string | null | undefined;
  #endpoint: OtlpEndpoint | null = null;
  #relay: OpenRelay | null = null;
  #release: (() => void) | null = null;
  /** On the monotonic clock. */
  #waitUntil = 0;
  #statusAt = Number.NEGATIVE_INFINITY;
  #told = '';
  #running: Promise<void> | null = null;
  #cancel: (() => void) | null = null;
  #isStopped = false;

  constructor(options: RelayServiceOptions) {
    this.#options = options;
    this.#episode = new Episode('traces cannot be sent', options.log, options.clock.monotonic);
  }

  start(): void {
    this.#arm();
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    await this.#running;
    this.#close();
  }

  #arm(): void {
    if (this.#isStopped) return;
    const { clock, lookMillis = LOOK_MILLIS } = this.#options;
    this.#cancel = clock.after(lookMillis, () => {
      this.#running = this.#look().finally(() => {
        this.#running = null;
        this.#arm();
      });
    });
  }

  async #look(): Promise<void> {
    const { clock } = this.#options;
    try {
      this.#readSettings();
      if (!this.#endpoint || !(await this.#open(this.#endpoint))) return;
      if (clock.monotonic() >= this.#waitUntil) await this.#send();
      else if (clock.monotonic() - this.#statusAt > STATUS_MILLIS) this.#tell();
    } catch (error) {
      this.#episode.failed(error);
      this.#waitUntil = clock.monotonic() + RETRY_MILLIS;
      this.#close();
      // Wrong settings are told again with each look, and mended ones are read.
      if (!this.#endpoint) this.#settings = undefined;
    }
  }

  /** Other settings hold from the next look on. */
  #readSettings(): void {
    const { stateDir } = this.#options;
    const version = versionOf(settingsPath(stateDir));
    if (version === this.#settings) return;
    this.#settings = version;
    const before = this.#endpoint;
    this.#endpoint = null;
    const endpoint = settledEndpoint(stateDir);
    this.#endpoint = endpoint;
    if (JSON.stringify(endpoint) === JSON.stringify(before)) return;
    this.#close();
    this.#waitUntil = 0;
    if (endpoint) this.#options.log.info(`traces go to ${shownUrl(endpoint.url)}`);
  }

  /** False while another process sends to this endpoint. */
  async #open(endpoint: OtlpEndpoint): Promise<boolean> {
    if (this.#relay) return true;
    const { stateDir, leaves, clock } = this.#options;
    const lock = await takeRelayLock(stateDir, endpoint.url);
    if (!lock) return false;
    this.#release = () => lock.release();
    keepHeapSmall();
    const { OpenRelay } = await import('./open-relay.ts');
    this.#relay = new OpenRelay({ stateDir, endpoint, leaves, now: () => clock.now() });
    return true;
  }

  async #send(): Promise<void> {
    const { clock } = this.#options;
    const hold = await this.#relay?.drain(() => this.#mustStop());
    if (hold) {
      this.#waitUntil = clock.monotonic() + hold.waitMillis;
      this.#episode.failed(new Error(hold.reason));
    } else this.#episode.ended();
    this.#hold = hold ?? null;
    this.#tell();
  }

  /** Asked between two batches. */
  #mustStop(): boolean {
    const { stateDir, clock } = this.#options;
    if ((this.#relay?.held ?? 0) > 0 && clock.monotonic() - this.#statusAt > STATUS_MILLIS) {
      this.#statusAt = clock.monotonic();
      this.#relay?.writeStatus('sending', null);
    }
    return this.#isStopped || versionOf(settingsPath(stateDir)) !== this.#settings;
  }

  #hold: { state: 'holding' | 'wrong-destination'; reason: string } | null = null;

  /** Keeps the status, where it says something else than before. */
  #tell(): void {
    const relay = this.#relay;
    if (!relay) return;
    const key = JSON.stringify([relay.counts, relay.held, relay.waiting, this.#hold?.reason]);
    if (key === this.#told && !this.#hold) return;
    this.#told = key;
    this.#statusAt = this.#options.clock.monotonic();
    relay.writeStatus(this.#hold?.state ?? 'idle', this.#hold?.reason ?? null);
  }

  #close(): void {
    try {
      if (this.#isStopped) this.#relay?.writeStatus('stopped', this.#hold?.reason ?? null);
    } catch {
      // The folder is gone, or full: the next relay writes it.
    }
    this.#relay?.close();
    this.#relay = null;
    this.#release?.();
    this.#release = null;
    this.#told = '';
  }
}
