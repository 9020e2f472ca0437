/**
 * A point from which a fold goes on without its events: what a document of a segment knows, beside the text of its
 * events. Where a later fact would change one of these events, the segment is folded anew.
 */
import { archivedIds } from './archived-ids.ts';
import { type Carry, handOver, resumeFold } from './carry.ts';
import type { FoldState } from './state.ts';

export interface ResumePoint {
  carry: Carry;
  /** Ids of what stands in the events, each behind a comma. */
  ids: string;
}

/** `archived`: the id blocks of older documents; `ids`: those of the point that this state came from. */
export function resumePointOf(state: FoldState, archived: readonly string[], ids: string): ResumePoint {
  const { carry, gone } = handOver(state);
  return { carry: { ...carry, ids: [...archived] }, ids: gone.length > 0 ? `${ids},${gone.join(',')}` : ids };
}

export function resumeFrom({ carry, ids }: ResumePoint): FoldState {
  const isArchived = archivedIds(carry.ids);
  const inEvents = `${ids},`;
  return resumeFold(carry, id => inEvents.includes(`,${id},`) || isArchived(id));
}

/** The ids of a point as a list. */
export const idsOf = (ids: string): string[] => ids.split(',').filter(id => id !== '');
