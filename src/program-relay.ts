/**
 * The relay inside of a program: what its spans told the journal goes to its endpoint while it runs, and at its flush.
 * What cannot be sent stays in the journal, for the next program, the monitor, or `spanbook ship`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { diag } from '@opentelemetry/api';
import type { SocketLock } from './monitor/socket-lock.ts';
import { OpenRelay } from './open-relay.ts';
import type { OtlpEndpoint } from './otlp-endpoint.ts';
import { takeRelayLock } from './relay-lock.ts';
import { isKept } from './store/heartbeat.ts';

const LOOK_MILLIS = 1000;
/** A program should not end late because a receiver does not answer, or because there is much that others left. */
const TIMEOUT_MILLIS = 3000;
const FLUSH_MILLIS = 3000;
const LOCK_LOOK_MILLIS = 20;

export interface ProgramRelayOptions {
  stateDir: string;
  endpoint: OtlpEndpoint;
}

export class ProgramRelay {
  readonly #options: ProgramRelayOptions;
  #relay: OpenRelay | null = null;
  #waitUntil = 0;
  #running: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;
  /** What is under way is not worth waiting for: the program has something else to do, or nothing. */
  #isIdle = true;

  constructor(options: ProgramRelayOptions) {
    this.#options = options;
    this.#arm();
  }

  /** Sends what is ready, for a few seconds at the most. Never rejects. */
  async flush(): Promise<void> {
    const deadline = performance.now() + FLUSH_MILLIS;
    this.#isIdle = false;
    if (this.#relay) this.#relay.isIdle = false;
    await this.#running;
    this.#waitUntil = 0;
    await this.#look(deadline);
    this.#isIdle = true;
    if (this.#relay) this.#relay.isIdle = true;
  }

  /** The same, and an end. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.flush();
    this.#isClosed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#relay?.close();
    this.#relay = null;
  }

  #arm(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      void this.#look(performance.now()).then(() => this.#arm());
    }, LOOK_MILLIS);
    this.#timer.unref();
  }

  /** One after the other. `deadline`: for how long the lock is waited for, on the monotonic clock. */
  #look(deadline: number): Promise<void> {
    this.#running = this.#running
      .then(() => this.#send(deadline))
      .catch((error: unknown) => {
        diag.warn(`spanbook: spans wait in ${this.#options.stateDir}: ${String(error)}`);
        this.#relay?.close();
        this.#relay = null;
      });
    return this.#running;
  }

  async #send(deadline: number): Promise<void> {
    if (this.#isClosed || performance.now() < this.#waitUntil) return;
    const lock = await this.#take(deadline);
    // Another process sends for all.
    if (!lock) return;
    try {
      const { stateDir, endpoint } = this.#options;
      this.#relay ??= new OpenRelay({ stateDir, endpoint, leaves: null, timeoutMillis: TIMEOUT_MILLIS });
      this.#relay.isIdle = this.#isIdle;
      const hold = await this.#relay.drain(() => !this.#isIdle && performance.now() > deadline);
      if (!hold) return;
      this.#waitUntil = performance.now() + hold.waitMillis;
      diag.warn(`spanbook: spans wait in ${stateDir}, nothing is lost: ${hold.reason}`);
    } finally {
      // Held no longer than needed: a monitor or `spanbook ship` knows more of what is to be sent.
      lock.release();
    }
  }

  async #take(deadline: number): Promise<SocketLock | null> {
    const { stateDir, endpoint } = this.#options;
    for (;;) {
      const lock = await takeRelayLock(stateDir, endpoint.url);
      // A monitor keeps it as long as it lives.
      if (lock || performance.now() >= deadline || isKept(stateDir, Date.now())) return lock;
      await pause(LOCK_LOOK_MILLIS);
    }
  }
}

const open = new Map<string, { relay: ProgramRelay; users: number }>();

/** The relay of a folder and an endpoint: one in this process, closed when the last one has closed it. */
export function openProgramRelay(options: ProgramRelayOptions): Pick<ProgramRelay, 'flush' | 'close'> {
  const key = `${options.stateDir}\n${options.endpoint.url}`;
  const shared = open.get(key) ?? { relay: new ProgramRelay(options), users: 0 };
  open.set(key, shared);
  shared.users++;
  let isClosed = false;
  return {
    flush: () => shared.relay.flush(),
    async close() {
      if (isClosed) return;
      isClosed = true;
      if (--shared.users > 0) return shared.relay.flush();
      open.delete(key);
      await shared.relay.close();
    },
  };
}
