/** A span that happened elsewhere or before, as the SDK has it: what serializers and exporters take. */
import { type Attributes, type SpanContext, type SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace-node';

type HrTime = [number, number];

/** Receivers take a span without a length for a mistake. */
const MIN_MILLIS = 1;

export interface SpanData {
  trace: string;
  span: string;
  parent: string | null;
  name: string;
  kind: SpanKind;
  /** Milliseconds since 1970. */
  startAt: number;
  endAt: number;
  attributes: Attributes;
  /** Text of the failure; undefined if there was none. */
  error?: string | undefined;
  events: readonly { name: string; at: number; attributes: Attributes }[];
  resource: Resource;
}

/** What `error` is for spans that have not failed. */
const UNSET = { code: SpanStatusCode.UNSET };
const SCOPE = { name: 'spanbook' };
const NO_LINKS: ReadableSpan['links'] = [];

export function replayedSpan(data: SpanData): ReadableSpan {
  const { trace, span, parent, error } = data;
  const endAt = Math.max(data.endAt, data.startAt + MIN_MILLIS);
  const context: SpanContext = { traceId: trace, spanId: span, traceFlags: TraceFlags.SAMPLED };
  return {
    name: data.name,
    kind: data.kind,
    spanContext: () => context,
    parentSpanContext: parent === null ? undefined : { traceId: trace, spanId: parent, traceFlags: TraceFlags.SAMPLED },
    startTime: hrTime(data.startAt),
    endTime: hrTime(endAt),
    duration: hrTime(endAt - data.startAt),
    ended: true,
    status: error === undefined ? UNSET : { code: SpanStatusCode.ERROR, message: error },
    attributes: data.attributes,
    links: NO_LINKS,
    events: data.events.map(
      ({ name, at, attributes }): TimedEvent => ({ name, time: hrTime(at), attributes, droppedAttributesCount: 0 }),
    ),
    resource: data.resource,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Seconds and nanoseconds; of spans and their durations the millisecond is the smallest part that is known. */
function hrTime(millis: number): HrTime {
  const whole = Math.max(0, Math.round(millis));
  return [Math.floor(whole / 1000), (whole % 1000) * 1_000_000];
}
