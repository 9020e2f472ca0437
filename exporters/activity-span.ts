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
import type { Activity, Note } from '../src/model/activity.ts';
import type { JsonObject } from '../src/model/fact.ts';
import { selfUsage, totalUsage } from '../src/model/fold-usage.ts';
import { startEventId } from '../src/model/ids.ts';
import { limitText, MAX_TEXT } from '../src/model/limit-text.ts';
import { identityAttributes, spanName } from '../src/model/operation.ts';
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
  agentsBelow: number;
}

/** @throws an error if the activity is still open. */
export function activitySpan(activity: Activity, sources: ActivitySpanSources): ReadableSpan {
  const { span, level, name, end, startAt } = activity;
  if (!end) throw new Error(`span of ${span}: expected an activity that is over, got an open one`);
  const { trace } = placeOf(sources.state, activity);
  const failure = failureOf(activity);
  return replayedSpan({
    trace,
    span,
    parent: activity.parent,
    name: spanName(level, name),
    kind: SpanKind.INTERNAL,
    startAt,
    endAt: end.at,
    attributes: { ...attributesOf(activity, sources), ...(failure ? { [ATTR_ERROR_TYPE]: failure.type } : {}) },
    error: failure?.message,
    events: (activity.notes ?? []).map(eventOf),
    resource: sources.resource,
  });
}

function failureOf({ end }: Activity): { type: string; message: string } | null {
  if (end?.status === 'abandoned') return { type: 'abandoned', message: 'whoever ran it went away without an end' };
  if (end?.status !== 'failed') return null;
  const { type = 'Error', message = 'failed' } = end.error ?? {};
  return { type, message: limitText(message, MAX_TEXT) };
}

function attributesOf(activity: Activity, sources: ActivitySpanSources): Attributes {
  const { span, level, name, label, intent, session, run, agent, end } = activity;
  const { state } = sources;
  const place = placeOf(state, activity);
  const attributes: Attributes = {
    ...flat(activity.attributes),
    ...flat(end?.attributes),
    ...identityAttributes(level, name),
    [ATTR_SESSION_ID]: session,
    [ATTR_EVENT_ID]: startEventId(span),
    [ATTR_STATUS]: end?.status,
  };
  const given: [string, string | null | undefined][] = [
    [ATTR_LABEL, label],
    [ATTR_INTENT, intent],
    [ATTR_STAGE, place.stage],
    [ATTR_SYSTEM, place.system],
    [ATTR_RUN_ID, run],
    [ATTR_AGENT_RUN, agent],
    // Only clients have conversations; the session of scripts is no more than a name.
    [ATTR_CONVERSATION_ID, run === undefined ? undefined : session],
    [ATTR_BRANCH, level === 'command' ? state.sessions.get(session)?.branch : undefined],
    [ATTR_OUTPUTS, end?.outputs && JSON.stringify(end.outputs)],
  ];
  for (const [key, value] of given) if (value !== null && value !== undefined) attributes[key] = value;
  return { ...attributes, ...usageOf(activity, sources) };
}

function usageOf(activity: Activity, { state, isComplete, agentsBelow }: ActivitySpanSources): Attributes {
  const total = activity.level === 'checkpoint' ? undefined : totalUsage(state, activity);
  if (!total) return {};
  return {
    ...usageAttributes(selfUsage(activity), total),
    [ATTR_SUMMARY]: usageSummary(total, agentsBelow),
    ...(isComplete ? {} : { [ATTR_USAGE_COMPLETE]: false }),
  };
}

/** Span attributes are plain values; what is none goes as JSON. */
function flat(values: JsonObject | undefined): Attributes {
  const attributes: Attributes = {};
  for (const key in values) {
    const value = values[key];
    if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) {
      attributes[key] = value as string | boolean | number;
    } else if (value !== null && value !== undefined) attributes[key] = limitText(JSON.stringify(value), MAX_TEXT);
  }
  return attributes;
}

function eventOf({ at, level, type, message, severity, recovery, attributes }: Note) {
  const about: Attributes = flat(attributes);
  if (severity !== undefined) about[ATTR_NOTE_SEVERITY] = severity;
  if (recovery !== undefined) about[ATTR_NOTE_RECOVERY] = JSON.stringify(recovery);
  if (level === 'error') {
    about[ATTR_EXCEPTION_TYPE] = type ?? 'Error';
    about[ATTR_EXCEPTION_MESSAGE] = message;
    return { name: EVENT_EXCEPTION, at, attributes: about };
  }
  if (type !== undefined) about[ATTR_NOTE_TYPE] = type;
  about[ATTR_NOTE_MESSAGE] = message;
  return { name: level === 'warning' ? EVENT_WARNING : EVENT_INFO, at, attributes: about };
}
