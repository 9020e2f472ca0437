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
/** A program should not end late because a receiver does not answer. */
const TIMEOUT_MILLIS = 3000;
/** Another program that ends may have the lock; it does not send what we told last. */
const LOCK_WAIT_MILLIS = 2000;
const LOCK_LOOK_MILLIS = 20;

export interface ProgramRelayOptions {
  stateDir: string;
  endpoint: OtlpEndpoint;
}

export class ProgramRelay {
  readonly #options: ProgramRelayOptions;
  #lock: SocketLock | null = null;
  #relay: OpenRelay | null = null;
  #waitUntil = 0;
  #running: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: ProgramRelayOptions) {
    this.#options = options;
    this.#arm();
  }

  /** Sends what is ready. Never rejects. */
  async flush(): Promise<void> {
    await this.#running;
    this.#waitUntil = 0;
    await this.#look(isKept(this.#options.stateDir, Date.now()) ? 0 : LOCK_WAIT_MILLIS);
  }

  /** The same, and an end. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.flush();
    this.#isClosed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#letGo();
  }

  #arm(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      void this.#look(0).then(() => this.#arm());
    }, LOOK_MILLIS);
    this.#timer.unref();
  }

  #look(lockMillis: number): Promise<void> {
    this.#running ??= this.#send(lockMillis)
      .catch((error: unknown) => {
        diag.warn(`spanbook: spans wait in ${this.#options.stateDir}: ${String(error)}`);
        this.#letGo();
      })
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  async #send(lockMillis: number): Promise<void> {
    if (this.#isClosed || performance.now() < this.#waitUntil || !(await this.#take(lockMillis))) return;
    const hold = await this.#relay?.drain();
    if (!hold) return;
    this.#waitUntil = performance.now() + hold.waitMillis;
    diag.warn(`spanbook: spans wait in ${this.#options.stateDir}, nothing is lost: ${hold.reason}`);
  }

  /** False while another process sends for all. */
  async #take(lockMillis: number): Promise<boolean> {
    const { stateDir, endpoint } = this.#options;
    const deadline = performance.now() + lockMillis;
    while (!this.#lock) {
      this.#lock = await takeRelayLock(stateDir, endpoint.url);
      if (this.#lock || performance.now() >= deadline) break;
      await pause(LOCK_LOOK_MILLIS);
    }
    if (!this.#lock) return false;
    this.#relay ??= new OpenRelay({ stateDir, endpoint, leaves: null, timeoutMillis: TIMEOUT_MILLIS });
    return true;
  }

  #letGo(): void {
    this.#relay?.close();
    this.#relay = null;
    this.#lock?.release();
    this.#lock = null;
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
