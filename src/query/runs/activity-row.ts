/** An activity as lists and analyses need it: what its start, its end and its notes say together, and no event of them. */
import type { EndEvent, StartEvent, UsagePair } from '../../model/document-schema.ts';

export type ActivityStatus = EndEvent['status'] | 'running';

export interface ActivityRow {
  /** Of its start: `evt-…`. */
  readonly id: string;
  /** Null at the top: the activity is a run. */
  parentId: string | null;
  level: StartEvent['level'];
  name: string;
  label: string | null;
  stage: string | null;
  systemName: string | null;
  sessionId: string | null;
  traceId: string | null;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Null while it is open. */
  endedAt: number | null;
  status: ActivityStatus;
  /** Those that belong to this activity itself. */
  errors: number;
  warnings: number;
  /** Known at the end, of what reports any. Money is USD at list prices. */
  usage: UsagePair | null;
}

/** Until its end, or until now. Never negative. */
export const durationOf = ({ startedAt, endedAt }: ActivityRow, now: number): number =>
  Math.max(0, (endedAt ?? now) - startedAt);
