/** Who sends the spans. No pid and no uptime: a span that is sent again must be the same bytes. */
import type { Attributes } from '@opentelemetry/api';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';

const DEFAULT_SERVICE = 'spanbook';

/** Arguments go before `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`, these before the defaults. */
export function serviceResource(service: string | undefined, host: string, more: Attributes | undefined): Resource {
  const own: Attributes = { ...more };
  if (service !== undefined) own['service.name'] = service;
  return defaultResource()
    .merge(resourceFromAttributes({ 'service.name': DEFAULT_SERVICE, 'host.name': host }))
    .merge(detectResources({ detectors: [envDetector] }))
    .merge(resourceFromAttributes(own));
}
