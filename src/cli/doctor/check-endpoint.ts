/** Does the OTLP receiver take spans? The only connection that `doctor` makes, and only where an endpoint is set. */
import { headersIn, shownUrl, tracesUrl } from '../../processor/traces-url.ts';
import { readWriterSettings, settingsPath } from '../../store/read-settings.ts';
import { bad, type Finding, ok, skipped } from './check.ts';
import type { Examination } from './examination.ts';

const ANSWER_MILLIS = 2000;
const EXAMPLE = 'http://127.0.0.1:4318';

interface Endpoint {
  url: string;
  headers: Record<string, string>;
  /** Where the address and the headers are set. */
  place: string;
  headersPlace: string;
}

export async function checkEndpoint(examination: Examination): Promise<Finding> {
  const endpoint = endpointOf(examination);
  if (!endpoint) return skipped('no endpoint is set, and nothing is sent');
  const { url, place } = endpoint;
  const edit = `Set ${place} to the base URL of an OTLP/HTTP receiver, as ${EXAMPLE}`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return bad('failed', `${place} is no http or https URL`, edit);
  const shown = shownUrl(url);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...endpoint.headers, 'content-type': 'application/json' },
      body: '{"resourceSpans":[]}',
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MILLIS),
    });
    await response.body?.cancel();
    return judge(response, shown, endpoint);
  } catch (error) {
    return bad(
      'failed',
      `${shown} does not answer: ${reasonOf(error)}`,
      `Start the receiver, or set ${place} to its address`,
    );
  }
}

function judge(response: Response, shown: string, { place, headersPlace }: Endpoint): Finding {
  const { status, ok: isSuccess } = response;
  const type = response.headers.get('content-type') ?? 'no content type';
  const edit = `Set ${place} to the base URL of an OTLP/HTTP receiver, as ${EXAMPLE}`;
  if (isSuccess && /\bjson\b/i.test(type)) return ok(`${shown} takes spans`);
  if (status === 401 || status === 403)
    return bad(
      'failed',
      `${shown} answers ${status}: it wants credentials`,
      `Set the header that it asks for in ${headersPlace}`,
    );
  if (isSuccess) return bad('failed', `${shown} answers ${status} with ${type}, which is no OTLP receiver`, edit);
  return bad('failed', `${shown} answers ${status} with ${type}`, edit);
}

/** In the order in which the exporter takes them. */
function endpointOf({ env, recorded }: Examination): Endpoint | null {
  const headers = headersIn(env.OTEL_EXPORTER_OTLP_HEADERS, env.OTEL_EXPORTER_OTLP_TRACES_HEADERS);
  const fromEnv = { headers, headersPlace: 'OTEL_EXPORTER_OTLP_HEADERS' };
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces, OTEL_EXPORTER_OTLP_ENDPOINT: base } = env;
  if (traces) return { url: traces, place: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', ...fromEnv };
  if (base) return { url: tracesUrl(base), place: 'OTEL_EXPORTER_OTLP_ENDPOINT', ...fromEnv };
  const { otlpEndpoint, otlpHeaders } = readWriterSettings(recorded.path);
  if (!otlpEndpoint) return null;
  const path = settingsPath(recorded.path);
  const own = Object.entries(otlpHeaders ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    url: tracesUrl(otlpEndpoint),
    headers: Object.fromEntries(own),
    place: `otlp.endpoint in ${path}`,
    headersPlace: `otlp.headers in ${path}`,
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given';
  if (error.name === 'TimeoutError') return `nothing within ${ANSWER_MILLIS / 1000} s`;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (typeof code === 'string') return code === 'ECONNREFUSED' ? 'connection refused' : code;
  // Its message may repeat the headers, and those are secret.
  return error.name === 'TypeError' ? 'the address or a header is not allowed' : error.name;
}
