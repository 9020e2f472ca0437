/**
 * Agents: started by SubagentStart, which knows the agent id; called by the Agent tool, which knows the caller and the
 * label; joined by PostToolUse, which knows both. Until the join an agent hangs under its run, or under the only open
 * call of its run with its type.
 */

import { END_SURENESS, type End } from './activity.ts';
import type {
  AgentCallFact,
  AgentEndFact,
  AgentReturnFact,
  AgentStartFact,
  SkillReturnFact,
  ToolFailureFact,
} from './client-fact.ts';
import { openActivity } from './fold-activity.ts';
import {
  dropFrom,
  finishAgent,
  join,
  joinByType,
  joinChild,
  joinFailed,
  joinOnlyFailed,
  unjoinedOf,
} from './fold-join.ts';
import { closeSkill } from './fold-skill.ts';
import { noteIdOf, spanIdOf, traceIdOf } from './ids.ts';
import { agentKey, agentSpan, calledKey, callKey, ownerKey, ownerSpan, runOf, runSpan } from './owner.ts';
import { type AgentCall, type FoldState, isBefore, type Session } from './state.ts';
import { repointOrphans } from './tree.ts';

export function foldAgentCall(state: FoldState, session: Session, fact: AgentCallFact): void {
  const known = state.calls.get(fact.tool_use);
  if (known?.name !== undefined) return;
  if (!known) isBefore(state, callKey(fact.tool_use));
  const call = newCall(state, session, fact);
  if (known) {
    // The return overtook the call: it knows the agent, but neither the label nor the skill that called.
    const { returned, status, at, child } = known;
    joinChild(state, fact.tool_use, { ...call, returned, status, at, child });
    return;
  }
  state.calls.set(fact.tool_use, call);
  unjoinedOf(state, call.run).calls.push(fact.tool_use);
  joinByType(state, call.run);
}

function newCall(state: FoldState, session: Session, fact: AgentCallFact | AgentReturnFact): AgentCall {
  const run = runOf(state, session, fact.prompt);
  if (!state.activities.has(runSpan(run))) isBefore(state, runSpan(run));
  const parent = state.openSkill.get(ownerKey(run, fact.agent)) ?? ownerSpan(state, session, fact);
  return fact.kind === 'agent_call'
    ? { run, parent, name: fact.name, label: fact.label, returned: false }
    : { run, parent, returned: false };
}

export function foldAgentStart(state: FoldState, session: Session, fact: AgentStartFact): void {
  const span = agentSpan(fact.agent, fact.prompt);
  if (state.activities.has(span) || isBefore(state, span)) return;
  const run = runOf(state, session, fact.prompt);
  if (!state.agentSpans.has(fact.agent)) isBefore(state, agentKey(fact.agent));
  state.agentSpans.set(fact.agent, [...(state.agentSpans.get(fact.agent) ?? []), span]);
  for (const assumed of state.assumedSpans.get(fact.agent) ?? []) repointOrphans(state, assumed, span);
  state.assumedSpans.delete(fact.agent);
  const activity = openActivity(state, session, {
    span,
    level: 'agent',
    name: fact.name,
    startAt: fact.at,
    source: fact.source,
    trace: traceIdOf(run),
    ownsTrace: false,
    parent: runSpan(run),
    run,
    agent: fact.agent,
    stage: fact.stage,
  });
  if (!activity) return;
  const called = state.callOfAgent.get(fact.agent);
  if (called === undefined) isBefore(state, calledKey(fact.agent));
  const call = state.calls.get(called ?? '');
  if (call) join(state, activity, call);
  else {
    const unjoined = unjoinedOf(state, run);
    unjoined.agents.push(span);
    // Agents of workflows have no calls, and there may be thousands of them.
    if (unjoined.calls.length > 0) joinByType(state, run);
  }
  const end = state.agentEnds.get(fact.agent);
  if (end) {
    state.agentEnds.delete(fact.agent);
    finishAgent(state, activity, end);
  }
}

