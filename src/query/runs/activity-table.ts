/**
 * Events → rows of activities, event by event and in any order: an event that comes again, perhaps with more in it,
 * changes its row and counts nothing twice. So a history can be read from its end, and followed while it grows.
 */
import type { ActiveActivity, EndEvent, PipelineEvent, StartEvent } from '../../model/document-schema.ts';
import { startEventId } from '../../model/ids.ts';
import { isEnd, isStart, type NoteEvent } from '../event-kinds.ts';
import type { ActivityRow } from './activity-row.ts';

export class ActivityTable {
  readonly rows = new Map<string, ActivityRow>();
  /** Rows without a parent, in the order in which they were seen. */
  readonly roots = new Set<ActivityRow>();
  readonly #children = new Map<string, ActivityRow[]>();
  /** Rows at the top whose parent was named and not seen: archived, or still to come. */
  readonly #orphans = new Map<string, ActivityRow[]>();
  /** Notes that were counted. */
  readonly #notes = new Map<string, NoteEvent>();
  /** Notes whose activity has not been seen. */
  readonly #waiting = new Map<string, NoteEvent[]>();
  #version = 0;

  /** Another number whenever something changed. */
  get version(): number {
    return this.#version;
  }

  /** Errors, warnings and messages, in the order in which they were seen. */
  get notes(): IterableIterator<NoteEvent> {
    return this.#notes.values();
  }

  /** Rows below an activity, in the order in which they were seen. */
  childrenOf(id: string): readonly ActivityRow[] {
    return this.#children.get(id) ?? [];
  }

  /** The run that an activity stands in; null if it is not known. */
  rootOf(id: string): ActivityRow | null {
    let row = this.rows.get(id) ?? null;
    while (row?.parentId) {
      const above = this.rows.get(row.parentId);
      if (!above) break;
      row = above;
    }
    return row;
  }

  /** Takes an event in. Returns the row that it changed; null for a note of no known activity. */
  apply(event: PipelineEvent): ActivityRow | null {
    this.#version++;
    if (isStart(event)) return this.#applyStart(event);
    return isEnd(event) ? this.#applyEnd(event) : this.#applyNote(event);
  }

  /** The same with an event that was written before all that is known: it says nothing against that. */
  applyOlder(event: PipelineEvent): void {
    const id = isEnd(event) ? event.related_start_event_id : event.event_id;
    const row = this.rows.get(id);
    if (row && isStart(event)) {
      row.startedAt = Date.parse(event.timestamp);
      if (row.parentId === null) this.#place(row, event);
    } else if (!this.#notes.has(id) && (!row || row.endedAt === null)) {
      this.apply(event);
    }
  }

  /** Takes in what is open, of which the start may stand in an archive that is gone. */
  applyActive(active: ActiveActivity): void {
    if (this.rows.has(active.event_id)) return;
    this.#version++;
    const { event_id, parent_event_id, level, name, label, stage, session_id, trace_id, started_at } = active;
    const row = {
      ...emptyRow(event_id, level),
      name,
      label: label ?? null,
      stage,
      sessionId: session_id,
      traceId: trace_id ?? null,
      startedAt: Date.parse(started_at),
    };
    this.#add(row, { parent_event_id });
  }

