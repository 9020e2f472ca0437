/** Sends the spans of this process by OTLP/HTTP, with the stock exporter, where an endpoint is set. */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { tracesUrl } from './traces-url.ts';

/** Room for a burst: the default of 2,048 drops silently what comes in one tick beyond it. */
const MAX_QUEUE_SIZE = 16_384;

export interface OtlpSettings {
  otlpEndpoint?: string | undefined;
  otlpHeaders?: Record<string, string> | undefined;
}

/**
 * The processor for an endpoint: the argument, else the standard variables (which the exporter reads itself, headers
 * and all), else the settings file. None: an empty list, and nothing leaves this machine.
 */
export function otlpProcessors(
  given: string | false | undefined,
  env: Record<string, string | undefined>,
  settings: OtlpSettings,
): SpanProcessor[] {
  if (given === false) return [];
  const fromEnvironment = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const base = given || (fromEnvironment ? undefined : settings.otlpEndpoint || undefined);
  if (base === undefined && !fromEnvironment) return [];
  const named = base ?? fromEnvironment;
  if (named !== undefined && !isHttpUrl(named)) {
    const message = `OTLP endpoint: expected an http or https URL like http://127.0.0.1:4318, got ${JSON.stringify(named)}`;
    process.emitWarning(`spanbook: ${message}; nothing is sent`);
    return [];
  }
  const headers = !given && !fromEnvironment ? settings.otlpHeaders : undefined;
  const exporter = new OTLPTraceExporter(base === undefined ? {} : { url: tracesUrl(base), headers });
  return [new BatchSpanProcessor(exporter, { maxQueueSize: MAX_QUEUE_SIZE, scheduledDelayMillis: 1000 })];
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
