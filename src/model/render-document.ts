/** The documented file: a head that answers `status` and `active`, then one event a line. */
import { startEventId } from './ids.ts';
import { renderEvent, timestamp } from './render-event.ts';
import type { FoldState } from './state.ts';
import { placeOf } from './tree.ts';

export const DOCUMENT_SCHEMA_VERSION = '1.0.0';

/** How far a segment of the journal was read, in bytes. */
export interface Cursor {
  segment: number;
  offset: number;
}

/** The key that ends the head; a reader that wants only the head stops here. */
export const EVENTS_KEY = '"events":[';
/** What stands behind the last event. */
export const DOCUMENT_END = '\n]}\n';
/** Events are kept as bytes in blocks, so that a refresh renders only the blocks that changed. */
const BLOCK_SHIFT = 8;

export function pipelineStatus(state: FoldState): string {
  if (state.openCommands > 0) return 'running';
  if (!state.lastCommand) return 'idle';
  return state.lastCommand.status === 'abandoned' ? 'failed' : state.lastCommand.status;
}

/** The head as an object, in the documented order. `through`: how far the state has read the journal. */
export function documentHead(state: FoldState, through: readonly Cursor[]): Record<string, unknown> {
  const stage = state.commandStage ?? state.context.stage;
  const system_name = state.commandSystem ?? state.context.system;
  const time = (at: number | null): string | null => (at === null ? null : timestamp(at));
  return {
    schema_version: DOCUMENT_SCHEMA_VERSION,
    system_name,
    stage,
    pipeline_started_at: time(state.startedAt),
    pipeline_updated_at: time(state.updatedAt),
    pipeline_status: pipelineStatus(state),
    current_context: { stage, system_name, checkpoint: state.context.checkpoint },
    statistics: state.statistics,
    active_activities: [...state.open.values()].map(activity => {
      const place = placeOf(state, activity);
      return {
        event_id: startEventId(activity.span),
        level: activity.level,
        name: activity.name,
        label: activity.label,
        started_at: timestamp(activity.startAt),
        depth: place.depth,
        path: JSON.parse(`[${place.path}]`) as string[],
        parent_event_id: place.parentKnown && activity.parent !== null ? startEventId(activity.parent) : null,
        stage: place.stage,
        session_id: activity.session,
        trace_id: place.trace,
        process: activity.process,
        is_program: activity.program,
      };
    }),
    through,
    // Present only if something was skipped: a healthy file shows the documented keys alone.
    skipped: Object.values(state.skipped).some(count => count > 0) ? state.skipped : undefined,
  };
}

/** Renders the document of a state again and again, each time only what changed since. */
export class DocumentRenderer {
  readonly #before: Buffer;
  #blocks: Buffer[] = [];
  #sizeBytes: number;

  /** `before`: the text of events that stand before those of the state, as `eventsOf` gives it. */
  constructor(before: Buffer = Buffer.alloc(0)) {
    this.#before = before;
    this.#sizeBytes = before.length;
  }

  /** Size of the events in the last rendering, in bytes. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The document as pieces to be written one after the other. `extra`: keys that stand before the events. */
  render(state: FoldState, through: readonly Cursor[], extra: Record<string, unknown> = {}): Buffer[] {
    const dirty = new Set<number>();
    for (const slot of state.touched) dirty.add(slot >> BLOCK_SHIFT);
    state.touched.clear();
    for (const block of dirty) {
      const first = block << BLOCK_SHIFT;
      const last = Math.min(first + (1 << BLOCK_SHIFT), state.events.length);
      let text = '';
      for (let slot = first; slot < last; slot++) {
        const event = state.events[slot];
        if (event) text += `${slot === 0 && this.#before.length === 0 ? '\n' : ',\n'}${renderEvent(state, event)}`;
      }
      const bytes = Buffer.from(text);
      this.#sizeBytes += bytes.length - (this.#blocks[block]?.length ?? 0);
      this.#blocks[block] = bytes;
    }
    const head = { ...documentHead(state, through), ...extra };
    const lines = Object.entries(head)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    const opening = Buffer.from(`{${lines.join(',\n')},\n${EVENTS_KEY}`);
    return [opening, this.#before, ...this.#blocks, Buffer.from(DOCUMENT_END)];
  }
}

/** The text of the events in a document; null if it is not laid out as ours are. */
export function eventsOf(document: Buffer): Buffer | null {
  const mark = `\n${EVENTS_KEY}`;
  const begin = document.indexOf(mark) + mark.length;
  const end = document.length - DOCUMENT_END.length;
  if (begin < mark.length || document.toString('latin1', end) !== DOCUMENT_END) return null;
  return document.subarray(begin, end);
}
