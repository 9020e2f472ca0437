/** The activity that a helper hands to its function: record what happens inside. */
import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import {
  ATTR_CACHE_CREATION_TOKENS,
  ATTR_CACHE_READ_TOKENS,
  ATTR_CACHE_WRITE_1H,
  ATTR_CACHE_WRITE_5M,
  ATTR_ERROR_TYPE,
  ATTR_FAST,
  ATTR_GEO,
  ATTR_INPUT_TOKENS,
  ATTR_NOTE_MESSAGE,
  ATTR_NOTE_RECOVERY,
  ATTR_NOTE_SEVERITY,
  ATTR_NOTE_TYPE,
  ATTR_OPERATION,
  ATTR_OUTPUT_TOKENS,
  ATTR_OUTPUTS,
  ATTR_PROVIDER,
  ATTR_REQUEST_MODEL,
  ATTR_SESSION_ID,
  ATTR_STATUS,
  ATTR_WEB_SEARCHES,
  EVENT_ERROR,
  EVENT_INFO,
  EVENT_WARNING,
} from '../attributes.ts';
import { countOf } from '../model/count-of.ts';
import type { EndStatus, FailureInfo, NoteLevel } from '../model/fact.ts';
import { startEventId } from '../model/ids.ts';
import { limitJson, limitObject, limitText, MAX_TEXT } from '../model/limit-text.ts';
import { describeError } from './describe-error.ts';
import { endTime } from './end-time.ts';

/** One billed model request. Tokens default to 0; `inputTokens` is uncached input. */
export interface UsageReport {
  model: string;
  /** Provider by its GenAI name, `anthropic` by default. */
  provider?: string;
  inputTokens?: number;
  outputTokens?: number;
  cacheReadTokens?: number;
  cacheWrite5mTokens?: number;
  cacheWrite1hTokens?: number;
  /** Searches of the web by the provider: each has a price of its own. */
  webSearches?: number;
  /** True for the faster answer at a higher price (fast mode). */
  fast?: boolean;
  /** Place of inference, if it has a price of its own: `us`. */
  geo?: string;
  /** Begin and end of the request; both default to now. */
  startTime?: Date;
  endTime?: Date;
}

export interface WarningReport {
  type: string;
  message: string;
  /** `low`, `medium` (default), `high` or `critical`. */
  severity?: string;
}

export interface ErrorReport extends WarningReport {
  /** What was done about it: `{action: 'skip'}`. */
  recovery?: unknown;
}

/** What `fn` gets from `withCommand`, `withAgent`, `withSkill` and `withCheckpoint`. */
export interface PipelineActivity {
  /** Event id of the start, as in `pipeline_progress.json`. */
  readonly eventId: string;
  readonly span: Span;
  /** W3C `traceparent` of this activity, for child processes (environment variable `TRACEPARENT`). */
  readonly traceparent: string;
  /**
   * One billed model request, as a `chat {model}` span inside this activity, with its list price if that is known. What
   * an instrumentation reports as a span of its own needs no report here.
   */
  recordUsage(usage: UsageReport): void;
  /** An error inside this activity. It does not end it, and does not fail it. */
  recordError(error: Error | ErrorReport | unknown, recovery?: unknown): void;
  recordWarning(warning: WarningReport | string): void;
  recordInfo(message: string, attributes?: Attributes): void;
  /** What the activity made; the last call wins. */
  setOutputs(outputs: Record<string, unknown>): void;
  /** Ends as `cancelled` (or another status) when the function returns. */
  setStatus(status: EndStatus): void;
}

/** What is told at once, before the span ends; spans themselves show their events only at the end. */
export interface NoteListener {
  onNote(note: { span: string; ordinal: number; level: NoteLevel; attributes: Attributes; at: number }): void;
}

/** A span that was started as an activity, with the context for what runs inside. */
export interface ActivitySpan {
  span: Span;
  /** Milliseconds since 1970. */
  startedAt: number;
  context: Context;
  sessionId: string;
}

const EVENTS: Record<NoteLevel, string> = { error: EVENT_ERROR, warning: EVENT_WARNING, info: EVENT_INFO };

