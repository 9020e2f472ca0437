/**
 * What one document hands to the next when a segment of the journal is full: totals, what is still open, and what is
 * still waited for. Everything else stays in the archived document.
 */

import type { Activity, Context, End, ToldUsage } from './activity.ts';
import { archivedIds, packIds } from './archived-ids.ts';
import type { UsageSum } from './fact.ts';
import { lastSign } from './fold-activity.ts';
import { addUsage, totalUsage } from './fold-usage.ts';
import { agentKey, calledKey, callKey, runSpan } from './owner.ts';
import { type AgentCall, createState, type FoldState, type Session, type Skipped, type Statistics } from './state.ts';
import { attach } from './tree.ts';

/** How many ids of archived starts and notes are remembered, so that a repeated fact is known for one. */
const REMEMBERED_IDS = 65_536;

/** How many prompts of the client's own are remembered with the run that each continues. */
const REMEMBERED_ALIASES = 1024;

/** An activity without what can be computed. */
type CarriedActivity = Omit<
  Activity,
  'startSlot' | 'endSlot' | 'children' | 'notes' | 'place' | 'usage' | 'usageBelow'
> & { usage?: UsageSum; usageBelow?: UsageSum };

export interface Carry {
  statistics: Statistics;
  skipped: Skipped;
  startedAt: number | null;
  updatedAt: number | null;
  context: Context;
  commandStage: string | null;
  commandSystem: string | null;
  lastCommand: FoldState['lastCommand'];
  newestCommandAt: number;
  nextSweepAt: number;
  sessions: Session[];
  activities: CarriedActivity[];
  pendingEnds: [string, End][];
  pendingUsage: [string, UsageSum][];
  pendingTold?: [string, ToldUsage][];
  runAlias: [string, string][];
  commandNames: [string, { name: string; stage?: string }][];
  agentSpans: [string, string[]][];
  agentEnds: [string, End][];
  calls: [string, AgentCall][];
  callOfAgent: [string, string][];
  openSkill: [string, string][];
  assumedSpans: [string, string[]][];
  unjoined: [string, { calls: string[]; agents: string[] }][];
  /** Spans that something in the documents before waits for. */
  waitedFor: string[];
  /** Ids of what is archived, oldest block first; see `archived-ids.ts`. */
  ids: string[];
}

/** `before`: the id blocks that this state was itself resumed with; `more`: ids that its document began with. */
export function carryOver(state: FoldState, before: readonly string[], more: readonly string[] = []): Carry {
  const { carry, gone } = handOver(state);
  return { ...carry, ids: packIds([...more, ...gone], before, REMEMBERED_IDS) };
}

/** A carry without ids, and the ids, agents and calls that it leaves behind. */
export interface HandedOver {
  carry: Omit<Carry, 'ids'>;
  gone: string[];
}

/** What a later state needs to go on from here without the events. */
export function handOver(state: FoldState): HandedOver {
  const kept = keptActivities(state);
  const runs = new Set([...kept].map(activity => activity.run).filter(run => run !== undefined));
  const agents = new Set([...kept].map(activity => activity.agent).filter(agent => agent !== undefined));
  // A run that was never seen may still come.
  const mayGoOn = (run: string): boolean => runs.has(run) || !isSeen(state, runSpan(run));
  const isKept = (call: AgentCall): boolean => mayGoOn(call.run) || isAhead(state, call);
  const gone = [...state.seen];
  for (const [span, activity] of state.activities) if (!kept.has(activity)) gone.push(span);
  for (const agent of state.agentSpans.keys()) if (!agents.has(agent)) gone.push(agentKey(agent));
  for (const [id, call] of state.calls) if (!isKept(call)) gone.push(callKey(id));
  const callOfAgent: [string, string][] = [];
  for (const entry of state.callOfAgent) {
    const call = state.calls.get(entry[1]);
    if (call && isKept(call)) callOfAgent.push(entry);
    else gone.push(calledKey(entry[0]));
  }
  const carry = {
    statistics: state.statistics,
    skipped: state.skipped,
    startedAt: state.startedAt,
    updatedAt: state.updatedAt,
    context: state.context,
    commandStage: state.commandStage,
    commandSystem: state.commandSystem,
    lastCommand: state.lastCommand,
    newestCommandAt: state.newestCommandAt,
    nextSweepAt: state.nextSweepAt,
    sessions: [...state.sessions.values()],
    activities: [...state.activities.values()]
      .filter(activity => kept.has(activity))
      .map(activity => withoutComputed(state, activity, kept)),
    pendingEnds: [...state.pendingEnds],
    pendingUsage: [...state.pendingUsage],
    pendingTold: [...state.pendingTold],
    runAlias: [...state.runAlias].slice(-REMEMBERED_ALIASES),
    commandNames: [...state.commandNames],
    agentSpans: [...state.agentSpans].filter(([agent]) => agents.has(agent)),
    agentEnds: [...state.agentEnds],
    calls: [...state.calls].filter(([, call]) => isKept(call)),
    callOfAgent,
    openSkill: [...state.openSkill],
    assumedSpans: [...state.assumedSpans],
    unjoined: [...state.unjoined].filter(([run]) => mayGoOn(run)),
    waitedFor: [...state.waitedFor, ...state.orphans.keys()],
  };
  return { carry, gone };
}

