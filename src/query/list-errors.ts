/** What went wrong: errors and warnings, as the document has them. */
import type { ErrorEvent, PipelineEvent, WarningEvent } from '../model/document-schema.ts';

export interface Problems {
  errors: ErrorEvent[];
  warnings: WarningEvent[];
}

export function listErrors(events: readonly PipelineEvent[]): Problems {
  return {
    errors: events.filter(event => event.event_type === 'error'),
    warnings: events.filter(event => event.event_type === 'warning'),
  };
}
