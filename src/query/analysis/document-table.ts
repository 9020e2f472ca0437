/** The activities of a document, as rows. */
import type { PipelineDocument } from '../../model/document-schema.ts';
import { ActivityTable } from '../runs/activity-table.ts';

export function documentTable({ events, active_activities }: PipelineDocument): ActivityTable {
  const table = new ActivityTable();
  for (const event of events) table.apply(event);
  for (const active of active_activities) table.applyActive(active);
  return table;
}
