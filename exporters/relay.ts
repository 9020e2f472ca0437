/**
 * Sends what the journal has and an endpoint has not: one batch at a time, and on only after a proved answer. Nothing is
 * given up: what a receiver does not take now waits in the journal, and what it never takes is put on a list.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { type Batch, readBatch, removeBatch, writeBatch } from '../src/store/relay/batch-file.ts';
import type { RelayPlace } from '../src/store/relay/relay-place.ts';
import { quarantine } from '../src/store/relay/relay-status.ts';
import type { SentIds } from '../src/store/relay/sent-ids.ts';
import type { JournalSpans } from './journal-spans.ts';
import { batchOf, firstEndIn, halvesOf, spansIn } from './otlp-body.ts';
import type { OtlpSender, SendResult } from './otlp-sender.ts';

const BATCH_SPANS = 512;
/** Receivers take 20 MiB as a rule, and some gateways before them 1 MiB. */
const BATCH_BYTES = 1 << 20;

const FIRST_WAIT_MILLIS = 1000;
const MAX_WAIT_MILLIS = 60_000;
/** A person has to do something first. */
const WRONG_WAIT_MILLIS = 300_000;

export interface RelayOptions {
  place: RelayPlace;
  source: Pick<JournalSpans, 'next'>;
  sent: SentIds;
  sender: Pick<OtlpSender, 'send'>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Spans that were sent before are sent once more. */
  isRepeat?: boolean;
  /** From 0 up to 1, for the spread of waits. */
  random?: () => number;
}

/** Why nothing goes out, and how long to wait before it is tried again, in milliseconds. */
export interface Hold {
  state: 'holding' | 'wrong-destination';
  reason: string;
  waitMillis: number;
}

/** Of one relay, since it began. */
export interface RelayCounts {
  sent: number;
  quarantined: number;
}

/** With the end of its first span in milliseconds since 1970, if that is known. */
interface DatedBatch extends Batch {
  at: number | null;
}

