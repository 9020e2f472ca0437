/**
 * Spans as the JSON of OTLP, byte for byte as the stock exporter writes them: a property test compares the two. Written
 * as text at once, where that one makes objects for every value and then text of those, which takes twice as long.
 */
import type { Attributes, AttributeValue } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace-node';

type HrTime = readonly [number, number];
type Link = ReadableSpan['links'][number];
type SpanContext = ReturnType<ReadableSpan['spanContext']>;

/** Of spans and links: it is known whether the parent is remote, and it is. */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** The body of a request. */
export function requestJson(spans: readonly ReadableSpan[]): string {
  const resources = new Map<Resource, Map<string, ReadableSpan[]>>();
  for (const span of spans) {
    const { name, version = '', schemaUrl = '' } = span.instrumentationScope;
    const scopes = resources.get(span.resource) ?? new Map<string, ReadableSpan[]>();
    resources.set(span.resource, scopes);
    const key = `${name}@${version}:${schemaUrl}`;
    const list = scopes.get(key) ?? [];
    scopes.set(key, list);
    list.push(span);
  }
  const parts = [...resources].map(([resource, scopes]) => resourceJson(resource, [...scopes.values()]));
  return `{"resourceSpans":[${parts.join(',')}]}`;
}

function resourceJson({ attributes, schemaUrl }: Resource, scopes: readonly (readonly ReadableSpan[])[]): string {
  const url = schemaUrl ? `,"schemaUrl":${JSON.stringify(schemaUrl)}` : '';
  const about = `{"attributes":${attributesJson(attributes as Attributes)},"droppedAttributesCount":0${url}}`;
  return `{"resource":${about},"scopeSpans":[${scopes.map(scopeJson).join(',')}]${url}}`;
}

function scopeJson(spans: readonly ReadableSpan[]): string {
  const { name, version, schemaUrl } = spans[0]?.instrumentationScope ?? { name: '' };
  const scope = JSON.stringify({ name, version });
  const url = schemaUrl === undefined ? '' : `,"schemaUrl":${JSON.stringify(schemaUrl)}`;
  let text = '';
  for (const span of spans) text += text === '' ? spanJson(span) : `,${spanJson(span)}`;
  return `{"scope":${scope},"spans":[${text}]${url}}`;
}

function spanJson(span: ReadableSpan): string {
  const { parentSpanContext: parent, status, events, links } = span;
  const context = span.spanContext();
  return `{${idsJson(context)}${parent?.spanId ? `,"parentSpanId":"${parent.spanId}"` : ''}${stateJson(
    context,
  )},"name":${JSON.stringify(span.name)},"kind":${span.kind + 1},"startTimeUnixNano":"${nanos(
    span.startTime,
  )}","endTimeUnixNano":"${nanos(span.endTime)}","attributes":${attributesJson(
    span.attributes,
  )},"droppedAttributesCount":${span.droppedAttributesCount},"events":[${
    events.length === 0 ? '' : events.map(eventJson).join(',')
  }],"droppedEventsCount":${span.droppedEventsCount},"status":{"code":${status.code}${
    status.message === undefined ? '' : `,"message":${JSON.stringify(status.message)}`
  }},"links":[${links.length === 0 ? '' : links.map(linkJson).join(',')}],"droppedLinksCount":${
    span.droppedLinksCount
  },"flags":${flags(context, parent?.isRemote)}}`;
}

const idsJson = ({ traceId, spanId }: SpanContext): string => `"traceId":"${traceId}","spanId":"${spanId}"`;

const stateJson = ({ traceState }: SpanContext): string =>
  traceState === undefined ? '' : `,"traceState":${JSON.stringify(traceState.serialize())}`;

const flags = ({ traceFlags }: SpanContext, isRemote: boolean | undefined): number =>
  (traceFlags & 0xff) | HAS_IS_REMOTE | (isRemote ? IS_REMOTE : 0);

function nanos([seconds, rest]: HrTime): string {
  if (seconds === 0) return String(rest);
  // Of spans that were replayed the millisecond is the smallest part.
  const millis = rest / 1e6;
  return Number.isInteger(millis) ? `${seconds * 1000 + millis}000000` : `${seconds}${String(rest).padStart(9, '0')}`;
}

const eventJson = ({ attributes, name, time, droppedAttributesCount }: TimedEvent): string =>
  `{"attributes":${attributes ? attributesJson(attributes) : '[]'},"name":${JSON.stringify(
    name,
  )},"timeUnixNano":"${nanos(time)}","droppedAttributesCount":${droppedAttributesCount || 0}}`;

const linkJson = ({ attributes, context, droppedAttributesCount }: Link): string =>
  `{"attributes":${attributes ? attributesJson(attributes) : '[]'},"spanId":"${context.spanId}","traceId":"${
    context.traceId
  }"${stateJson(context)},"droppedAttributesCount":${droppedAttributesCount || 0},"flags":${flags(
    context,
    context.isRemote,
  )}}`;

/** Programs use few keys, again and again. */
const MAX_KNOWN_KEYS = 1000;
const knownKeys = new Map<string, string>();

function keyJson(key: string): string {
  const known = knownKeys.get(key);
  if (known !== undefined) return known;
  const json = `{"key":${JSON.stringify(key)},"value":`;
  if (knownKeys.size < MAX_KNOWN_KEYS) knownKeys.set(key, json);
  return json;
}

function attributesJson(attributes: Attributes): string {
  let text = '';
  for (const key of Object.keys(attributes)) {
    const pair = `${keyJson(key)}${valueJson(attributes[key])}}`;
    text += text === '' ? pair : `,${pair}`;
  }
  return `[${text}]`;
}

function valueJson(value: AttributeValue | null | undefined): string {
  if (typeof value === 'string') return `{"stringValue":${JSON.stringify(value)}}`;
  if (typeof value === 'number') {
    return Number.isInteger(value) ? `{"intValue":${value}}` : `{"doubleValue":${JSON.stringify(value)}}`;
  }
  if (typeof value === 'boolean') return `{"boolValue":${value}}`;
  if (Array.isArray(value)) return `{"arrayValue":{"values":[${value.map(valueJson).join(',')}]}}`;
  return '{}';
}
