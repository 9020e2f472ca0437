/** An activity that is over → its span. The same facts give the same span, whoever asks and whenever. */
import { type Attributes, SpanKind } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import {
  ATTR_AGENT_RUN,
  ATTR_BRANCH,
  ATTR_CONVERSATION_ID,
  ATTR_ERROR_TYPE,
  ATTR_EVENT_ID,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_TYPE,
  ATTR_INTENT,
  ATTR_LABEL,
  ATTR_NOTE_MESSAGE,
  ATTR_NOTE_RECOVERY,
  ATTR_NOTE_SEVERITY,
  ATTR_NOTE_TYPE,
  ATTR_OUTPUTS,
  ATTR_RUN_ID,
  ATTR_SESSION_ID,
  ATTR_STAGE,
  ATTR_STATUS,
  ATTR_SUMMARY,
  ATTR_SYSTEM,
  ATTR_USAGE_COMPLETE,
  EVENT_EXCEPTION,
  EVENT_INFO,
  EVENT_WARNING,
} from '../src/attributes.ts';
import type { Activity, End, Note, Place } from '../src/model/activity.ts';
import type { JsonObject } from '../src/model/fact.ts';
import { selfUsage, totalUsage } from '../src/model/fold-usage.ts';
import { startEventId } from '../src/model/ids.ts';
import { limitText, MAX_TEXT } from '../src/model/limit-text.ts';
import { addIdentity, spanName } from '../src/model/operation.ts';
import type { FoldState } from '../src/model/state.ts';
import { placeOf } from '../src/model/tree.ts';
import { usageAttributes, usageSummary } from '../src/model/usage-attributes.ts';
import { replayedSpan } from './replayed-span.ts';

export interface ActivitySpanSources {
  state: FoldState;
  resource: Resource;
  /** False if its usage was told before its transcripts were whole. */
  isComplete: boolean;
  /** How many agents ran below. */
  agentsBelow(): number;
}

const NO_EVENTS: readonly never[] = [];

/** @throws an error if the activity is still open. */
export function activitySpan(activity: Activity, sources: ActivitySpanSources): ReadableSpan {
  const { span, level, name, end, startAt } = activity;
  if (!end) throw new Error(`span of ${span}: expected an activity that is over, got an open one`);
  const place = placeOf(sources.state, activity);
  const failure = failureOf(end);
  // One object for all of them: spans are many, and spreading would be most of their cost.
  const attributes: Attributes = {};
  addFlat(attributes, activity.attributes);
  addFlat(attributes, end.attributes);
  addOwn(attributes, activity, place, end);
  addUsage(attributes, activity, sources);
  if (failure) attributes[ATTR_ERROR_TYPE] = failure.type;
  return replayedSpan({
    trace: place.trace,
    span,
    parent: activity.below ?? activity.parent,
    name: spanName(level, name),
    kind: SpanKind.INTERNAL,
    startAt,
    endAt: end.at,
    attributes,
    error: failure?.message,
    events: activity.notes?.map(eventOf) ?? NO_EVENTS,
    resource: sources.resource,
  });
}

function failureOf({ status, error }: End): { type: string; message: string } | null {
  if (status === 'abandoned') return { type: 'abandoned', message: 'whoever ran it went away without an end' };
  if (status !== 'failed') return null;
  const { type = 'Error', message = 'failed' } = error ?? {};
  return { type, message: limitText(message, MAX_TEXT) };
}

function addOwn(attributes: Attributes, activity: Activity, place: Place, end: End): void {
  const { span, level, name, label, intent, session, run, agent } = activity;
  addIdentity(attributes, level, name);
  attributes[ATTR_SESSION_ID] = session;
  attributes[ATTR_EVENT_ID] = startEventId(span);
  attributes[ATTR_STATUS] = end.status;
  if (label !== undefined) attributes[ATTR_LABEL] = label;
  if (intent !== undefined) attributes[ATTR_INTENT] = intent;
  if (place.stage !== null) attributes[ATTR_STAGE] = place.stage;
  if (place.system !== null) attributes[ATTR_SYSTEM] = place.system;
  if (agent !== undefined) attributes[ATTR_AGENT_RUN] = agent;
  // Some stores refuse the whole request for a value of 64 KiB.
  if (end.outputs !== undefined) attributes[ATTR_OUTPUTS] = limitText(JSON.stringify(end.outputs), MAX_TEXT);
  if (run === undefined) return;
  attributes[ATTR_RUN_ID] = run;
  // Only clients have conversations; the session of scripts is no more than a name.
  attributes[ATTR_CONVERSATION_ID] = session;
}

function addUsage(attributes: Attributes, activity: Activity, sources: ActivitySpanSources): void {
  const { state, isComplete } = sources;
  const { level, session, children, usage, usageBelow, told } = activity;
  const branch = level === 'command' ? state.sessions.get(session)?.branch : undefined;
  if (branch !== undefined) attributes[ATTR_BRANCH] = branch;
  if (level === 'checkpoint' || !(children || usage || usageBelow || told)) return;
  const total = totalUsage(state, activity);
  if (!total) return;
  Object.assign(attributes, usageAttributes(selfUsage(activity), total));
  attributes[ATTR_SUMMARY] = usageSummary(total, sources.agentsBelow());
  if (!isComplete) attributes[ATTR_USAGE_COMPLETE] = false;
}

/** Span attributes are plain values; what is none goes as JSON. */
function addFlat(attributes: Attributes, values: JsonObject | undefined): void {
  for (const key in values) {
    const value = values[key];
    if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) {
      attributes[key] = value as string | boolean | number;
    } else if (value !== null && value !== undefined) attributes[key] = limitText(JSON.stringify(value), MAX_TEXT);
  }
}

function eventOf({ at, level, type, message, severity, recovery, attributes }: Note) {
  const about: Attributes = {};
  addFlat(about, attributes);
  if (severity !== undefined) about[ATTR_NOTE_SEVERITY] = severity;
  if (recovery !== undefined) about[ATTR_NOTE_RECOVERY] = limitText(JSON.stringify(recovery), MAX_TEXT);
  if (level === 'error') {
    about[ATTR_EXCEPTION_TYPE] = type ?? 'Error';
    about[ATTR_EXCEPTION_MESSAGE] = message;
    return { name: EVENT_EXCEPTION, at, attributes: about };
  }
  if (type !== undefined) about[ATTR_NOTE_TYPE] = type;
  about[ATTR_NOTE_MESSAGE] = message;
  return { name: level === 'warning' ? EVENT_WARNING : EVENT_INFO, at, attributes: about };
}
