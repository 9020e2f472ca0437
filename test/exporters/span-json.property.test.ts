import { createTraceState, SpanKind, TraceFlags } from '@opentelemetry/api';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { requestJson } from '../../exporters/span-json.ts';

const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`)).filter(id => !/^0+$/.test(id));
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.array(fc.string()),
  fc.array(fc.double()),
  fc.constant(-0),
  fc.constant(undefined),
);
const attributes = fc.dictionary(fc.string({ minLength: 1 }), value, { maxKeys: 6 });
const time = fc.tuple(fc.nat({ max: 2_000_000_000 }), fc.nat({ max: 999_999_999 }));
const context = fc.record({
  traceId: hex(32),
  spanId: hex(16),
  traceFlags: fc.constantFrom(TraceFlags.NONE, TraceFlags.SAMPLED),
  isRemote: fc.option(fc.boolean(), { nil: undefined }),
  traceState: fc.option(fc.constant(createTraceState('a=1,b=2')), { nil: undefined }),
});
const resources = [
  resourceFromAttributes({ 'service.name': 'spanbook', 'host.name': 'here' }),
  resourceFromAttributes({ 'service.name': 'a "shop"' }, { schemaUrl: 'https://example.com/1.0' }),
];
const scopes = [{ name: 'spanbook' }, { name: 'other', version: '1.2.3', schemaUrl: 'https://example.com/2.0' }];

const span = fc
  .record({
    name: fc.string({ unit: 'binary' }),
    kind: fc.constantFrom(SpanKind.INTERNAL, SpanKind.CLIENT),
    context,
    parentSpanContext: fc.option(context, { nil: undefined }),
    startTime: time,
    endTime: time,
    status: fc.record({ code: fc.nat({ max: 2 }), message: fc.option(fc.string(), { nil: undefined }) }),
    attributes,
    events: fc.array(fc.record({ name: fc.string(), time, attributes: fc.option(attributes, { nil: undefined }) }), {
      maxLength: 2,
    }),
    links: fc.array(fc.record({ context, attributes: fc.option(attributes, { nil: undefined }) }), { maxLength: 2 }),
    resource: fc.constantFrom(...resources),
    instrumentationScope: fc.constantFrom(...scopes),
    droppedAttributesCount: fc.nat({ max: 3 }),
    droppedEventsCount: fc.nat({ max: 3 }),
    droppedLinksCount: fc.nat({ max: 3 }),
  })
  .map(({ context: own, ...rest }) => ({ ...rest, spanContext: () => own }) as unknown as ReadableSpan);

it('writes the very bytes that the stock exporter writes', () => {
  fc.assert(
    fc.property(fc.array(span, { minLength: 1, maxLength: 5 }), spans => {
      const stock = new TextDecoder().decode(JsonTraceSerializer.serializeRequest(spans));
      expect(requestJson(spans)).toBe(stock);
    }),
  );
});
