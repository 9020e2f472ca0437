/** A span event of the helpers → a fact. Told at once by the helpers, and again with the span; its id is the same. */
import {
  ATTR_ERROR_TYPE,
  ATTR_NOTE_MESSAGE,
  ATTR_NOTE_RECOVERY,
  ATTR_NOTE_SEVERITY,
  ATTR_NOTE_TYPE,
  EVENT_ERROR,
  EVENT_INFO,
  EVENT_WARNING,
} from '../attributes.ts';
import { FACT_VERSION, type JsonObject, type NoteFact, type NoteLevel } from './fact.ts';
import { noteIdOf } from './ids.ts';
import type { SpanAttributes } from './operation.ts';

const LEVELS = new Map<string, NoteLevel>([
  [EVENT_ERROR, 'error'],
  [EVENT_WARNING, 'warning'],
  [EVENT_INFO, 'info'],
]);
const OWN_KEYS = new Set<string>([
  ATTR_NOTE_TYPE,
  ATTR_NOTE_MESSAGE,
  ATTR_NOTE_SEVERITY,
  ATTR_NOTE_RECOVERY,
  ATTR_ERROR_TYPE,
]);

export const noteLevelOf = (event: string): NoteLevel | null => LEVELS.get(event) ?? null;

export interface SpanNote {
  span: string;
  /** Position among the notes of its span; with the span id it makes the note's own id. */
  ordinal: number;
  level: NoteLevel;
  attributes: SpanAttributes;
  at: number;
}

export function noteFact(note: SpanNote, session: string | undefined): NoteFact {
  const { attributes } = note;
  const text = (key: string): string | undefined =>
    attributes[key] === undefined ? undefined : String(attributes[key]);
  const kept: JsonObject = {};
  for (const key in attributes) if (!OWN_KEYS.has(key)) kept[key] = attributes[key];
  return {
    v: FACT_VERSION,
    at: note.at,
    kind: 'note',
    source: 'span',
    session,
    level: note.level,
    id: noteIdOf('note', `${note.span}\n${note.ordinal}`),
    parent: note.span,
    type: text(ATTR_NOTE_TYPE),
    message: text(ATTR_NOTE_MESSAGE) ?? '',
    severity: text(ATTR_NOTE_SEVERITY),
    recovery: parsed(text(ATTR_NOTE_RECOVERY)),
    attributes: Object.keys(kept).length > 0 ? kept : undefined,
  };
}

function parsed(json: string | undefined): unknown {
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
