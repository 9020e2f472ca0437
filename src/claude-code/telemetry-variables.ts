/** The variables by which Claude Code sends the usage of each request to the receiver on this machine. Pure. */

/** The usual port of a Collector: an address with it may be somebody else's. */
const COLLECTOR_PORT = 4318;
const ENDPOINT = 'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT';
const OURS = /^http:\/\/127\.0\.0\.1:(\d{1,5})\/v1\/logs$/;

/**
 * Only logs are asked for: they hold the usage, and neither prompts nor contents. The general endpoint stays free for a
 * Collector of your own.
 */
export const telemetryVariables = (port: number): Readonly<Record<string, string>> => ({
  CLAUDE_CODE_ENABLE_TELEMETRY: '1',
  OTEL_LOGS_EXPORTER: 'otlp',
  // The client has no default for it.
  OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
  [ENDPOINT]: `http://127.0.0.1:${port}/v1/logs`,
});

/** Whether a variable is as we set it, for whatever port. */
export const isTelemetryValue = (name: string, value: unknown): boolean =>
  name === ENDPOINT ? OURS.test(String(value)) : telemetryVariables(0)[name] === String(value);

/** The port that all four variables together name; null if they are not, or need not be, ours. */
export function telemetryPort(env: Readonly<Record<string, unknown>>): number | null {
  if (!Object.keys(telemetryVariables(0)).every(name => isTelemetryValue(name, env[name]))) return null;
  const port = Number(OURS.exec(String(env[ENDPOINT]))?.[1]);
  return port === COLLECTOR_PORT ? null : port;
}
