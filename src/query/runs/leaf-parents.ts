/** Activities as those are asked for who know what they did themselves. */
import { spanOfEventId } from '../../model/ids.ts';
import type { LeafParent } from '../../model/leaf.ts';
import type { ActivityRow } from './activity-row.ts';

/** Without those of no session: no client was there that could tell of them. */
export const leafParents = (rows: readonly ActivityRow[]): LeafParent[] =>
  rows.flatMap(({ id, sessionId: session, endedAt: endAt }) => {
    const span = spanOfEventId(id);
    return span === null || session === null ? [] : [{ span, session, endAt }];
  });
