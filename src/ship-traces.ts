/** Sends what is unsent to an endpoint, once. */
import type { LeafSource } from './model/leaf.ts';
import type { OtlpEndpoint } from './otlp-endpoint.ts';
import { takeRelayLock } from './relay-lock.ts';
import type { RelayState } from './store/relay/relay-status.ts';

export interface ShipOptions {
  stateDir: string;
  endpoint: OtlpEndpoint;
  leaves: LeafSource;
  /** Send once more what began at this time or later, in milliseconds since 1970. */
  since?: number | undefined;
  /** For how long a receiver that is down or busy is tried again, in milliseconds. */
  patienceMillis: number;
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits; false: the person asked to stop. */
  pause(millis: number): Promise<boolean>;
}

export interface Shipped {
  /** `busy`: another process sends to this endpoint. */
  state: RelayState | 'busy';
  reason: string | null;
  sent: number;
  /** Ready, and not taken; what the journal has behind it is not counted. */
  held: number;
  quarantined: number;
  /** Sent to this endpoint in earlier times. */
  sent_before: number;
  /** Over, but not ready: something below goes on, or what it used is not known yet. */
  waiting: number;
}

/** @throws a system error if the state folder cannot be read or written. */
export async function shipTraces(options: ShipOptions): Promise<Shipped> {
  const { stateDir, endpoint, leaves, since, patienceMillis, now, pause } = options;
  const lock = await takeRelayLock(stateDir, endpoint.url);
  if (!lock) return { state: 'busy', reason: null, sent: 0, held: 0, quarantined: 0, sent_before: 0, waiting: 0 };
  const { OpenRelay } = await import('./open-relay.ts');
  const relay = new OpenRelay({ stateDir, endpoint, leaves, since, now });
  try {
    const deadline = performance.now() + patienceMillis;
    let hold = await relay.drain();
    while (hold?.state === 'holding' && performance.now() + hold.waitMillis <= deadline) {
      relay.writeStatus(hold.state, hold.reason);
      if (!(await pause(hold.waitMillis))) break;
      hold = await relay.drain();
    }
    const { sent } = relay.writeStatus(hold ? hold.state : 'stopped', hold?.reason ?? null);
    const { held, waiting, counts } = relay;
    return {
      state: hold?.state ?? 'idle',
      reason: hold?.reason ?? null,
      held,
      waiting,
      sent_before: sent - counts.sent,
      ...counts,
    };
  } finally {
    relay.close();
    lock.release();
  }
}
