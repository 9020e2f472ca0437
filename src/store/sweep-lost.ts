/** Ends what belongs to processes that are gone. Asked for by queries and the monitor: hooks have no time for it. */
import { appendFact } from '../journal/append-fact.ts';
import type { PipelineHead } from '../model/document-schema.ts';
import { FACT_VERSION, type LostFact, type ProcessIdentity } from '../model/fact.ts';
import { spanOfEventId } from '../model/ids.ts';
import { isGone } from './process-identity.ts';
import { readWriterSettings } from './read-settings.ts';

interface RunningActivity {
  span: string;
  session: string;
  process?: ProcessIdentity | undefined;
}

/** A fact for each of these activities whose process is known to be gone. `now`: milliseconds since 1970. */
export function lostFacts(open: Iterable<RunningActivity>, now: number): LostFact[] {
  const facts: LostFact[] = [];
  for (const { span, session, process } of open) {
    if (process && isGone(process))
      facts.push({ v: FACT_VERSION, at: now, source: 'hook', session, kind: 'lost', span });
  }
  return facts;
}

/** What runs, by the head of a document. */
export const runningIn = (head: Pick<PipelineHead, 'active_activities'>): RunningActivity[] =>
  head.active_activities.flatMap(({ event_id, session_id, process }) => {
    const span = spanOfEventId(event_id);
    return span === null ? [] : [{ span, session: session_id, process }];
  });

export function appendLost(stateDir: string, facts: readonly LostFact[]): void {
  const settings = readWriterSettings(stateDir);
  for (const fact of facts) appendFact(stateDir, fact, settings);
}
