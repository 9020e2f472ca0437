/** Who sends the spans. No pid and no uptime: a span that is sent again must be the same bytes. */
import type { Attributes } from '@opentelemetry/api';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import type { JsonObject } from '../model/fact.ts';

const DEFAULT_SERVICE = 'spanbook';
const SERVICE_NAME = 'service.name';

/** The resource of a span that another program told of: what that one says of itself, and nothing of this one. */
export const relayedResource = (host: string, own: Attributes | undefined): Resource =>
  defaultResource().merge(resourceFromAttributes({ [SERVICE_NAME]: DEFAULT_SERVICE, 'host.name': host, ...own }));

/** Arguments go before `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`, these before the defaults. */
export function serviceResource(service: string | undefined, host: string, more: Attributes | undefined): Resource {
  const own: Attributes = { ...more };
  if (service !== undefined) own[SERVICE_NAME] = service;
  return defaultResource()
    .merge(resourceFromAttributes({ [SERVICE_NAME]: DEFAULT_SERVICE, 'host.name': host }))
    .merge(detectResources({ detectors: [envDetector] }))
    .merge(resourceFromAttributes(own));
}

/** Set by the SDK, or the same for all programs of this machine. */
const GIVEN = /^(telemetry\.|host\.name$)/;

/** What a program says of itself beside that, for those who send its spans in its place; undefined if that is nothing. */
export function ownAttributes({ attributes }: Resource): JsonObject | undefined {
  const own = Object.entries(attributes).filter(
    ([key, value]) =>
      value !== undefined && !GIVEN.test(key) && !(key === SERVICE_NAME && String(value) === DEFAULT_SERVICE),
  );
  return own.length > 0 ? Object.fromEntries(own) : undefined;
}
