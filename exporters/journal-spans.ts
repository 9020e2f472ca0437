/**
 * The journal as spans, each once: an activity when it is over, everything below it is over, and its usage is known;
 * what it did itself before it. Reads no further than what is asked for, so a long journal needs little memory.
 */
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { Activity } from '../src/model/activity.ts';
import type { Fact, JsonObject, RequestFact, UsageFact } from '../src/model/fact.ts';
import type { Leaf, LeafSource } from '../src/model/leaf.ts';
import { placeOf } from '../src/model/tree.ts';
import { IdSet, type SentIds } from '../src/store/relay/sent-ids.ts';
import { activitySpan } from './activity-span.ts';
import { type EndedActivity, JournalFold } from './journal-fold.ts';
import { type LeafPlace, leafSpan } from './leaf-span.ts';
import { PermissionWaits } from './permission-waits.ts';
import { requestLeaf } from './request-leaf.ts';

/** A run that the client goes on with by itself gets another end; if nothing is heard of it for so long, it does not. */
const CONTINUED_MILLIS = 600_000;
const AHEAD_MILLIS = 60_000;

export interface JournalSpansOptions {
  stateDir: string;
  sent: Pick<SentIds, 'has'>;
  /** Segment before which everything is sent. */
  fromSegment: number;
  /** The resource of this machine, with what a program says of itself. */
  resourceOf(own: JsonObject | undefined): Resource;
  /** Null: activities of clients are left to somebody who knows their transcripts. */
  leaves: LeafSource | null;
  /** Only what began at this time or later, in milliseconds since 1970. */
  since?: number | undefined;
}

interface Told {
  at: number;
  complete: boolean;
  leaves: ReadonlySet<string>;
}

export class JournalSpans {
  readonly #options: JournalSpansOptions;
  readonly #fold: JournalFold;
  /** What was handed out. */
  readonly #given = new IdSet();
  /** Over, and not handed out yet. */
  readonly #waiting = new Map<string, EndedActivity>();
  readonly #told = new Map<string, Told>();
  /** Told after their activity was sent. */
  readonly #late = new Map<string, UsageFact>();
  #requests: RequestFact[] = [];
  readonly #permissions = new PermissionWaits();

  constructor(options: JournalSpansOptions) {
    this.#options = options;
    this.#fold = new JournalFold(options.stateDir, options.fromSegment, fact => this.#see(fact));
  }

  /** Segment before which everything was handed out; what comes later starts there. */
  get fromSegment(): number {
    return this.#fold.fromSegment;
  }

