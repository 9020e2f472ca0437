/** Runs a function inside a span: nesting by the OpenTelemetry context, the outcome from what the function did. */
import {
  type Attributes,
  type Context,
  context as contextApi,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_INTENT,
  ATTR_LABEL,
  ATTR_PARENT_SPAN,
  ATTR_SESSION_ID,
  ATTR_STAGE,
  ATTR_SYSTEM,
} from '../attributes.ts';
import type { ActivityLevel } from '../model/fact.ts';
import { limitText, MAX_NAME, MAX_TEXT } from '../model/limit-text.ts';
import { identityAttributes, spanName } from '../model/operation.ts';
import { type ActivitySpan, createActivity, type NoteListener, type PipelineActivity } from './activity.ts';
import { describeError } from './describe-error.ts';
import { endTime } from './end-time.ts';
import { nearestIn, withNearest } from './nearest.ts';

export interface ActivityOptions {
  /** What the activity is for, in one sentence. */
  intent?: string;
  /** Tells activities of one name apart: six rows named `builder` say nothing. */
  label?: string;
  stage?: string;
  systemName?: string;
  /** More span attributes; they also stand in the events of the document. */
  attributes?: Attributes;
}

export interface SpanSource {
  tracer: Tracer;
  sessionId: string;
  /** Context of activities that have none around them: the parent of another process. */
  rootContext: Context;
  listener?: NoteListener;
}

/** Errors that were recorded where they were thrown; on their way up they only fail the activities that they pass. */
const recorded = new WeakSet<object>();

/**
 * Runs `fn` as an activity and gives back what it gives back. If it throws, the activity fails, the error is recorded
 * once, and goes on.
 */
export function runInSpan<T>(
  source: SpanSource,
  level: ActivityLevel,
  name: string,
  options: ActivityOptions,
  fn: (activity: PipelineActivity) => T,
): T {
  const target = startActivitySpan(source, level, name, options);
  const activity = createActivity(target, source.tracer, source.listener);
  return contextApi.with(target.context, () => settle(fn, target, activity));
}

/** Starts the span of an activity under whatever is active. */
export function startActivitySpan(
  source: SpanSource,
  level: ActivityLevel,
  name: string,
  options: ActivityOptions,
): ActivitySpan {
  const active = contextApi.active();
  const around = trace.getSpanContext(active) ? active : source.rootContext;
  const nearest = nearestIn(around);
  const shortName = limitText(name, MAX_NAME);
  const attributes: Attributes = {
    ...options.attributes,
    ...identityAttributes(level, shortName),
    [ATTR_SESSION_ID]: source.sessionId,
  };
  if (options.intent !== undefined) attributes[ATTR_INTENT] = limitText(options.intent, MAX_TEXT);
  if (options.label !== undefined) attributes[ATTR_LABEL] = limitText(options.label, MAX_NAME);
  if (options.stage !== undefined) attributes[ATTR_STAGE] = limitText(options.stage, MAX_NAME);
  if (options.systemName !== undefined) attributes[ATTR_SYSTEM] = limitText(options.systemName, MAX_NAME);
  if (nearest !== null && nearest !== trace.getSpanContext(around)?.spanId) attributes[ATTR_PARENT_SPAN] = nearest;
  const startedAt = Date.now();
  const span = source.tracer.startSpan(spanName(level, shortName), { attributes, startTime: startedAt }, around);
  const context = withNearest(trace.setSpan(around, span), span.spanContext().spanId);
  return { span, startedAt, context, sessionId: source.sessionId };
}

/** Ends the span when the function is done, at once or when its promise settles. */
function settle<T>(fn: (activity: PipelineActivity) => T, target: ActivitySpan, activity: PipelineActivity): T {
  const { span, startedAt } = target;
  let result: T;
  try {
    result = fn(activity);
  } catch (error) {
    fail(error, target, activity);
    throw error;
  }
  if (!isPromiseLike(result)) {
    span.end(endTime(startedAt));
    return result;
  }
  return result.then(
    value => {
      span.end(endTime(startedAt));
      return value;
    },
    (error: unknown) => {
      fail(error, target, activity);
      throw error;
    },
  ) as T;
}

function fail(error: unknown, { span, startedAt }: ActivitySpan, activity: PipelineActivity): void {
  const { type, message } = describeError(error);
  const known = typeof error === 'object' && error !== null && recorded.has(error);
  if (typeof error === 'object' && error !== null) recorded.add(error);
  if (!known) {
    activity.recordError(error);
    span.recordException({ name: type, message });
  }
  span.setAttribute(ATTR_ERROR_TYPE, type);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.end(endTime(startedAt));
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