export function foldAgentReturn(state: FoldState, session: Session, fact: AgentReturnFact): void {
  const known = state.calls.get(fact.tool_use);
  if (!known) isBefore(state, callKey(fact.tool_use));
  const call = known ?? newCall(state, session, fact);
  if (call.returned) return;
  call.returned = true;
  call.child = fact.child;
  if (fact.status === 'completed') {
    call.status = 'completed';
    call.at = fact.at;
  }
  dropFrom(unjoinedOf(state, call.run).calls, fact.tool_use);
  joinChild(state, fact.tool_use, call);
  joinByType(state, call.run);
}

/** A skill that an agent did is over, and the agent's place is in it. */
export function foldSkillReturn(state: FoldState, session: Session, fact: SkillReturnFact): void {
  if (state.calls.has(fact.tool_use) || isBefore(state, callKey(fact.tool_use))) return;
  const run = runOf(state, session, fact.prompt);
  const span = spanIdOf('skill', fact.tool_use);
  const { at, child } = fact;
  joinChild(state, fact.tool_use, { run, parent: span, returned: true, status: 'completed', at, child });
  const skill = state.activities.get(span);
  if (!skill) isBefore(state, span);
  const key = ownerKey(run, fact.agent);
  if (state.openSkill.get(key) === span) {
    closeSkill(state, key, { at, status: 'completed', sureness: END_SURENESS.implied });
  }
}

/** The end of an agent by its own hook; `end`: if it is another than that of success. */
export function endAgent(
  state: FoldState,
  session: Session,
  fact: Pick<AgentEndFact, 'agent' | 'prompt' | 'at'>,
  end: End = { at: fact.at, status: 'completed', sureness: END_SURENESS.told },
): void {
  if (!state.agentSpans.has(fact.agent)) isBefore(state, agentKey(fact.agent));
  const spans = state.agentSpans.get(fact.agent) ?? [];
  const expected = agentSpan(fact.agent, fact.prompt);
  const known = spans.findLast(span => state.open.has(span)) ?? (spans.includes(expected) ? expected : undefined);
  // Its session may have ended before it, as by /clear, which was a guess then.
  const guessed = spans.findLast(span => {
    const activity = state.activities.get(span);
    if (!activity) isBefore(state, span);
    return activity?.end !== undefined && activity.end.sureness < END_SURENESS.told;
  });
  // A hook may come twice, and the end of an agent in the background may carry a later prompt than its start.
  const told = noteIdOf('agent_end', expected);
  const activity = state.activities.get(
    known ?? guessed ?? (state.seen.has(told) || isBefore(state, told) ? spans.at(-1) : undefined) ?? '',
  );
  if (activity) {
    state.seen.add(told);
    finishAgent(state, activity, end);
    if (end.status === 'failed' && activity.run !== undefined) joinOnlyFailed(state, activity.run, activity.name);
  } else {
    // The stop overtook the start, or the start is archived.
    if (!isBefore(state, expected)) state.agentEnds.set(fact.agent, end);
    closeSkill(state, ownerKey(runOf(state, session, fact.prompt), fact.agent), end);
  }
}

/** The Agent tool itself failed or was denied: the call is over, and with it the agent, if it ever began. */
export function markCallFailed(state: FoldState, fact: ToolFailureFact): void {
  const call = state.calls.get(fact.tool_use);
  if (!call) isBefore(state, callKey(fact.tool_use));
  if (!call || call.returned) return;
  call.returned = true;
  call.status = 'failed';
  call.at = fact.at;
  const { calls, agents } = unjoinedOf(state, call.run);
  const alone = agents.filter(span => state.activities.get(span)?.name === call.name);
  const rivals = calls.filter(id => state.calls.get(id)?.name === call.name);
  dropFrom(calls, fact.tool_use);
  const only = alone.length === 1 && rivals.length === 1 ? state.activities.get(alone[0] ?? '') : undefined;
  if (only) joinFailed(state, only, call);
  else joinOnlyFailed(state, call.run, call.name);
  joinByType(state, call.run);
}
