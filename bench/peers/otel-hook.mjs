// A hook as it would be written with the OpenTelemetry SDK: reads the payload of the client, and exports one span.
import { readFileSync } from 'node:fs';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';

const payload = JSON.parse(readFileSync(0, 'utf8'));
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'bench' }),
  // Reads its address from OTEL_EXPORTER_OTLP_ENDPOINT.
  spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter())],
});
const attributes = {
  'session.id': payload.session_id,
  'gen_ai.skill.name': payload.tool_input.skill,
  'gen_ai.tool.call.id': payload.tool_use_id,
};
provider.getTracer('bench').startSpan(`skill ${payload.tool_input.skill}`, { attributes }).end();
provider.shutdown().catch(() => {});
