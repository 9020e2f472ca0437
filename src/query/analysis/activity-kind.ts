/** What activities have in common that are compared with each other: level and name. */
import type { ActivityRow } from '../runs/activity-row.ts';

export type ActivityLevel = ActivityRow['level'];

/** No two kinds have one key: a level has no space in it. */
export const kindKey = ({ level, name }: Pick<ActivityRow, 'level' | 'name'>): string => `${level} ${name}`;

/** Its times are times: a file that somebody edited may hold anything. */
export const isDated = ({ startedAt, endedAt }: ActivityRow): boolean =>
  Number.isFinite(startedAt) && (endedAt === null || Number.isFinite(endedAt));

/** It went to its end. What was cut off, by a person or by a crash, says nothing about how long it takes. */
export const ranToItsEnd = ({ status }: ActivityRow): boolean => status === 'completed' || status === 'failed';

export const hasFailed = ({ status }: ActivityRow): boolean => status === 'failed' || status === 'abandoned';

/** USD with all below it; null if it is not known, or known in parts only. */
export function wholeCost({ usage }: ActivityRow): number | null {
  const total = usage?.total;
  return total?.cost === undefined || (total.unpriced_tokens ?? 0) > 0 ? null : total.cost;
}
