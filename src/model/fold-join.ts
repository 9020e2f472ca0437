/** Calls of agents and the agents that they made: joined by what names both, for the time being by what fits alone. */
import { type Activity, END_SURENESS, type End } from './activity.ts';
import { closeActivity } from './fold-activity.ts';
import { closeSkill } from './fold-skill.ts';
import { agentKey, ownerKey, runSpan } from './owner.ts';
import { type AgentCall, type FoldState, isBefore } from './state.ts';
import { changed, setParent } from './tree.ts';

/** Hangs the agent that came back from a call under it. */
export function joinChild(state: FoldState, toolUse: string, call: AgentCall): void {
  state.calls.set(toolUse, call);
  if (call.child === undefined) return;
  state.callOfAgent.set(call.child, toolUse);
  if (!state.agentSpans.has(call.child)) isBefore(state, agentKey(call.child));
  for (const span of state.agentSpans.get(call.child) ?? []) {
    const activity = state.activities.get(span);
    if (activity) join(state, activity, call);
    else isBefore(state, span);
  }
}

export function unjoinedOf(state: FoldState, run: string): { calls: string[]; agents: string[] } {
  let lists = state.unjoined.get(run);
  if (!lists) {
    lists = { calls: [], agents: [] };
    state.unjoined.set(run, lists);
  }
  return lists;
}

/** Hangs an agent under the call that made it. When it is resumed in another run, it stays there, with its label. */
export function join(state: FoldState, activity: Activity, call: AgentCall): void {
  if (activity.run !== call.run) return setCall(state, activity, activity.parent, call.label);
  dropFrom(unjoinedOf(state, call.run).agents, activity.span);
  setCall(state, activity, call.parent, call.label);
  if (call.status !== undefined && call.at !== undefined && !activity.end) {
    finishAgent(state, activity, { at: call.at, status: call.status, sureness: END_SURENESS.implied });
  }
}

function setCall(state: FoldState, activity: Activity, parent: string | null, label: string | undefined): void {
  if (activity.label !== label) {
    activity.label = label;
    changed(state, activity);
  }
  setParent(state, activity, parent);
}

/** Joins for the time being what can only belong together: one open call and one agent of a type in a run. */
export function joinByType(state: FoldState, run: string): void {
  const { calls, agents } = unjoinedOf(state, run);
  const callsOf = new Map<string | undefined, AgentCall[]>();
  for (const id of calls) {
    const call = state.calls.get(id);
    if (call) callsOf.set(call.name, [...(callsOf.get(call.name) ?? []), call]);
  }
  const rivals = new Map<string | undefined, number>();
  for (const span of agents) {
    const name = state.activities.get(span)?.name;
    rivals.set(name, (rivals.get(name) ?? 0) + 1);
  }
  for (const span of agents) {
    const activity = state.activities.get(span);
    if (!activity) {
      isBefore(state, span);
      continue;
    }
    const same = callsOf.get(activity.name) ?? [];
    const only = same.length === 1 && rivals.get(activity.name) === 1 ? same[0] : undefined;
    setCall(state, activity, only?.parent ?? runSpan(run), only?.label);
  }
}

/** The call tells which failure it was, the agent that it failed, and neither names the other: one of each is a pair. */
export function joinOnlyFailed(state: FoldState, run: string, name: string | undefined): void {
  const { agents } = unjoinedOf(state, run);
  const failed = agents.flatMap(span => state.activities.get(span) ?? []).filter(isFailed);
  const ofName = failed.filter(activity => activity.name === name);
  const calls = [...state.calls.values()].filter(
    call => call.run === run && call.name === name && call.status === 'failed' && call.child === undefined,
  );
  const [activity] = ofName;
  const [call] = calls;
  if (activity && call && ofName.length === 1 && calls.length === 1) {
    joinFailed(state, activity, call);
    joinByType(state, run);
  }
}

const isFailed = (activity: Activity): boolean => activity.end?.status === 'failed';

export function joinFailed(state: FoldState, activity: Activity, call: AgentCall): void {
  call.child = activity.agent;
  join(state, activity, call);
}

export function finishAgent(state: FoldState, activity: Activity, end: End): void {
  if (activity.agent !== undefined) closeSkill(state, ownerKey('', activity.agent), end);
  // The hook of its stop comes after that of its failure too.
  const hasFailed = activity.end?.status === 'failed' && activity.end.sureness === END_SURENESS.told;
  if (!hasFailed) closeActivity(state, activity, end, true);
}

export function dropFrom(list: string[], item: string): void {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}
