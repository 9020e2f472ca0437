/** The bytes of an OTLP request: as the stock exporter makes them, and how they are taken apart where they are too much. */
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { Batch } from '../src/store/relay/batch-file.ts';

interface OtlpSpan {
  traceId: string;
  spanId: string;
  name: string;
  endTimeUnixNano: string;
}
interface ScopeSpans {
  spans?: OtlpSpan[];
}
interface ResourceSpans {
  scopeSpans?: ScopeSpans[];
}
interface TraceRequest {
  resourceSpans?: ResourceSpans[];
}

export function batchOf(spans: readonly ReadableSpan[]): Batch {
  const body = JsonTraceSerializer.serializeRequest(spans as ReadableSpan[]);
  if (!body) throw new Error(`OTLP: expected bytes for ${spans.length} spans, got none`);
  return { ids: spans.map(span => span.spanContext().spanId), body };
}

/** The spans in a request, in its order. */
export function spansIn({ body }: Batch): OtlpSpan[] {
  const { resourceSpans = [] } = JSON.parse(Buffer.from(body).toString('utf8')) as TraceRequest;
  return resourceSpans.flatMap(({ scopeSpans = [] }) => scopeSpans.flatMap(({ spans = [] }) => spans));
}

/** When the first span in a request ended, in milliseconds since 1970; null if it does not say. */
export function firstEndIn(batch: Batch): number | null {
  const millis = Number(spansIn(batch)[0]?.endTimeUnixNano) / 1e6;
  return Number.isFinite(millis) ? Math.floor(millis) : null;
}

/** The same spans in two requests; as they are if there is only one span. */
export function halvesOf(batch: Batch): Batch[] {
  const spans = spansIn(batch);
  if (spans.length < 2) return [batch];
  const middle = Math.ceil(spans.length / 2);
  return [spans.slice(0, middle), spans.slice(middle)].map(half => withSpans(batch, new Set(half)));
}

function withSpans({ body }: Batch, kept: ReadonlySet<OtlpSpan>): Batch {
  // The spans are compared by their places: parsing again gives other objects.
  const ids = new Set([...kept].map(keyOf));
  const request = JSON.parse(Buffer.from(body).toString('utf8')) as TraceRequest;
  const resourceSpans = (request.resourceSpans ?? []).flatMap(resource => {
    const scopeSpans = (resource.scopeSpans ?? []).flatMap(scope => {
      const spans = (scope.spans ?? []).filter(span => ids.has(keyOf(span)));
      return spans.length > 0 ? [{ ...scope, spans }] : [];
    });
    return scopeSpans.length > 0 ? [{ ...resource, scopeSpans }] : [];
  });
  return { ids: [...kept].map(({ spanId }) => spanId), body: Buffer.from(JSON.stringify({ resourceSpans })) };
}

const keyOf = ({ traceId, spanId }: OtlpSpan): string => `${traceId} ${spanId}`;
