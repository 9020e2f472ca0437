/** What is open now, with how long it has been. */
import type { ActiveActivity, PipelineHead } from '../model/document-schema.ts';

export type RunningActivity = ActiveActivity & { elapsed_ms: number };

/** `now`: milliseconds since 1970. In the order of the starts. */
export function listActive(head: Pick<PipelineHead, 'active_activities'>, now: number): RunningActivity[] {
  return head.active_activities.map(activity => {
    const { event_id, level, name, label, started_at, depth, path, parent_event_id, stage, session_id } = activity;
    const elapsed_ms = elapsedMillis(started_at, now);
    return { event_id, level, name, label, started_at, elapsed_ms, depth, path, parent_event_id, stage, session_id };
  });
}

/** Time since a timestamp, never negative: clocks of different writers may differ. */
export const elapsedMillis = (since: string, now: number): number => Math.max(0, Math.round(now - Date.parse(since)));
