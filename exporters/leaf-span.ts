/** What an activity did itself → a span below it. */
import { SpanKind } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { ATTR_ERROR_TYPE, ATTR_SESSION_ID } from '../src/attributes.ts';
import type { Leaf } from '../src/model/leaf.ts';
import { replayedSpan } from './replayed-span.ts';

export interface LeafPlace {
  trace: string;
  resource: Resource;
  /** Start of the activity in milliseconds since 1970: what is inside did not begin before it. */
  notBefore: number;
}

export function leafSpan(leaf: Leaf, { trace, resource, notBefore }: LeafPlace): ReadableSpan {
  const { kind, span, parent, session, name, error } = leaf;
  const attributes: Record<string, string | number | boolean | string[]> = { ...leaf.attributes };
  if (session !== null) attributes[ATTR_SESSION_ID] = session;
  if (error) attributes[ATTR_ERROR_TYPE] = error.type;
  return replayedSpan({
    trace,
    span,
    parent,
    name,
    kind: kind === 'chat' ? SpanKind.CLIENT : SpanKind.INTERNAL,
    startAt: Math.max(leaf.startAt, Math.min(notBefore, leaf.endAt)),
    endAt: leaf.endAt,
    attributes,
    error: error && (error.message ?? error.type),
    events: [],
    resource,
  });
}
