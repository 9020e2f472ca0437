/** Takes alerts to the people who asked for them: once each, again after a failure, and a restart forgets nothing. */
import { systemErrorCode } from '../../errors.ts';
import type { AlertSettings } from '../../model/alert-settings-schema.ts';
import { appendDeliveries, type DeliveryState, deliveryId, readDeliveries } from '../../store/delivery-log.ts';
import { ALERT_LEVELS, type Alert, type AlertLevel, seriesOf } from '../../usage/alert.ts';
import type { Channel, NotifyDeps, SendResult } from './channel.ts';
import { channelsOf } from './channels-of.ts';

export interface DeliverDeps extends NotifyDeps {
  /** Milliseconds since 1970. */
  now(): number;
  /** Takes a line for the log of the monitor; it holds no secret. */
  log(message: string): void;
}

/** What came of one message, for the status of the monitor. */
export interface DeliveryReport extends SendResult {
  /** Name of the channel. */
  readonly channel: string;
  readonly alerts: number;
}

const DAY_MILLIS = 86_400_000;
const MINUTE_MILLIS = 60_000;
const DEFAULT_LEVEL: AlertLevel = 'warning';
/** How long to wait after each failed attempt; after the last there is no other. */
const WAITS_MINUTES = [1, 5, 15, 60];
const MAX_ATTEMPTS = WAITS_MINUTES.length + 1;
/** Of a channel that takes one alert at a time. */
const MAX_CALLS = 10;

/**
 * Sends what is due now over every channel of the settings. Called by the monitor after each poll, not again before it
 * is done; it takes as long as the slowest channel, and never throws. `alerts` are those of the log.
 *
 * What has not reached a channel within a day is no news any more and is not sent; it stays in the log.
 */
export async function deliverAlerts(
  alerts: readonly Alert[],
  settings: AlertSettings,
  deps: DeliverDeps,
): Promise<DeliveryReport[]> {
  const now = deps.now();
  const lowest = ALERT_LEVELS.indexOf(settings.min_level ?? DEFAULT_LEVEL);
  const news = alerts.filter(alert => ALERT_LEVELS.indexOf(alert.level) >= lowest && isNews(alert, now));
  if (news.length === 0) return [];
  try {
    const states = readDeliveries(deps.stateDir, now - 2 * DAY_MILLIS);
    const channels = channelsOf(settings, deps);
    return (await Promise.all(channels.map(channel => deliver({ channel, news, states, deps })))).flat();
  } catch (error) {
    deps.log(`alerts: not delivered, because the log of alerts cannot be kept (${systemErrorCode(error) ?? 'error'})`);
    return [];
  }
}

const isNews = ({ at, noted_at }: Alert, now: number): boolean =>
  now - Date.parse(at) < DAY_MILLIS && now - Date.parse(noted_at) < DAY_MILLIS;

interface Delivering {
  channel: Channel;
  news: readonly Alert[];
  states: ReadonlyMap<string, DeliveryState>;
  deps: DeliverDeps;
}

async function deliver({ channel, news, states, deps }: Delivering): Promise<DeliveryReport[]> {
  const stateOf = ({ key }: Alert): DeliveryState | undefined => states.get(deliveryId({ key, channel: channel.id }));
  const worst = worstOfSeries(news);
  const due = news.filter(alert => worst.get(seriesOf(alert)) === alert && isDue(stateOf(alert), deps.now()));
  const reports: DeliveryReport[] = [];
  for (const batch of channel.takesOne ? due.slice(0, MAX_CALLS).map(alert => [alert]) : [due]) {
    if (batch.length === 0) continue;
    const report = await sendBatch(channel, batch, deps);
    const attempt = 1 + Math.max(...batch.map(alert => stateOf(alert)?.attempts ?? 0));
    logReport(report, attempt, deps);
    reports.push(report);
    // It will most likely fail for the others too.
    if (!report.ok) break;
  }
  return reports;
}

/** Written before and after: an attempt that is not known to have succeeded is made again. */
async function sendBatch(channel: Channel, batch: readonly Alert[], deps: DeliverDeps): Promise<DeliveryReport> {
  const note = (outcome: 'begun' | 'delivered' | 'failed'): void =>
    appendDeliveries(
      deps.stateDir,
      batch.map(({ key }) => ({ key, channel: channel.id, outcome })),
      deps.now(),
    );
  note('begun');
  const result = await channel.send(batch).catch((): SendResult => ({ ok: false, detail: 'unexpected error' }));
  note(result.ok ? 'delivered' : 'failed');
  return { ...result, channel: channel.name, alerts: batch.length };
}

function isDue(state: DeliveryState | undefined, now: number): boolean {
  if (!state || state.attempts === 0) return true;
  if (state.isDelivered || state.attempts >= MAX_ATTEMPTS) return false;
  const wait = (WAITS_MINUTES[state.attempts - 1] ?? 0) * MINUTE_MILLIS;
  // A clock that was set back must not silence us.
  return Math.abs(now - state.lastAt) >= wait;
}

/** Who hears that a critical limit was crossed need not hear that the one below it was. */
function worstOfSeries(alerts: readonly Alert[]): Map<string, Alert> {
  const worst = new Map<string, Alert>();
  for (const alert of alerts) {
    const known = worst.get(seriesOf(alert));
    if (!known || ALERT_LEVELS.indexOf(alert.level) > ALERT_LEVELS.indexOf(known.level)) {
      worst.set(seriesOf(alert), alert);
    }
  }
  return worst;
}

function logReport({ channel, alerts, ok, detail }: DeliveryReport, attempt: number, { log }: DeliverDeps): void {
  const count = `${alerts} ${alerts === 1 ? 'alert' : 'alerts'}`;
  if (ok) log(`alerts: ${channel}: ${count} delivered`);
  else if (attempt < MAX_ATTEMPTS)
    log(`alerts: ${channel}: ${count} not delivered, attempt ${attempt} of ${MAX_ATTEMPTS}: ${detail}`);
  else log(`alerts: ${channel}: ${count} given up after ${attempt} attempts: ${detail}`);
}