  #applyStart(event: StartEvent): ActivityRow {
    const known = this.rows.get(event.event_id);
    const row = known ?? emptyRow(event.event_id, event.level);
    row.startedAt = Date.parse(event.timestamp);
    // The end speaks last: a name or a label may have become known after the start was archived.
    if (row.endedAt === null) describe(row, event);
    if (!known) return this.#add(row, event);
    this.#place(row, event);
    return row;
  }

  #applyEnd(event: EndEvent): ActivityRow {
    const id = event.related_start_event_id;
    const known = this.rows.get(id);
    const row = known ?? emptyRow(id, event.level);
    describe(row, event);
    row.endedAt = Date.parse(event.timestamp);
    row.status = event.status;
    row.usage = event.usage ?? null;
    if (!known) {
      row.startedAt = row.endedAt - event.duration_ms;
      return this.#add(row, event);
    }
    this.#place(row, event);
    return row;
  }

  #applyNote(note: NoteEvent): ActivityRow | null {
    const before = this.#notes.get(note.event_id);
    this.#notes.set(note.event_id, note);
    const owner = ownerOf(note);
    if (before) {
      // It may have found its activity since.
      const known = ownerOf(before);
      if (known === owner) return owner === null ? null : (this.rows.get(owner) ?? null);
      if (known !== null) this.#count(before, known, -1);
    }
    return owner === null ? null : this.#count(note, owner, 1);
  }

  #count(note: NoteEvent, owner: string, sign: 1 | -1): ActivityRow | null {
    const row = this.rows.get(owner);
    if (!row) {
      const waiting = (this.#waiting.get(owner) ?? []).filter(({ event_id }) => event_id !== note.event_id);
      this.#waiting.set(owner, sign === 1 ? [...waiting, note] : waiting);
      return null;
    }
    if (note.event_type === 'error') row.errors += sign;
    if (note.event_type === 'warning') row.warnings += sign;
    return row;
  }

  #add(row: ActivityRow, event: Parented): ActivityRow {
    this.rows.set(row.id, row);
    this.#hang(row);
    this.#place(row, event);
    for (const note of this.#waiting.get(row.id) ?? []) this.#count(note, row.id, 1);
    this.#waiting.delete(row.id);
    for (const orphan of this.#orphans.get(row.id) ?? []) if (orphan.parentId === null) this.#move(orphan, row.id);
    this.#orphans.delete(row.id);
    return row;
  }

  /** Under the parent that the event names; under the span above it, if that is known by itself only. */
  #place(row: ActivityRow, { parent_event_id, trace }: Parented): void {
    if (parent_event_id !== null) {
      this.#move(row, parent_event_id);
      return;
    }
    const above = trace?.parent_span_id;
    // The fold took back what it had taken for the parent.
    if (above === null && row.parentId !== null) this.#move(row, null);
    if (row.parentId !== null || !above) return;
    const parentId = startEventId(above);
    if (this.rows.has(parentId)) {
      this.#move(row, parentId);
      return;
    }
    const waiting = this.#orphans.get(parentId);
    if (!waiting) this.#orphans.set(parentId, [row]);
    else if (!waiting.includes(row)) waiting.push(row);
  }

  #hang(row: ActivityRow): void {
    if (row.parentId === null) {
      this.roots.add(row);
      return;
    }
    const siblings = this.#children.get(row.parentId);
    if (siblings) siblings.push(row);
    else this.#children.set(row.parentId, [row]);
  }

  #move(row: ActivityRow, parentId: string | null): void {
    if (
      row.parentId === parentId ||
      (parentId !== null && this.#children.has(row.id) && this.#isInside(parentId, row.id))
    )
      return;
    if (row.parentId === null) this.roots.delete(row);
    else {
      const siblings = this.#children.get(row.parentId) ?? [];
      siblings.splice(siblings.indexOf(row), 1);
    }
    row.parentId = parentId;
    this.#hang(row);
  }

  /** A file that somebody edited may hold a circle, which would never end. */
  #isInside(start: string, id: string): boolean {
    const seen = new Set<string>();
    for (let at: string | null = start; at !== null && !seen.has(at); at = this.rows.get(at)?.parentId ?? null) {
      if (at === id) return true;
      seen.add(at);
    }
    return false;
  }
}

/** The activity that it belongs to; by its span, where it was not seen yet. */
const ownerOf = ({ parent_event_id, trace }: NoteEvent): string | null =>
  parent_event_id ?? (trace.span_id === null ? null : startEventId(trace.span_id));

type Parented = Pick<StartEvent, 'parent_event_id'> & Partial<Pick<StartEvent, 'trace'>>;

function emptyRow(id: string, level: ActivityRow['level']): ActivityRow {
  return {
    id,
    parentId: null,
    level,
    name: '',
    label: null,
    stage: null,
    systemName: null,
    sessionId: null,
    traceId: null,
    startedAt: 0,
    endedAt: null,
    status: 'running',
    errors: 0,
    warnings: 0,
    usage: null,
  };
}

function describe(row: ActivityRow, { level, activity, context, session_id, trace }: StartEvent | EndEvent): void {
  row.level = level;
  row.name = activity.name;
  row.label = activity.label ?? row.label;
  row.stage = context.stage;
  row.systemName = context.system_name;
  row.sessionId = session_id ?? null;
  row.traceId = trace.trace_id;
}
