/** Ends what belongs to processes that are gone. Asked for by queries and the monitor: hooks have no time for it. */
import { appendFact } from '../journal/append-fact.ts';
import type { PipelineHead } from '../model/document-schema.ts';
import { FACT_VERSION, type LostFact, type ProcessIdentity } from '../model/fact.ts';
import { spanOfEventId } from '../model/ids.ts';
import { isGone } from './process-identity.ts';
import { readWriterSettings } from './read-settings.ts';

interface RunningActivity {
  span: string;
  parent: string | null;
  session: string;
  process?: ProcessIdentity | undefined;
}

/**
 * A fact for each of these activities whose process is known to be gone, and for what runs inside them. `now`:
 * milliseconds since 1970.
 */
export function lostFacts(open: Iterable<RunningActivity>, now: number): LostFact[] {
  const lost = new Set<string>();
  const facts: LostFact[] = [];
  // Parents begin before what is inside them, and stand before it.
  for (const { span, parent, session, process } of open) {
    const isLost = process ? isGone(process) : parent !== null && lost.has(parent);
    if (!isLost) continue;
    lost.add(span);
    facts.push({ v: FACT_VERSION, at: now, source: 'hook', session, kind: 'lost', span });
  }
  return facts;
}

/** What runs, by the head of a document. */
export const runningIn = (head: Pick<PipelineHead, 'active_activities'>): RunningActivity[] =>
  head.active_activities.flatMap(({ event_id, parent_event_id, session_id, process }) => {
    const span = spanOfEventId(event_id);
    const parent = parent_event_id === null ? null : spanOfEventId(parent_event_id);
    return span === null ? [] : [{ span, parent, session: session_id, process }];
  });

export function appendLost(stateDir: string, facts: readonly LostFact[]): void {
  const settings = readWriterSettings(stateDir);
  for (const fact of facts) appendFact(stateDir, fact, settings);
}
