/** Puts a relay together: the journal of a state folder, what its spans need, and an endpoint. */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { JournalFold } from '../exporters/journal-fold.ts';
import { JournalSpans } from '../exporters/journal-spans.ts';
import { createSender, type OtlpSender } from '../exporters/otlp-sender.ts';
import { type Hold, Relay, type RelayCounts } from '../exporters/relay.ts';
import { makeFolder } from './journal/make-folder.ts';
import type { JsonObject } from './model/fact.ts';
import type { LeafSource } from './model/leaf.ts';
import type { OtlpEndpoint } from './otlp-endpoint.ts';
import { relayedResource } from './processor/service-resource.ts';
import { shownUrl } from './processor/traces-url.ts';
import { type RelayPlace, relayPlace } from './store/relay/relay-place.ts';
import { type RelayState, type RelayStatus, readRelayStatus, writeRelayStatus } from './store/relay/relay-status.ts';
import { IdSet, SentIds } from './store/relay/sent-ids.ts';

export interface RelayOptions {
  stateDir: string;
  endpoint: OtlpEndpoint;
  /** Null: activities of clients are left to somebody who knows their transcripts. */
  leaves: LeafSource | null;
  /** Send once more what began at this time or later, in milliseconds since 1970, whatever was sent. */
  since?: number | undefined;
  timeoutMillis?: number;
  /** Milliseconds since 1970; default: the clock of this machine. */
  now?: () => number;
}

/** The relay of one endpoint. Whoever opens it must hold the lock. */
export class OpenRelay {
  readonly place: RelayPlace;
  readonly #relay: Relay;
  readonly #source: JournalSpans;
  readonly #sender: OtlpSender;
  readonly #before: Pick<RelayStatus, 'sent' | 'quarantined'>;
  /** Only who sends all there is knows that a segment is done with. */
  readonly #isWhole: boolean;
  readonly #now: () => number;
  #fromSegment: number;

  /** @throws a system error if the state folder cannot be written. */
  constructor({ stateDir, endpoint, leaves, since, timeoutMillis, now = Date.now }: RelayOptions) {
    this.place = relayPlace(stateDir, endpoint.url);
    makeFolder(this.place.folder);
    const status = readRelayStatus(this.place.status);
    this.#before = { sent: status?.sent ?? 0, quarantined: status?.quarantined ?? 0 };
    this.#fromSegment = status?.from_segment ?? 1;
    this.#isWhole = leaves !== null && since === undefined;
    const sent = new SentIds(this.place.sent);
    const sender = createSender({ ...endpoint, timeoutMillis });
    this.#sender = sender;
    this.#source = new JournalSpans({
      stateDir,
      sent: since === undefined ? sent : new IdSet(),
      fromSegment: since === undefined ? this.#fromSegment : 1,
      resourceOf: resources(),
      leaves,
      since,
    });
    this.#relay = new Relay({
      place: this.place,
      source: this.#source,
      sent,
      sender,
      now,
      isRepeat: since !== undefined,
    });
    this.#now = now;
  }

  /** True: a request under way is no reason for the process to go on. */
  set isIdle(isIdle: boolean) {
    this.#sender.isIdle = isIdle;
  }

  /** What this relay sent and set aside. */
  get counts(): RelayCounts {
    return this.#relay.counts;
  }

  /** Ready, and not sent; and over, but not ready. */
  get held(): number {
    return this.#relay.held;
  }

  get waiting(): number {
    return this.#source.waiting.count;
  }

  /**
   * Sends what there is. Null: all of it.
   *
   * @throws a system error if the state folder cannot be read or written.
   */
  async drain(stop?: () => boolean): Promise<Hold | null> {
    const hold = await this.#relay.drain(stop);
    if (!hold && this.#isWhole && this.#relay.held === 0) this.#fromSegment = this.#source.fromSegment;
    return hold;
  }

  /** @throws a system error if the file cannot be written. */
  writeStatus(state: RelayState, reason: string | null): RelayStatus {
    const unread = this.#source.unread();
    const { waiting } = this.#source;
    const oldest = [this.#relay.oldestAt, waiting.oldestAt, unread.oldestAt].flatMap(at => at ?? []);
    const status: RelayStatus = {
      endpoint: shownUrl(this.place.url),
      state,
      reason,
      lag_events: this.#relay.held + waiting.count + unread.facts,
      oldest_unsent_at: oldest.length > 0 ? new Date(Math.min(...oldest)).toISOString() : null,
      sent: this.#before.sent + this.counts.sent,
      quarantined: this.#before.quarantined + this.counts.quarantined,
      from_segment: this.#fromSegment,
      pid: process.pid,
      updated_at: new Date(this.#now()).toISOString(),
    };
    writeRelayStatus(this.place.status, status);
    return status;
  }

  close(): void {
    this.#sender.close();
  }
}

/**
 * When the oldest activity began that was not sent to this URL, in milliseconds since 1970; null if there is none.
 *
 * @throws a system error if the state folder cannot be read.
 */
export function oldestUnsent(stateDir: string, url: string): number | null {
  const place = relayPlace(stateDir, url);
  const from = readRelayStatus(place.status)?.from_segment ?? 1;
  const sent = existsSync(place.sent) ? new SentIds(place.sent) : new IdSet();
  const fold = new JournalFold(stateDir, from, () => {});
  while (fold.read()) fold.takeEnded();
  let oldest: number | null = null;
  for (const { span, startAt, direct } of fold.state.activities.values()) {
    if (direct !== true && !sent.has(span)) oldest = Math.min(oldest ?? startAt, startAt);
  }
  return oldest;
}

/** One object for each resource: spans are grouped by it. */
function resources(): (own: JsonObject | undefined) => Resource {
  const made = new Map<string, Resource>();
  return own => {
    const key = own ? JSON.stringify(own) : '';
    const resource = made.get(key) ?? relayedResource(hostname(), own as Attributes | undefined);
    made.set(key, resource);
    return resource;
  };
}