export function createActivity(
  target: ActivitySpan,
  tracer: Tracer,
  listener: NoteListener | undefined,
): PipelineActivity {
  const { span, context, sessionId } = target;
  const { spanId, traceId, traceFlags } = span.spanContext();
  let notes = 0;
  const note = (level: NoteLevel, attributes: Attributes): void => {
    const at = Date.now();
    span.addEvent(EVENTS[level], attributes, at);
    listener?.onNote({ span: spanId, ordinal: notes++, level, attributes, at });
  };
  return {
    eventId: startEventId(spanId),
    span,
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    recordUsage: usage => {
      const begin = timeOf(usage.startTime) ?? Date.now();
      const end = timeOf(usage.endTime);
      const options = { kind: SpanKind.CLIENT, startTime: begin, attributes: usageAttributes(usage, sessionId) };
      const chat = tracer.startSpan(`chat ${usage.model}`, options, trace.setSpan(context, span));
      chat.end(end === undefined ? endTime(begin) : new Date(Math.max(end, begin + 1)));
    },
    recordError: (error, recovery) => note('error', errorAttributes(error, recovery)),
    recordWarning: warning => {
      const given = typeof warning === 'string' ? { type: 'Warning', message: warning } : warning;
      note('warning', noteAttributes(describeError({ severity: 'medium', ...given })));
    },
    recordInfo: (message, attributes) =>
      note('info', { ...attributes, [ATTR_NOTE_MESSAGE]: limitText(message, MAX_TEXT) }),
    setOutputs: outputs => {
      span.setAttribute(ATTR_OUTPUTS, JSON.stringify(limitObject(outputs)));
    },
    setStatus: status => {
      span.setAttribute(ATTR_STATUS, status);
      if (status === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
    },
  };
}

function errorAttributes(error: unknown, recovery: unknown): Attributes {
  const described = describeError(error);
  return noteAttributes({ ...described, recovery: described.recovery ?? recovery });
}

function noteAttributes({ type, message, severity, recovery }: FailureInfo): Attributes {
  const attributes: Attributes = {
    [ATTR_NOTE_TYPE]: limitText(type, MAX_TEXT),
    [ATTR_NOTE_MESSAGE]: limitText(message, MAX_TEXT),
    [ATTR_NOTE_SEVERITY]: severity,
  };
  if (recovery !== undefined) attributes[ATTR_NOTE_RECOVERY] = JSON.stringify(limitJson(recovery));
  if (type !== '') attributes[ATTR_ERROR_TYPE] = type;
  return attributes;
}

/** Milliseconds of a date; undefined for one that is none. */
function timeOf(date: Date | undefined): number | undefined {
  const millis = date?.getTime();
  return Number.isFinite(millis) ? millis : undefined;
}

function usageAttributes(usage: UsageReport, sessionId: string): Attributes {
  const read = countOf(usage.cacheReadTokens);
  const write5m = countOf(usage.cacheWrite5mTokens);
  const write1h = countOf(usage.cacheWrite1hTokens);
  const webSearches = countOf(usage.webSearches);
  return {
    [ATTR_OPERATION]: 'chat',
    [ATTR_PROVIDER]: usage.provider ?? 'anthropic',
    [ATTR_REQUEST_MODEL]: usage.model,
    [ATTR_SESSION_ID]: sessionId,
    // The convention counts cached tokens as input; the parts stand beside it.
    [ATTR_INPUT_TOKENS]: countOf(usage.inputTokens) + read + write5m + write1h,
    [ATTR_OUTPUT_TOKENS]: countOf(usage.outputTokens),
    [ATTR_CACHE_READ_TOKENS]: read,
    [ATTR_CACHE_CREATION_TOKENS]: write5m + write1h,
    [ATTR_CACHE_WRITE_5M]: write5m,
    [ATTR_CACHE_WRITE_1H]: write1h,
    [ATTR_WEB_SEARCHES]: webSearches || undefined,
    [ATTR_FAST]: usage.fast === true ? true : undefined,
    [ATTR_GEO]: usage.geo,
  };
}
