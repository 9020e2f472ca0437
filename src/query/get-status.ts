/** The answer to "what is the pipeline doing": the head of the document, without its events. */
import type { PipelineHead } from '../model/document-schema.ts';

export type PipelineStatus = Pick<
  PipelineHead,
  | 'system_name'
  | 'stage'
  | 'pipeline_status'
  | 'pipeline_started_at'
  | 'pipeline_updated_at'
  | 'current_context'
  | 'statistics'
> & { active_count: number; skipped?: PipelineHead['skipped'] };

/** `skipped` is there only if lines of the journal gave no event. */
export function getStatus(head: PipelineHead): PipelineStatus {
  return {
    system_name: head.system_name,
    stage: head.stage,
    pipeline_status: head.pipeline_status,
    pipeline_started_at: head.pipeline_started_at,
    pipeline_updated_at: head.pipeline_updated_at,
    current_context: head.current_context,
    statistics: head.statistics,
    active_count: head.active_activities.length,
    skipped: head.skipped,
  };
}
