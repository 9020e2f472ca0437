/** Where an OTLP/HTTP receiver takes spans. */

const TRACES_PATH = '/v1/traces';

/** The traces path of an OTLP base URL. */
export function tracesUrl(base: string): string {
  const trimmed = base.replace(/\/+$/, '');
  return trimmed.endsWith(TRACES_PATH) ? trimmed : trimmed + TRACES_PATH;
}
