/** Where an OTLP/HTTP receiver takes spans. */

const TRACES_PATH = '/v1/traces';

/** The traces path of an OTLP base URL. */
export function tracesUrl(base: string): string {
  const cut = base.indexOf('?');
  const trimmed = (cut < 0 ? base : base.slice(0, cut)).replace(/\/+$/, '');
  const query = cut < 0 ? '' : base.slice(cut);
  return (trimmed.endsWith(TRACES_PATH) ? trimmed : trimmed + TRACES_PATH) + query;
}

/** Without a name and password, and without a query, which may hold a key. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

/**
 * Headers as `OTEL_EXPORTER_OTLP_HEADERS` has them: `name=value,other=value`, with percent signs as in URLs. A later one
 * goes before an earlier one of the same name.
 */
export function headersIn(...texts: readonly (string | undefined)[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const part of texts.flatMap(text => text?.split(',') ?? [])) {
    const at = part.indexOf('=');
    if (at > 0) headers[part.slice(0, at).trim().toLowerCase()] = decoded(part.slice(at + 1).trim());
  }
  return headers;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