  /** How many activities are over and wait for what is below them, or for their usage; and the end of the oldest. */
  get waiting(): { count: number; oldestAt: number | null } {
    let oldest = Number.POSITIVE_INFINITY;
    for (const { activity } of this.#waiting.values()) oldest = Math.min(oldest, activity.end?.at ?? oldest);
    return { count: this.#waiting.size, oldestAt: Number.isFinite(oldest) ? oldest : null };
  }

  /** Facts that were not read, about, and the time of the first. */
  unread(): { facts: number; oldestAt: number | null } {
    return this.#fold.unread();
  }

  /**
   * Reads on, and hands out what became ready. Null: nothing is there to be read, and nothing is ready.
   *
   * @throws a system error if the journal cannot be read.
   */
  next(now: number): ReadableSpan[] | null {
    const hasRead = this.#fold.read();
    for (const ended of this.#fold.takeEnded()) {
      if (!this.#isDone(ended.activity)) this.#waiting.set(ended.activity.span, ended);
    }
    const spans: ReadableSpan[] = [];
    this.#addRequests(spans);
    this.#addLate(spans);
    this.#addReady(spans, now);
    for (const { leaf, place } of this.#permissions.takeLate()) this.#addLeaf(spans, leaf, place);
    if (hasRead || spans.length > 0) return spans;
    if (this.#waiting.size === 0) this.#fold.leaveBehind();
    return null;
  }

  #see(fact: Fact): void {
    if (fact.kind === 'tool_wait') this.#permissions.tell(fact);
    else if (fact.kind === 'request') {
      if (!fact.direct) this.#requests.push(fact);
    } else if (fact.kind === 'usage' && this.#options.leaves) {
      const { span, at, complete } = fact;
      const leaves = new Set(Array.isArray(fact.leaves) ? fact.leaves.filter(id => typeof id === 'string') : []);
      if (!this.#isGiven(span)) this.#told.set(span, { at, complete: complete !== false, leaves });
      else if ([...leaves].some(leaf => !this.#isGiven(leaf))) this.#late.set(span, fact);
    }
  }

  #isGiven(span: string): boolean {
    return this.#given.has(span) || this.#options.sent.has(span);
  }

  #isDone(activity: Activity): boolean {
    const isForeign = activity.run !== undefined && this.#options.leaves === null;
    return activity.direct === true || isForeign || this.#isGiven(activity.span);
  }

  /** Model requests of programs, which report them whole. */
  #addRequests(spans: ReadableSpan[]): void {
    const requests = this.#requests;
    this.#requests = [];
    for (const fact of requests) {
      const parent = fact.parent === null ? undefined : this.#fold.state.activities.get(fact.parent);
      const trace = fact.trace ?? (parent && placeOf(this.#fold.state, parent).trace);
      if (trace === undefined) continue;
      const place = { trace, resource: this.#resourceOf(parent), notBefore: parent?.startAt ?? 0 };
      this.#addLeaf(spans, requestLeaf(fact), place);
      this.#fold.doneWithRequest(fact.id);
    }
  }

  #addLate(spans: ReadableSpan[]): void {
    const { leaves } = this.#options;
    if (!leaves || this.#late.size === 0) return;
    const facts = [...this.#late.values()];
    this.#late.clear();
    const found = leaves.leavesOf(facts.map(({ span, session = '' }) => ({ span, session, endAt: null })));
    for (const fact of facts) {
      const activity = this.#fold.state.activities.get(fact.span);
      const trace = fact.trace ?? (activity && placeOf(this.#fold.state, activity).trace);
      if (trace === undefined) continue;
      const place = { trace, resource: this.#resourceOf(activity), notBefore: activity?.startAt ?? 0 };
      this.#addLeaves(spans, found.get(fact.span) ?? [], { told: new Set(fact.leaves), place });
    }
  }

  #addReady(spans: ReadableSpan[], now: number): void {
    const ready: Activity[] = [];
    for (const ended of this.#waiting.values()) ended.isReady = null;
    for (const ended of this.#waiting.values()) this.#collect(ended, now, ready);
    if (ready.length === 0) return;
    const clients = ready.filter(({ run }) => run !== undefined);
    const parents = clients.map(({ span, session, end }) => ({ span, session, endAt: end?.at ?? null }));
    const leaves = clients.length > 0 ? this.#options.leaves?.leavesOf(parents) : undefined;
    for (const activity of ready) {
      this.#addActivity(spans, activity, leaves?.get(activity.span));
      this.#waiting.delete(activity.span);
      this.#told.delete(activity.span);
    }
    for (const activity of ready) this.#fold.doneWith(activity);
  }

  /** Adds an activity behind everything below it, if all of that is ready. */
  #collect(ended: EndedActivity, now: number, ready: Activity[]): boolean {
    if (ended.isReady === null) {
      ended.isReady = false;
      ended.isReady = this.#isReady(ended, now, ready);
      if (ended.isReady) ready.push(ended.activity);
    }
    return ended.isReady;
  }

  #isReady(ended: EndedActivity, now: number, ready: Activity[]): boolean {
    if (!this.#isSettled(ended, now)) return false;
    for (const span of ended.activity.children ?? []) {
      const child = this.#fold.state.activities.get(span);
      if (child && !child.end) return false;
      const below = this.#waiting.get(span);
      if (below && !this.#collect(below, now, ready)) return false;
    }
    return true;
  }

  /** True if its end stands, and what it used is known. */
  #isSettled({ activity, segment, offset }: EndedActivity, now: number): boolean {
    const { span, run, session, end, continuedAt } = activity;
    if (run === undefined || !end) return true;
    if (continuedAt !== undefined && continuedAt > end.at) {
      const around = this.#fold.state.sessions.get(session);
      const isOver = (around?.endedAt ?? 0) >= continuedAt || around?.lastRun !== run;
      if (!isOver && now - Math.max(around?.lastAt ?? 0, continuedAt) < CONTINUED_MILLIS) return false;
    }
    const told = this.#told.get(span);
    // Of a clock that was wrong, only the journal tells what came first.
    const endAt = end.at > now + AHEAD_MILLIS ? 0 : end.at;
    return (
      (told !== undefined && told.at >= end.at) || this.#options.leaves?.isTold(endAt, { segment, offset }) === true
    );
  }

  #addActivity(spans: ReadableSpan[], activity: Activity, leaves: readonly Leaf[] | undefined): void {
    const { state } = this.#fold;
    const { span, startAt } = activity;
    const told = this.#told.get(span);
    const resource = this.#resourceOf(activity);
    if (leaves) {
      const place = { trace: placeOf(state, activity).trace, resource, notBefore: startAt };
      this.#addLeaves(spans, leaves, { told: told?.leaves, place });
    }
    if (!this.#isDue(span, startAt)) return;
    const agentsBelow = (): number => this.#fold.agentsBelow(activity);
    spans.push(activitySpan(activity, { state, resource, isComplete: told?.complete !== false, agentsBelow }));
  }

  /** `told`: requests that are in the usage of their activity; others come when they are. */
  #addLeaves(
    spans: ReadableSpan[],
    leaves: readonly Leaf[],
    { told, place }: { told: ReadonlySet<string> | undefined; place: LeafPlace },
  ): void {
    for (const leaf of leaves) if (leaf.kind !== 'chat' || told?.has(leaf.span)) this.#addLeaf(spans, leaf, place);
  }

  #addLeaf(spans: ReadableSpan[], leaf: Leaf, place: LeafPlace): void {
    const wait = this.#permissions.below(leaf, place);
    if (wait) this.#addLeaf(spans, wait, place);
    if (this.#isDue(leaf.span, leaf.startAt)) spans.push(leafSpan(leaf, place));
  }

  /** True for a span that was not handed out, and is asked for. From now on it was. */
  #isDue(span: string, startAt: number): boolean {
    if (this.#options.sent.has(span) || !this.#given.add(span)) return false;
    return startAt >= (this.#options.since ?? Number.NEGATIVE_INFINITY);
  }

  #resourceOf(activity: Activity | undefined): Resource {
    let at = activity;
    while (at && !at.resource) at = at.parent === null ? undefined : this.#fold.state.activities.get(at.parent);
    return this.#options.resourceOf(at?.resource);
  }
}
