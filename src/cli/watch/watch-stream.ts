/** Watching without a screen: lines for people, or NDJSON for programs. */
import type { PipelineEvent } from '../../model/document-schema.ts';
import { DOCUMENT_SCHEMA_VERSION } from '../../model/render-document.ts';
import { isStart } from '../../query/event-kinds.ts';
import type { CommandCall } from '../command-spec.ts';
import { type EventChoice, EventFilter } from './event-filter.ts';
import { eventLine } from './event-line.ts';
import { snapshotLine } from './snapshot-json.ts';
import type { WatchSource } from './watch-source.ts';

/** No more than one snapshot in so long. */
const SNAPSHOT_MILLIS = 1000;

export class WatchStream {
  readonly #call: CommandCall;
  readonly #choice: EventChoice;
  readonly #filter: EventFilter;
  #source: WatchSource | null = null;

  constructor(call: CommandCall, choice: EventChoice) {
    this.#call = call;
    this.#choice = choice;
    this.#filter = new EventFilter(choice);
  }

  /** What ends is told at once; what it used comes later, and then only programs hear of it again. */
  readonly onEvents = (events: readonly PipelineEvent[]): void => {
    const { json, style } = this.#call;
    if (!this.#source) return;
    for (const { event, isAgain } of this.#filter.take(this.#source.view.history.table, events)) {
      if (json) this.#write(JSON.stringify({ type: 'event', event }));
      else if (!isAgain) this.#write(eventLine(style, event));
    }
  };

  /** Until the person asks to stop, or nobody reads any more. */
  async run(source: WatchSource): Promise<void> {
    const { context, json } = this.#call;
    this.#source = source;
    if (!json) this.#tellOpen(source);
    let shown = json ? this.#snapshot(source, true) : '';
    source.view.start(() => {});
    let version = source.view.version;
    while (await context.pause(SNAPSHOT_MILLIS)) {
      if (!json || source.view.version === version) continue;
      version = source.view.version;
      shown = this.#snapshot(source, false, shown);
    }
  }

  /** Only if it says something else than the one before, its time apart. */
  #snapshot(source: WatchSource, isFirst: boolean, before = ''): string {
    const { type, at, ...rest } = snapshotLine(source.snapshot(), this.#choice);
    const version = isFirst ? { schema_version: DOCUMENT_SCHEMA_VERSION } : {};
    const said = JSON.stringify(rest);
    if (said !== before) this.#write(JSON.stringify({ type, ...version, at, ...rest }));
    return said;
  }

  /** What was open when the watch began. */
  #tellOpen(source: WatchSource): void {
    const { table } = source.view.history;
    const open = [...table.rows.values()].filter(({ endedAt }) => endedAt === null);
    for (const row of open.sort((a, b) => a.startedAt - b.startedAt)) {
      const event = {
        event_id: row.id,
        event_type: 'command_start',
        timestamp: new Date(row.startedAt).toISOString(),
        level: row.level,
        parent_event_id: row.parentId,
        activity: { type: row.level, name: row.name, ...(row.label === null ? {} : { label: row.label }) },
        context: { stage: row.stage, system_name: row.systemName },
        hierarchy: { depth: 0, path: [] },
        session_id: row.sessionId ?? undefined,
        source: 'hook',
        trace: { trace_id: row.traceId, span_id: null, parent_span_id: null },
      } satisfies PipelineEvent;
      if (!isStart(event)) continue;
      for (const told of this.#filter.take(table, [event])) this.#write(eventLine(this.#call.style, told.event));
    }
  }

  #write(line: string): void {
    this.#call.context.stdout.write(`${line}\n`);
  }
}
