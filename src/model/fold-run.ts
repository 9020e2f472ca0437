/** How runs of Claude Code end: by their stop, by the person, by the next prompt. */
import { END_SURENESS, type End } from './activity.ts';
import type { PromptFact, StopFact } from './client-fact.ts';
import { closeActivity } from './fold-activity.ts';
import { closeSkill } from './fold-skill.ts';
import { calledKey, ownerKey, runOf, runSpan } from './owner.ts';
import { type FoldState, isBefore, type Session } from './state.ts';

/** A new human prompt while a run is open: the run was interrupted, and with it the agents that it waited for. */
export function cancelOpenRuns(state: FoldState, session: Session, { at, source }: PromptFact): void {
  const cancelled = { at, status: 'cancelled', sureness: END_SURENESS.guess } as const;
  for (const span of [...session.open].reverse()) {
    const activity = state.open.get(span);
    if (activity?.level !== 'command' || activity.run === undefined) continue;
    if (source === 'import' && activity.startAt > at) continue;
    cancelAgents(state, session, activity.run, cancelled);
    closeSkill(state, ownerKey(activity.run), cancelled);
    closeActivity(state, activity, cancelled);
  }
}

/** Ends the agents that a run waits for. Those in the background, whose calls came back, go on without it. */
function cancelAgents(state: FoldState, session: Session, run: string, end: End): void {
  for (const span of [...session.open]) {
    const agent = state.open.get(span);
    if (agent?.agent === undefined || agent.run !== run || isInBackground(state, agent.agent)) continue;
    closeSkill(state, ownerKey(run, agent.agent), end);
    closeActivity(state, agent, end);
  }
}

/** True if its call came back while it goes on; the call may stand before the events. */
const isInBackground = (state: FoldState, agent: string): boolean =>
  state.callOfAgent.has(agent) || state.isArchived(calledKey(agent));

export function foldStop(state: FoldState, session: Session, fact: StopFact): void {
  const run = runOf(state, session, fact.prompt);
  const status = fact.interrupted ? 'cancelled' : 'completed';
  const end = { at: fact.at, status, sureness: END_SURENESS.told } as const;
  if (fact.interrupted) cancelAgents(state, session, run, { ...end, sureness: END_SURENESS.implied });
  endRun(state, run, end);
}

export function endRun(state: FoldState, run: string, end: End): void {
  const span = runSpan(run);
  const activity = state.activities.get(span);
  closeSkill(state, ownerKey(run), end, true);
  if (activity) closeActivity(state, activity, end, true);
  else if (!isBefore(state, span)) state.pendingEnds.set(span, end);
}
