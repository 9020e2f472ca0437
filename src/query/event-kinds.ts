/** Tells the kinds of events apart. */
import type {
  EndEvent,
  ErrorEvent,
  InfoEvent,
  PipelineEvent,
  StartEvent,
  WarningEvent,
} from '../model/document-schema.ts';
import { END_TYPES, START_TYPES } from '../model/event-types.ts';
import { NOTE_LEVELS } from '../model/fact.ts';

export type NoteEvent = ErrorEvent | WarningEvent | InfoEvent;

/** Names of all events, in the order of their levels. */
export const EVENT_TYPES: readonly string[] = [
  ...Object.values(START_TYPES).flatMap((type, index) => [type, Object.values(END_TYPES)[index] ?? type]),
  ...NOTE_LEVELS,
];

const STARTS = new Set<string>(Object.values(START_TYPES));
const ENDS = new Set<string>(Object.values(END_TYPES));

export const isStart = (event: PipelineEvent): event is StartEvent => STARTS.has(event.event_type);
export const isEnd = (event: PipelineEvent): event is EndEvent => ENDS.has(event.event_type);
export const isNote = (event: PipelineEvent): event is NoteEvent => !isStart(event) && !isEnd(event);

/** What a note says: `type` is null for a message. */
export function noteText(note: NoteEvent): { type: string | null; message: string } {
  switch (note.event_type) {
    case 'error':
      return note.error;
    case 'warning':
      return note.warning;
    default:
      return { type: null, message: note.message };
  }
}
