/** Events by age, type and level. */
import type { PipelineEvent } from '../model/document-schema.ts';

export interface EventFilter {
  /** Only events of the last so many minutes. */
  recentMinutes?: number;
  type?: string;
  level?: string;
  /** Only the last so many of those that are left. */
  limit?: number;
}

/** The oldest time that passes the filter, in milliseconds since 1970; 0 if any does. */
export const oldestOf = (filter: EventFilter, now: number): number =>
  filter.recentMinutes === undefined ? 0 : now - filter.recentMinutes * 60_000;

/** The events that pass, in the order of the journal. */
export function filterEvents(events: readonly PipelineEvent[], filter: EventFilter, now: number): PipelineEvent[] {
  const oldest = oldestOf(filter, now);
  const passing = events.filter(
    event =>
      (filter.type === undefined || event.event_type === filter.type) &&
      (filter.level === undefined || event.level === filter.level) &&
      (oldest === 0 || Date.parse(event.timestamp) >= oldest),
  );
  return filter.limit === undefined ? passing : passing.slice(Math.max(0, passing.length - filter.limit));
}
