/** Skills: begun by the Skill tool, which only loads them; the work follows, and nothing says when it is done. */

import { END_SURENESS, type End } from './activity.ts';
import type { SkillCallFact } from './client-fact.ts';
import { closeActivity, openActivity } from './fold-activity.ts';
import { spanIdOf, traceIdOf } from './ids.ts';
import { ownerKey, ownerSpan, runOf } from './owner.ts';
import { type FoldState, isBefore, type Session } from './state.ts';

export function foldSkillCall(state: FoldState, session: Session, fact: SkillCallFact): void {
  const span = spanIdOf('skill', fact.tool_use);
  if (state.activities.has(span) || isBefore(state, span)) return;
  const run = runOf(state, session, fact.prompt);
  const owner = ownerSpan(state, session, fact);
  const key = ownerKey(run, fact.agent);
  const open = state.activities.get(state.openSkill.get(key) ?? '');
  // An import may bring in what was before the skill that is open now.
  const isOlder = fact.source === 'import' && open !== undefined && open.startAt > fact.at;
  if (!isOlder) {
    closeSkill(state, key, { at: fact.at, status: 'completed', sureness: END_SURENESS.implied });
    state.openSkill.set(key, span);
  }
  const activity = openActivity(state, session, {
    span,
    level: 'skill',
    name: fact.name,
    startAt: fact.at,
    source: fact.source,
    trace: traceIdOf(run),
    ownsTrace: false,
    parent: owner,
    run,
    agent: undefined,
    stage: fact.stage,
  });
  if (activity && isOlder) {
    closeActivity(state, activity, { at: open.startAt, status: 'completed', sureness: END_SURENESS.implied });
    return;
  }
  // An agent's stop may have overtaken its skill. (A run goes on after a Stop, when a background agent reports.)
  const ended =
    fact.agent === undefined ? undefined : (state.activities.get(owner)?.end ?? state.agentEnds.get(fact.agent));
  if (activity && ended?.sureness === END_SURENESS.told) {
    closeSkill(state, key, { at: Math.max(ended.at, fact.at), status: ended.status, sureness: END_SURENESS.implied });
  }
}

/**
 * A skill has no end of its own: it lasts until its owner's next skill or its owner's end. `mayGoOn`: the owner may wake
 * again, and the skill with it, as when an agent in the background reports.
 */
export function closeSkill(
  state: FoldState,
  key: string,
  end: Pick<End, 'at' | 'status' | 'sureness'>,
  mayGoOn = false,
): void {
  const span = state.openSkill.get(key);
  if (span === undefined) return;
  if (end.sureness > END_SURENESS.guess && !mayGoOn) state.openSkill.delete(key);
  const skill = state.activities.get(span);
  if (!skill) {
    isBefore(state, span);
    return;
  }
  const implied = { at: end.at, status: end.status, sureness: Math.min(end.sureness, END_SURENESS.implied) };
  closeActivity(state, skill, implied, true);
}

/** The next prompt of a person: what the run before has begun does not go on. */
export function forgetSkill(state: FoldState, key: string): void {
  const span = state.openSkill.get(key);
  if (span !== undefined && !state.open.has(span)) state.openSkill.delete(key);
}