export class Relay {
  readonly #options: RelayOptions;
  readonly #isRepeat: boolean;
  readonly counts: RelayCounts = { sent: 0, quarantined: 0 };
  /** Ready, and not sent. */
  #queue: ReadableSpan[] = [];
  /** Made of the queue, and not sent; behind them, the queue goes on. */
  #batches: DatedBatch[] = [];
  /** Spans that another relay had under way: the journal hands them out once more. */
  readonly #left = new Set<string>();
  /** The one that lies on the disk. */
  #written: DatedBatch | null = null;
  #failures = 0;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#isRepeat = options.isRepeat === true;
  }

  /** Spans that are ready and were not taken yet. */
  get held(): number {
    return this.#queue.length + this.#batches.reduce((sum, { ids }) => sum + ids.length, 0);
  }

  /** When the first of them ended, in milliseconds since 1970; null if that is not known. */
  get oldestAt(): number | null {
    const [batch] = this.#batches;
    return batch ? batch.at : endOf(this.#queue[0]);
  }

  /**
   * Sends until nothing is ready (null) or the receiver does not take it. `stop`: asked between two batches, and
   * between two blocks of the journal.
   *
   * @throws a system error if the state folder cannot be read or written.
   */
  async drain(stop: () => boolean = () => false): Promise<Hold | null> {
    this.#takeUp();
    while (!stop()) {
      await this.#prepare(1, stop);
      const [batch] = this.#batches;
      if (!batch) return null;
      const hold = await this.#deliver(batch, stop);
      if (hold) return hold;
    }
    return null;
  }

  /** What lies on the disk goes first: another relay may have had it under way, before this one or beside it. */
  #takeUp(): void {
    const { place, sent } = this.#options;
    sent.refresh();
    if (!this.#isRepeat) this.#batches = this.#batches.filter(({ ids }) => !ids.every(id => sent.has(id)));
    const left = readBatch(place.batch);
    const [first] = this.#batches;
    this.#written = null;
    if (!left) return;
    if (first && Buffer.compare(first.body, left.body) === 0) this.#written = first;
    else if (left.ids.every(id => sent.has(id))) removeBatch(place.batch);
    else {
      this.#written = { ...left, at: firstEndIn(left) };
      this.#batches.unshift(this.#written);
      for (const id of left.ids) this.#left.add(id);
    }
  }

  /** Makes batches until there are so many, or nothing is ready. */
  async #prepare(count: number, stop: () => boolean): Promise<void> {
    const { source, now, sent } = this.#options;
    while (this.#batches.length < count) {
      while (this.#queue.length < BATCH_SPANS) {
        if (stop()) return;
        const spans = source.next(now());
        if (!spans) break;
        // A long journal in which there is little to send must not hold up whatever else this process does.
        await nextTurn();
        for (const span of spans) if (!this.#left.has(idOf(span))) this.#queue.push(span);
      }
      if (this.#queue.length === 0) return;
      // While this relay did not have the lock, another one may have sent some.
      const spans = this.#queue.splice(0, BATCH_SPANS).filter(span => this.#isRepeat || !sent.has(idOf(span)));
      if (spans.length === 0) continue;
      const at = endOf(spans[0]);
      for (const part of partsOf(batchOf(spans))) this.#batches.push({ ...part, at });
    }
  }

  async #deliver(batch: DatedBatch, stop: () => boolean): Promise<Hold | null> {
    const { place, sender } = this.#options;
    // Written once: a disk that is full by now must not take away what may have arrived.
    if (this.#written !== batch) writeBatch(place.batch, batch);
    this.#written = batch;
    const sending = sender.send(batch.body);
    // The bytes go out first; then the next ones are made while the receiver is at work.
    await nextTurn();
    const [result] = await Promise.all([sending, this.#prepare(2, stop)]);
    if (result.kind === 'later' || result.kind === 'wrong') return this.#hold(result);
    this.#failures = 0;
    if (result.kind === 'refused' && batch.ids.length > 1) {
      removeBatch(place.batch);
      this.#batches.splice(0, 1, ...halvesOf(batch).map(half => ({ ...half, at: batch.at })));
      return null;
    }
    if (result.kind !== 'delivered') this.#setAside(batch, result);
    this.#options.sent.keep(batch.ids);
    this.counts.sent += batch.ids.length - (result.kind === 'delivered' ? 0 : rejectedOf(result, batch));
    this.#batches.shift();
    removeBatch(place.batch);
    return null;
  }

  #setAside(batch: Batch, result: SendResult & { kind: 'partial' | 'refused' }): void {
    const rejected = rejectedOf(result, batch);
    this.counts.quarantined += rejected;
    quarantine(this.#options.place.quarantine, {
      at: new Date(this.#options.now()).toISOString(),
      reason: result.reason,
      rejected: rejected === batch.ids.length ? null : rejected,
      spans: spansIn(batch).map(({ traceId, spanId, name }) => ({ trace_id: traceId, span_id: spanId, name })),
    });
  }

  #hold(result: SendResult & { kind: 'later' | 'wrong' }): Hold {
    const { reason } = result;
    if (result.kind === 'wrong') return { state: 'wrong-destination', reason, waitMillis: WRONG_WAIT_MILLIS };
    const { random = Math.random } = this.#options;
    const most = Math.min(MAX_WAIT_MILLIS, FIRST_WAIT_MILLIS * 2 ** this.#failures++);
    // Spread out, so that not all senders come back at the same moment.
    const waitMillis = Math.max(result.afterMillis ?? 0, most * (0.5 + random() / 2));
    return { state: 'holding', reason, waitMillis };
  }
}

const rejectedOf = (result: SendResult & { kind: 'partial' | 'refused' }, { ids }: Batch): number =>
  result.kind === 'partial' ? Math.min(result.rejected, ids.length) : ids.length;

const idOf = (span: ReadableSpan): string => span.spanContext().spanId;

/** Milliseconds since 1970. */
const endOf = (span: ReadableSpan | undefined): number | null =>
  span ? span.endTime[0] * 1000 + span.endTime[1] / 1e6 : null;

/** Parts that are small enough, or are one span. */
function partsOf(batch: Batch): Batch[] {
  if (batch.body.length <= BATCH_BYTES || batch.ids.length < 2) return [batch];
  return halvesOf(batch).flatMap(partsOf);
}
