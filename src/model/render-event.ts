/**
 * One event of the documented file, as one line of JSON. Written by hand and not by a serializer of objects: an event
 * is rendered for every start and end, and its fixed keys are nearly all of it.
 */

import type { Activity, Context, Note, Place } from './activity.ts';
import { END_TYPES, START_TYPES } from './event-types.ts';
import type { FailureInfo, UsageSum } from './fact.ts';
import { selfUsage, totalUsage } from './fold-usage.ts';
import { endEventId, startEventId } from './ids.ts';
import type { EventSlot, FoldState } from './state.ts';
import { pathBelow, placeOf } from './tree.ts';

/** The event at a position, as JSON without a line end. */
export function renderEvent(state: FoldState, slot: EventSlot): string {
  if (slot.kind === 'note') return renderNote(state, slot.note);
  const { activity } = slot;
  const place = placeOf(state, activity);
  return slot.kind === 'start' ? renderStart(activity, place) : renderEnd(state, activity, place);
}

/** Nano-dollars in a dollar. */
const NANO = 1e9;

let lastTime = Number.NaN;
let lastText = '';

/** RFC 3339 in UTC with milliseconds. Neighbours often share their millisecond. */
export function timestamp(at: number): string {
  if (at !== lastTime) {
    lastTime = at;
    lastText = new Date(at).toISOString();
  }
  return lastText;
}

function renderStart(activity: Activity, place: Place): string {
  return `${head(
    startEventId(activity.span),
    START_TYPES[activity.level],
    activity.startAt,
    activity.level,
    parentEventId(activity, place),
  )}${about(activity, place)}${optional('attributes', activity.attributes)}}`;
}

function renderEnd(state: FoldState, activity: Activity, place: Place): string {
  const end = activity.end;
  if (!end) throw new Error(`end event of ${activity.span}: expected an ended activity, got an open one`);
  const { children, usage: reported, usageBelow, told } = activity;
  const usage = children || reported || usageBelow || told ? totalUsage(state, activity) : undefined;
  return `${head(
    endEventId(activity.span),
    END_TYPES[activity.level],
    end.at,
    activity.level,
    parentEventId(activity, place),
  )}${about(activity, place)}${optional('attributes', end.attributes)},"related_start_event_id":"${startEventId(
    activity.span,
  )}","status":"${end.status}","duration_ms":${durationMillis(activity, end.at)}${optional('outputs', end.outputs)}${failure(
    end.error,
  )}${usage ? `,"usage":${JSON.stringify({ self: usageJson(selfUsage(activity)), total: usageJson(usage) })}` : ''}}`;
}

export const durationMillis = (activity: Activity, until: number): number =>
  Math.max(0, Math.round(until - activity.startAt));

function renderNote(state: FoldState, note: Note): string {
  const activity = note.parent === null ? undefined : state.activities.get(note.parent);
  const opening = (parent: string): string =>
    head(startEventId(note.id), note.level, note.at, note.level, parent) +
    (activity ? '' : ',"activity":{"type":"unknown","name":"unknown"}');
  const detail = `${optional('attributes', note.attributes)}${
    note.level === 'info'
      ? `,"message":${JSON.stringify(note.message)}`
      : `,"${note.level}":${JSON.stringify({
          type: note.type ?? (note.level === 'error' ? 'Error' : 'Warning'),
          message: note.message,
          severity: note.severity ?? (note.level === 'error' ? 'high' : 'medium'),
          recovery: note.level === 'error' ? note.recovery : undefined,
        })}`
  }}`;
  if (!activity) {
    return `${opening('null')},"context":${contextJson(note.context)},"hierarchy":{"depth":0,"path":[]},"session_id":${JSON.stringify(
      note.session,
    )},"source":"${note.source}","trace":{"trace_id":${JSON.stringify(note.trace ?? null)},"span_id":${JSON.stringify(
      note.parent,
    )},"parent_span_id":null}${detail}`;
  }
  const place = placeOf(state, activity);
  return `${opening(`"${startEventId(activity.span)}"`)},"activity":${activityJson(
    activity,
    place,
  )},"context":${contextJson(place)},"hierarchy":{"depth":${place.depth + 1},"path":[${pathBelow(
    activity,
    place,
  )}]},"session_id":${JSON.stringify(note.session)},"source":"${note.source}","trace":${traceJson(activity, place)}${detail}`;
}

function head(id: string, type: string, at: number, level: string, parent: string): string {
  return `{"event_id":"${id}","event_type":"${type}","timestamp":"${timestamp(at)}","level":"${level}","parent_event_id":${parent}`;
}

/** What start and end of an activity have in common. */
function about(activity: Activity, place: Place): string {
  return `,"activity":${activityJson(activity, place)},"context":${contextJson(place)},"hierarchy":{"depth":${
    place.depth
  },"path":[${place.path}]},"session_id":${JSON.stringify(activity.session)},"source":"${activity.source}","trace":${traceJson(
    activity,
    place,
  )}`;
}

function activityJson(activity: Activity, place: Place): string {
  let json = `{"type":"${activity.level}","name":${JSON.stringify(activity.name)}`;
  if (activity.label !== undefined) json += `,"label":${JSON.stringify(activity.label)}`;
  if (activity.intent !== undefined) json += `,"intent":${JSON.stringify(activity.intent)}`;
  if (place.stage !== null) json += `,"stage":${JSON.stringify(place.stage)}`;
  return `${json}}`;
}

function contextJson(place: Place | Context): string {
  const stage = place.stage === null ? 'null' : JSON.stringify(place.stage);
  const system = place.system === null ? 'null' : JSON.stringify(place.system);
  const checkpoint = place.checkpoint === null ? '' : `,"checkpoint":${JSON.stringify(place.checkpoint)}`;
  return `{"stage":${stage},"system_name":${system}${checkpoint}}`;
}

function traceJson(activity: Activity, place: Place): string {
  const parent = activity.parent === null ? 'null' : `"${activity.parent}"`;
  return `{"trace_id":"${place.trace}","span_id":"${activity.span}","parent_span_id":${parent}}`;
}

function parentEventId(activity: Activity, place: Place): string {
  return place.parentKnown && activity.parent !== null ? `"${startEventId(activity.parent)}"` : 'null';
}

function optional(key: string, value: unknown): string {
  return value === undefined ? '' : `,"${key}":${JSON.stringify(value)}`;
}

function failure(error: FailureInfo | undefined): string {
  if (!error) return '';
  const { type, message, severity, recovery } = error;
  return `,"error":${JSON.stringify({ type, message, severity: severity ?? 'high', recovery })}`;
}

const usageJson = (usage: UsageSum | undefined): Record<string, number | undefined> => ({
  input_tokens: usage?.tokens.input ?? 0,
  output_tokens: usage?.tokens.output ?? 0,
  cache_read_tokens: usage?.tokens.cache_read ?? 0,
  cache_write_5m_tokens: usage?.tokens.cache_write_5m ?? 0,
  cache_write_1h_tokens: usage?.tokens.cache_write_1h ?? 0,
  requests: usage?.requests ?? 0,
  cost: usage?.cost_nanousd === undefined ? undefined : usage.cost_nanousd / NANO,
  unpriced_tokens: usage?.unpriced_tokens || undefined,
});
