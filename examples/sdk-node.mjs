// A program that sets OpenTelemetry up with @opentelemetry/sdk-node: spanbook is one more processor there too. Run it in
// a clone:
//
//   node examples/sdk-node.mjs
//   npx spanbook pipeline hierarchy
//
// Its spans are printed, or sent to OTEL_EXPORTER_OTLP_ENDPOINT; activities go to the state folder too:
// SPANBOOK_STATE_DIR, else state/ of the working directory.
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import { LiveSpanProcessor } from 'spanbook';

const exporter = process.env.OTEL_EXPORTER_OTLP_ENDPOINT ? new OTLPTraceExporter() : new tracing.ConsoleSpanExporter();
const sdk = new NodeSDK({
  serviceName: 'shop',
  spanProcessors: [new LiveSpanProcessor(), new tracing.BatchSpanProcessor(exporter)],
});
sdk.start();

const tracer = trace.getTracer('shop');
const workflow = { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': '/review' };
const skill = { 'gen_ai.operation.name': 'invoke_skill', 'gen_ai.skill.name': 'style-check' };

tracer.startActiveSpan('/review', { attributes: workflow }, command => {
  tracer.startActiveSpan('style-check', { attributes: skill }, span => {
    span.setAttribute('error.type', 'StyleError');
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'two lines are too long' });
    span.end();
  });
  command.end();
});

await sdk.shutdown();
