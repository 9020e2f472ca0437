/** Compares what was sent with what Jaeger has, by ids: the journal says what the ids must be. */
import { resourceFromAttributes } from '@opentelemetry/resources';
import { JaegerQuery } from '../exporters/jaeger-query.ts';
import { JournalSpans } from '../exporters/journal-spans.ts';
import type { LeafSource } from './model/leaf.ts';
import type { OtlpEndpoint } from './otlp-endpoint.ts';
import { relayPlace } from './store/relay/relay-place.ts';
import { readQuarantined } from './store/relay/relay-status.ts';
import { IdSet, SentIds } from './store/relay/sent-ids.ts';

const MAX_MISSING_SHOWN = 100;
/** What was just taken can be asked for a moment later. */
const RETRY_MILLIS = 500;
const MAX_RETRIES = 6;

export interface VerifyOptions {
  stateDir: string;
  endpoint: OtlpEndpoint;
  /** Base URL of the query API. */
  query: string;
  leaves: LeafSource;
  /** Only what began at this time or later, in milliseconds since 1970. */
  since?: number | undefined;
  /** Waits; false: the person asked to stop. */
  pause(millis: number): Promise<boolean>;
}

export interface Verified {
  query: string;
  traces: number;
  /** That were sent and taken. */
  spans: number;
  missing: number;
  /** The first of them. */
  missing_spans: { trace_id: string; span_id: string; name: string }[];
  /** What Jaeger says is odd, each once. */
  warnings: string[];
}

interface Expected {
  id: string;
  name: string;
}

/** @throws SpanbookError `NOT_FOUND` if no Jaeger answers. */
export async function verifyTraces(options: VerifyOptions): Promise<Verified> {
  const { query, pause } = options;
  const jaeger = new JaegerQuery(query);
  const verified: Verified = { query, traces: 0, spans: 0, missing: 0, missing_spans: [], warnings: [] };
  const warnings = new Set<string>();
  let retries = 0;
  for (const [trace, expected] of expectedSpans(options)) {
    let stored = await jaeger.trace(trace);
    const isThere = ({ id }: Expected): boolean => stored.spans.has(id);
    while (!expected.every(isThere) && retries++ < MAX_RETRIES && (await pause(RETRY_MILLIS))) {
      stored = await jaeger.trace(trace);
    }
    verified.traces++;
    verified.spans += expected.length;
    for (const warning of stored.warnings) warnings.add(warning);
    for (const { id, name } of expected) {
      if (stored.spans.has(id)) continue;
      verified.missing++;
      if (verified.missing <= MAX_MISSING_SHOWN) verified.missing_spans.push({ trace_id: trace, span_id: id, name });
    }
  }
  return { ...verified, warnings: [...warnings] };
}

/** By trace. */
function expectedSpans({ stateDir, endpoint, leaves, since }: VerifyOptions): Map<string, Expected[]> {
  const place = relayPlace(stateDir, endpoint.url);
  const sent = new SentIds(place.sent);
  const refused = readQuarantined(place.quarantine);
  const resource = resourceFromAttributes({});
  const source = new JournalSpans({
    stateDir,
    sent: new IdSet(),
    fromSegment: 1,
    resourceOf: () => resource,
    leaves: { isTold: () => true, leavesOf: parents => leaves.leavesOf(parents) },
    since,
  });
  const traces = new Map<string, Expected[]>();
  for (let spans = source.next(Date.now()); spans; spans = source.next(Date.now())) {
    for (const span of spans) {
      const { traceId, spanId } = span.spanContext();
      if (!sent.has(spanId) || refused.has(spanId)) continue;
      const expected = traces.get(traceId) ?? [];
      traces.set(traceId, expected);
      expected.push({ id: spanId, name: span.name });
    }
  }
  return traces;
}
