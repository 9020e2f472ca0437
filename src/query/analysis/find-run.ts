/** The activity that a person means: by its id, or the run that ended last. */
import type { PipelineEvent } from '../../model/document-schema.ts';
import { isEnd } from '../event-kinds.ts';
import type { ActivityRow } from '../runs/activity-row.ts';
import type { ActivityTable } from '../runs/activity-table.ts';

/** `several`: with the text begin so many. */
export type FoundRun =
  | { status: 'found'; row: ActivityRow }
  | { status: 'none' }
  | { status: 'several'; count: number };

/** By the id of any of its events, with `evt-` or without, or by the first letters of that of its start. */
export function findRun(table: ActivityTable, events: readonly PipelineEvent[], id: string): FoundRun {
  const row = table.rows.get(id) ?? table.rows.get(`evt-${id}`) ?? table.rows.get(activityIdOf(events, id) ?? '');
  if (row) return { status: 'found', row };
  if (id === '') return { status: 'none' };
  const fitting = [...table.rows.values()].filter(
    candidate => candidate.id.startsWith(id) || candidate.id.startsWith(`evt-${id}`),
  );
  const [first] = fitting;
  if (!first) return { status: 'none' };
  return fitting.length === 1 ? { status: 'found', row: first } : { status: 'several', count: fitting.length };
}

/** Null if there is none. Where none has ended: the one that started last. */
export function lastRun(table: ActivityTable): ActivityRow | null {
  let last: ActivityRow | null = null;
  for (const row of table.roots) if (!last || isLater(row, last)) last = row;
  return last;
}

function isLater(row: ActivityRow, last: ActivityRow): boolean {
  if (row.endedAt === null || last.endedAt === null) {
    return row.endedAt === last.endedAt ? row.startedAt > last.startedAt : row.endedAt !== null;
  }
  return row.endedAt > last.endedAt || (row.endedAt === last.endedAt && row.startedAt > last.startedAt);
}

function activityIdOf(events: readonly PipelineEvent[], id: string): string | null {
  const event = events.find(({ event_id }) => event_id === id);
  if (!event) return null;
  return isEnd(event) ? event.related_start_event_id : event.parent_event_id;
}