const isSeen = (state: FoldState, span: string): boolean => state.activities.has(span) || state.isArchived(span);

/** True if the call came back before its agent was seen to start. */
const isAhead = (state: FoldState, call: AgentCall): boolean =>
  call.child !== undefined && !state.agentSpans.has(call.child);

/** Open activities, all of open runs and of the last run of each session, and the ancestors of all these. */
function keptActivities(state: FoldState): Set<Activity> {
  const kept = new Set<Activity>();
  const keep = (from: Activity | undefined): void => {
    for (let at = from; at && !kept.has(at); at = at.parent === null ? undefined : state.activities.get(at.parent)) {
      kept.add(at);
    }
  };
  for (const activity of state.open.values()) keep(activity);
  const runs = new Set([...state.sessions.values()].map(session => session.lastRun));
  for (const activity of kept) runs.add(activity.run);
  for (const activity of state.activities.values()) {
    // Skills that are over are left behind: unlike agents, nothing comes later that tells more of them.
    if (activity.run !== undefined && activity.level !== 'skill' && runs.has(activity.run)) keep(activity);
  }
  return kept;
}

function withoutComputed(state: FoldState, activity: Activity, kept: Set<Activity>): CarriedActivity {
  const { startSlot: _s, endSlot: _e, children, notes, place: _p, ...rest } = activity;
  for (const span of children ?? []) {
    const child = state.activities.get(span);
    if (!child || kept.has(child)) continue;
    const usage = totalUsage(state, child);
    if (usage) rest.usageBelow = addUsage(rest.usageBelow, usage);
    rest.lastBelow = Math.max(rest.lastBelow ?? 0, lastSign(state, child));
  }
  for (const note of notes ?? []) rest.lastBelow = Math.max(rest.lastBelow ?? 0, note.at);
  return rest;
}

/** The state that a document begins with. */
export function resumeFold(carry: Carry, isArchived = archivedIds(carry.ids)): FoldState {
  const state = createState(isArchived);
  Object.assign(state.statistics, carry.statistics);
  Object.assign(state.skipped, carry.skipped);
  state.startedAt = carry.startedAt;
  state.updatedAt = carry.updatedAt;
  state.context = carry.context;
  state.commandStage = carry.commandStage;
  state.commandSystem = carry.commandSystem;
  state.lastCommand = carry.lastCommand;
  state.newestCommandAt = carry.newestCommandAt;
  state.nextSweepAt = carry.nextSweepAt;
  for (const session of carry.sessions) state.sessions.set(session.id, { ...session, open: [...session.open] });
  for (const carried of carry.activities) {
    const activity: Activity = { ...carried, startSlot: -1, endSlot: -1 };
    state.activities.set(activity.span, activity);
    if (!activity.end) {
      state.open.set(activity.span, activity);
      if (activity.level === 'command') state.openCommands++;
    }
  }
  for (const activity of state.activities.values()) attach(state, activity);
  const maps: [Map<string, unknown>, [string, unknown][]][] = [
    [state.pendingEnds, carry.pendingEnds],
    [state.pendingUsage, carry.pendingUsage],
    // Archives of before know nothing of these.
    [state.pendingTold, carry.pendingTold ?? []],
    [state.runAlias, carry.runAlias],
    [state.commandNames, carry.commandNames],
    [state.agentSpans, carry.agentSpans],
    [state.agentEnds, carry.agentEnds],
    [state.calls, carry.calls.map(([id, call]) => [id, { ...call }])],
    [state.callOfAgent, carry.callOfAgent],
    [state.openSkill, carry.openSkill],
    [state.assumedSpans, carry.assumedSpans],
    [
      state.unjoined,
      carry.unjoined.map(([run, { calls, agents }]) => [run, { calls: [...calls], agents: [...agents] }]),
    ],
  ];
  for (const [map, entries] of maps) for (const [key, value] of entries) map.set(key, value);
  for (const span of carry.waitedFor) state.waitedFor.add(span);
  state.reachesBack = false;
  state.reached.clear();
  return state;
}
