/** Which alert reached whom, in the log of alerts: what a restart must neither repeat nor forget. */
import { type AlertLine, appendAlertLines, readAlertLines } from './alert-lines.ts';

export type DeliveryOutcome = 'begun' | 'delivered' | 'failed';

/** One step of one attempt. `begun` is written before anything is sent, so that attempts are counted even if we die. */
export interface Delivery {
  /** Key of the alert. */
  readonly key: string;
  /** Where to, as `webhook`. */
  readonly channel: string;
  readonly outcome: DeliveryOutcome;
}

interface LoggedDelivery extends AlertLine {
  readonly delivery: Delivery;
}

/** How far the delivery of one alert over one channel has come. */
export interface DeliveryState {
  attempts: number;
  isDelivered: boolean;
  /** Milliseconds since 1970. */
  lastAt: number;
}

/** States by `deliveryId`. `since`: milliseconds since 1970. */
export function readDeliveries(stateDir: string, since: number): Map<string, DeliveryState> {
  const states = new Map<string, DeliveryState>();
  for (const line of readAlertLines(stateDir, since)) {
    const { noted_at, delivery } = line as Partial<LoggedDelivery>;
    if (typeof delivery?.key !== 'string' || typeof delivery.channel !== 'string') continue;
    const id = deliveryId(delivery);
    const state = states.get(id) ?? { attempts: 0, isDelivered: false, lastAt: 0 };
    if (delivery.outcome === 'begun') state.attempts++;
    if (delivery.outcome === 'delivered') state.isDelivered = true;
    state.lastAt = (typeof noted_at === 'string' && Date.parse(noted_at)) || 0;
    states.set(id, state);
  }
  return states;
}

export const deliveryId = ({ key, channel }: Pick<Delivery, 'key' | 'channel'>): string => `${channel}\n${key}`;

/**
 * @param at milliseconds since 1970.
 * @throws a system error if one was not written whole.
 */
export function appendDeliveries(stateDir: string, deliveries: readonly Delivery[], at: number): void {
  const noted_at = new Date(at).toISOString();
  const lines = deliveries.map((delivery): LoggedDelivery => ({ noted_at, delivery }));
  appendAlertLines(stateDir, lines);
}
