/** What a real Jaeger has, asked over its query API: the stable `/api/v3`, and the one behind its user interface. */

export type StoredValue = string | number | boolean | StoredValue[];

export interface StoredSpan {
  traceId: string;
  spanId: string;
  /** Null for a root. */
  parentSpanId: string | null;
  name: string;
  /** 1 internal, 3 client, as in OTLP. */
  kind: number;
  /** Nanoseconds are no JavaScript numbers. */
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
  attributes: Record<string, StoredValue>;
  /** `code` is 2 for an error; 0 if it was not set. */
  status: { code: number; message: string };
  events: { name: string; timeUnixNano: bigint; attributes: Record<string, StoredValue> }[];
  links: { traceId: string; spanId: string }[];
  resource: Record<string, StoredValue>;
  /** What Jaeger says is wrong with the span: no duration, a missing parent, an id twice. */
  warnings: string[];
}

export interface TraceQuery {
  /** `spanbook` by default. */
  service?: string;
  operation?: string;
  /** Traces with a span that began in this time; the last 30 days by default. */
  from?: Date;
  to?: Date;
  /** 1500 by default. */
  limit?: number;
}

export interface JaegerClient {
  services(): Promise<string[]>;
  operations(service?: string): Promise<string[]>;
  /** The spans of a trace by start; empty if Jaeger does not know it. `raw` leaves doubles and wrong times as they came. */
  trace(traceId: string, options?: { raw?: boolean }): Promise<StoredSpan[]>;
  /** The spans of all traces that fit, by trace id. */
  traces(query?: TraceQuery): Promise<Map<string, StoredSpan[]>>;
  /** Ids of the traces in which one span has all these attributes, as the search page finds them. */
  search(attributes: Record<string, string>, query?: TraceQuery): Promise<string[]>;
  /**
   * The warnings that the older API gives for a trace. Up to 2.13 it knows hosts by the resource attribute `ip` alone, so
   * it warns of every child that outlives its parent; `StoredSpan.warnings` goes by `host.name`, as newer versions do.
   */
  uiWarnings(traceId: string): Promise<string[]>;
  /** The spans of a trace as soon as there are that many, for what is sent in the background. */
  untilSpans(traceId: string, count: number, millis?: number): Promise<StoredSpan[]>;
}

interface OtlpValue {
  stringValue?: string;
  intValue?: string | number;
  doubleValue?: number;
  boolValue?: boolean;
  arrayValue?: { values?: OtlpValue[] };
}
type OtlpAttributes = { key: string; value: OtlpValue }[];

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind?: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: OtlpAttributes;
  status?: { code?: number; message?: string };
  events?: { name?: string; timeUnixNano: string; attributes?: OtlpAttributes }[];
  links?: { traceId: string; spanId: string }[];
}

interface OtlpAnswer {
  result: {
    resourceSpans?: { resource?: { attributes?: OtlpAttributes }; scopeSpans?: { spans?: OtlpSpan[] }[] }[];
  };
}

interface UiAnswer {
  data: { traceID: string; warnings?: string[] | null; spans: { warnings?: string[] | null }[] }[] | null;
}

/** Jaeger carries warnings in an attribute; older versions named it otherwise. */
const WARNINGS = ['jaeger.internal.warnings', '@jaeger@warnings'];
const DAY_MILLIS = 24 * 3600 * 1000;

