/** Where spans are sent: what somebody named, else the settings, else the standard variables. */
import { SpanbookError } from './errors.ts';
import { headersIn, tracesUrl } from './processor/traces-url.ts';
import { readWriterSettings } from './store/read-settings.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface OtlpEndpoint {
  /** The whole URL. */
  url: string;
  headers: Record<string, string> | undefined;
}

/** By the settings of a state folder alone; null: nothing leaves this machine. */
export function settledEndpoint(stateDir: string): OtlpEndpoint | null {
  const { otlpEndpoint, otlpHeaders } = readWriterSettings(stateDir);
  return otlpEndpoint ? { url: checked('otlp.endpoint', tracesUrl(otlpEndpoint)), headers: otlpHeaders } : null;
}

/**
 * `given`: a base URL. `default`: the one that holds if nobody names any.
 *
 * @throws SpanbookError `USAGE` if it is no URL of a web server.
 */
export function findEndpoint(
  stateDir: string,
  { given, env, otherwise }: { given: string | undefined; env: Env; otherwise: string },
): OtlpEndpoint {
  if (given !== undefined) return namedEndpoint(given, stateDir, env);
  return settledEndpoint(stateDir) ?? endpointIn(env) ?? { url: tracesUrl(otherwise), headers: undefined };
}

/** The one with this base URL, with the headers that belong to it. */
export function namedEndpoint(base: string, stateDir: string, env: Env): OtlpEndpoint {
  const url = checked('OTLP endpoint', tracesUrl(base));
  const { otlpEndpoint, otlpHeaders } = readWriterSettings(stateDir);
  const isSettled = otlpEndpoint !== undefined && tracesUrl(otlpEndpoint) === url;
  return { url, headers: isSettled ? otlpHeaders : headersOf(env) };
}

/** By the variables of OpenTelemetry; null if they name none. */
export function endpointIn(env: Env): OtlpEndpoint | null {
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces, OTEL_EXPORTER_OTLP_ENDPOINT: base } = env;
  if (traces) return { url: checked('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', traces), headers: headersOf(env) };
  // Only the base gets the path appended.
  if (!base) return null;
  const url = checked('OTEL_EXPORTER_OTLP_ENDPOINT', `${base.replace(/\/+$/, '')}/v1/traces`);
  return { url, headers: headersOf(env) };
}

function headersOf(env: Env): Record<string, string> | undefined {
  const headers = headersIn(env.OTEL_EXPORTER_OTLP_HEADERS, env.OTEL_EXPORTER_OTLP_TRACES_HEADERS);
  return Object.keys(headers).length > 0 ? headers : undefined;
}

function checked(name: string, url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new SpanbookError(
    'USAGE',
    `${name}: expected an http or https URL like http://127.0.0.1:4318, got ${JSON.stringify(url)}`,
  );
}
