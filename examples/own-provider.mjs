// A program with an OpenTelemetry set-up of its own: spanbook is one more processor, beside the exporter that is there.
// Run it in a clone:
//
//   node examples/own-provider.mjs
//   npx spanbook pipeline hierarchy
//
// Its spans are printed, or sent to OTEL_EXPORTER_OTLP_ENDPOINT. Those with a GenAI operation are activities too, and go
// to the state folder: SPANBOOK_STATE_DIR, else state/ of the working directory.
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, ConsoleSpanExporter, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { LiveSpanProcessor } from 'spanbook';

const exporter = process.env.OTEL_EXPORTER_OTLP_ENDPOINT ? new OTLPTraceExporter() : new ConsoleSpanExporter();
const provider = new NodeTracerProvider({
  spanProcessors: [new LiveSpanProcessor(), new BatchSpanProcessor(exporter)],
});
provider.register();
const tracer = trace.getTracer('shop');

/** Runs `fn` in a span, and ends it. */
const inSpan = (name, attributes, fn) =>
  tracer.startActiveSpan(name, { attributes }, async span => {
    try {
      return await fn(span);
    } finally {
      span.end();
    }
  });

// Whoever started this program may have handed over a span, as `spanbook exec` does.
const { TRACEPARENT: traceparent, TRACESTATE: tracestate } = process.env;
const around = propagation.extract(ROOT_CONTEXT, { traceparent, tracestate });

await context.with(around, () =>
  inSpan('nightly job', {}, () =>
    inSpan('/restock', { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': '/restock' }, () =>
      inSpan('ask', { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'buyer' }, async () => {
        await inSpan('SELECT stock', { 'db.system.name': 'postgresql' }, async () => {});
        await inSpan('chat', { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'claude-sonnet-4-5' }, span =>
          span.setAttributes({ 'gen_ai.usage.input_tokens': 1200, 'gen_ai.usage.output_tokens': 340 }),
        );
      }),
    ),
  ),
);

await provider.shutdown();