export function queryJaeger(url: string): JaegerClient {
  const ask = <T>(path: string, parameters: Record<string, string> = {}): Promise<T | null> =>
    getJson(`${url}${path}?${new URLSearchParams(parameters)}`);

  const trace: JaegerClient['trace'] = async (traceId, { raw = false } = {}) =>
    spansOf(await ask<OtlpAnswer>(`/api/v3/traces/${traceId}`, both('rawTraces', String(raw))));

  return {
    trace,
    services: async () => (await ask<{ services: string[] }>('/api/v3/services'))?.services ?? [],

    async operations(service = 'spanbook') {
      const answer = await ask<{ operations: { name: string }[] }>('/api/v3/operations', { service });
      return (answer?.operations ?? []).map(({ name }) => name);
    },

    async traces(query = {}) {
      const { service, operation, from, to, limit } = filled(query);
      const answer = await ask<OtlpAnswer>('/api/v3/traces', {
        ...both('query.serviceName', service),
        ...both('query.operationName', operation),
        ...both('query.startTimeMin', from.toISOString()),
        ...both('query.startTimeMax', to.toISOString()),
        'query.num_traces': String(limit),
        'query.searchDepth': String(limit),
      });
      const traces = new Map<string, StoredSpan[]>();
      for (const span of spansOf(answer)) traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), span]);
      return traces;
    },

    async search(attributes, query = {}) {
      const { service, operation, from, to, limit } = filled(query);
      const answer = await ask<UiAnswer>('/api/traces', {
        service,
        ...(operation === '' ? {} : { operation }),
        tags: JSON.stringify(attributes),
        start: `${from.getTime()}000`,
        end: `${to.getTime()}000`,
        limit: String(limit),
      });
      return (answer?.data ?? []).map(({ traceID }) => traceID);
    },

    async uiWarnings(traceId) {
      const answer = await ask<UiAnswer>(`/api/traces/${traceId}`);
      const parts = (answer?.data ?? []).flatMap(found => [found, ...found.spans]);
      return parts.flatMap(({ warnings }) => warnings ?? []);
    },

    async untilSpans(traceId, count, millis = 10_000) {
      const deadline = performance.now() + millis;
      for (;;) {
        const spans = await trace(traceId);
        if (spans.length >= count) return spans;
        if (performance.now() > deadline) {
          throw new Error(`trace ${traceId}: expected ${count} spans within ${millis} ms, got ${spans.length}`);
        }
        await new Promise(resolve => setTimeout(resolve, 20));
      }
    },
  };
}

/** Up to 2.13 parameters are written `query.service_name`, later `query.serviceName`; each passes over the other. */
const both = (name: string, value: string): Record<string, string> => ({
  [name]: value,
  [name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)]: value,
});

const filled = (query: TraceQuery): Required<TraceQuery> => ({
  service: query.service ?? 'spanbook',
  operation: query.operation ?? '',
  from: query.from ?? new Date(Date.now() - 30 * DAY_MILLIS),
  to: query.to ?? new Date(Date.now() + DAY_MILLIS),
  limit: query.limit ?? 1500,
});

/** Null where Jaeger knows no such trace. */
async function getJson<T>(url: string): Promise<T | null> {
  const response = await fetch(url);
  const text = await response.text();
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`${url}: expected 200, got ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}

function spansOf(answer: OtlpAnswer | null): StoredSpan[] {
  const found = (answer?.result.resourceSpans ?? []).flatMap(({ resource, scopeSpans = [] }) => {
    const attributes = record(resource?.attributes);
    return scopeSpans.flatMap(({ spans = [] }) => spans.map(span => storedSpan(span, attributes)));
  });
  return found.sort((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano));
}

function storedSpan(span: OtlpSpan, resource: StoredSpan['resource']): StoredSpan {
  const { events = [], links = [], status = {} } = span;
  const attributes = record(span.attributes);
  const warnings = WARNINGS.flatMap(key => attributes[key] ?? []).map(String);
  for (const key of WARNINGS) delete attributes[key];
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId || null,
    name: span.name,
    kind: span.kind ?? 0,
    startTimeUnixNano: BigInt(span.startTimeUnixNano),
    endTimeUnixNano: BigInt(span.endTimeUnixNano),
    attributes,
    status: { code: status.code ?? 0, message: status.message ?? '' },
    events: events.map(event => ({
      name: event.name ?? '',
      timeUnixNano: BigInt(event.timeUnixNano),
      attributes: record(event.attributes),
    })),
    links: links.map(({ traceId, spanId }) => ({ traceId, spanId })),
    resource,
    warnings,
  };
}

const record = (attributes: OtlpAttributes = []): Record<string, StoredValue> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, storedValue(value)]));

function storedValue({ stringValue, intValue, doubleValue, boolValue, arrayValue }: OtlpValue): StoredValue {
  if (intValue !== undefined) return safe(Number(intValue));
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(storedValue);
  return stringValue ?? doubleValue ?? boolValue ?? '';
}

function safe(value: number): number {
  if (!Number.isSafeInteger(value)) throw new Error(`attribute: expected an integer below 2^53, got ${value}`);
  return value;
}
