/** Sessions, from the folded state: the document knows only their ids. */
import { timestamp } from '../model/render-event.ts';
import type { FoldState, Session } from '../model/state.ts';

export interface SessionRow {
  session_id: string;
  title: string | null;
  cwd: string | null;
  branch: string | null;
  started_at: string;
  last_at: string;
  ended_at: string | null;
  commands: number;
  active_count: number;
  transcript_path: string | null;
}

/** All sessions that gave a fact, in the order in which they were first seen. */
export function listSessions(state: Pick<FoldState, 'sessions'>): SessionRow[] {
  return [...state.sessions.values()].map(toRow);
}

const toRow = (session: Session): SessionRow => ({
  session_id: session.id,
  title: session.title ?? null,
  cwd: session.cwd ?? null,
  branch: session.branch ?? null,
  started_at: timestamp(session.startedAt),
  last_at: timestamp(session.lastAt),
  ended_at: session.endedAt === undefined ? null : timestamp(session.endedAt),
  commands: session.commands,
  active_count: session.open.length,
  transcript_path: session.transcript ?? null,
});
