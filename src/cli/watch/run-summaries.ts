/** Summaries of all runs, of which only those are made anew that changed: a history has ten thousand of them. */
import type { PipelineEvent } from '../../model/document-schema.ts';
import { isEnd, isStart, type NoteEvent } from '../../query/event-kinds.ts';
import type { ActivityRow } from '../../query/runs/activity-row.ts';
import type { ActivityTable } from '../../query/runs/activity-table.ts';
import { type RunSummary, summarizeRun, type UsageOf } from './run-summary.ts';

/** What a run used is told a while after its end. */
const SETTLE_MILLIS = 900_000;
const PROBLEMS = 50;

export class RunSummaries {
  readonly #usageOf: UsageOf;
  #table: ActivityTable | null = null;
  #known = new Map<ActivityRow, RunSummary>();
  readonly #touched = new Set<ActivityRow>();
  readonly #unsettled = new Set<ActivityRow>();
  #runs: RunSummary[] = [];
  #problems: NoteEvent[] = [];
  #hasNewNotes = true;
  #version = 0;

  constructor(usageOf: UsageOf) {
    this.#usageOf = usageOf;
  }

  get runs(): readonly RunSummary[] {
    return this.#runs;
  }

  /** The last errors and warnings, the newest first. */
  get problems(): readonly NoteEvent[] {
    return this.#problems;
  }

  /** Another number whenever a run changed. */
  get version(): number {
    return this.#version;
  }

  /** These events are in the table now. */
  touch(table: ActivityTable, events: readonly PipelineEvent[]): void {
    for (const event of events) {
      const isNote = !isStart(event) && !isEnd(event);
      this.#hasNewNotes ||= isNote;
      const id = isEnd(event) ? event.related_start_event_id : isNote ? event.parent_event_id : event.event_id;
      const root = table.rootOf(id ?? '');
      if (root) this.#touched.add(root);
    }
  }

  /** There are new requests: what has not been told yet may have used more. */
  touchUnsettled(): void {
    for (const root of this.#unsettled) this.#touched.add(root);
  }

  /** All that was known is made anew: older history came in. */
  touchAll(): void {
    this.#known.clear();
    this.#touched.clear();
    this.#unsettled.clear();
    this.#hasNewNotes = true;
  }

  /** Brings the summaries up to date. `now`: milliseconds since 1970. */
  refresh(table: ActivityTable, now: number): void {
    if (table !== this.#table) this.touchAll();
    this.#table = table;
    for (const root of this.#touched) if (table.roots.has(root)) this.#summarize(table, root, now);
    this.#touched.clear();
    // Every new run was touched, so as many are the same; one that went below another is found by counting.
    if (this.#known.size !== table.roots.size) {
      const before = this.#known;
      this.#known = new Map();
      for (const root of table.roots) {
        const known = before.get(root);
        if (known) this.#known.set(root, known);
        else this.#summarize(table, root, now);
      }
    }
    this.#runs = [...this.#known.values()];
    if (this.#hasNewNotes) this.#problems = lastProblems(table);
    this.#hasNewNotes = false;
    this.#version++;
  }

  #summarize(table: ActivityTable, root: ActivityRow, now: number): void {
    const summary = summarizeRun(table, root, this.#usageOf);
    this.#known.set(root, summary);
    if (isUnsettled(summary, now)) this.#unsettled.add(root);
    else this.#unsettled.delete(root);
  }
}

const isUnsettled = ({ isOpen, root }: RunSummary, now: number): boolean =>
  isOpen || (root.usage === null && (root.endedAt ?? 0) > now - SETTLE_MILLIS);

function lastProblems(table: ActivityTable): NoteEvent[] {
  const found = [...table.notes].filter(({ event_type }) => event_type !== 'info');
  return found.sort((a, b) => (a.timestamp < b.timestamp ? 1 : a.timestamp > b.timestamp ? -1 : 0)).slice(0, PROBLEMS);
}
