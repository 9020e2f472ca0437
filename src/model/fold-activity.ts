/** The moves of the fold: open, close, note. Every kind of fact comes down to these three. */

import { type Activity, END_SURENESS, type End, type Note } from './activity.ts';
import type { ActivityLevel, EndStatus, Fact } from './fact.ts';
import { addToActivity, tellUsage } from './fold-usage.ts';
import { type FoldState, isBefore, type Session, type Statistics } from './state.ts';
import { adoptOrphans, attach, remove, touch } from './tree.ts';

const STARTS: Record<ActivityLevel, keyof Statistics | null> = {
  command: 'total_commands',
  agent: 'total_agents_spawned',
  skill: 'total_skills_invoked',
  checkpoint: null,
};

/** The session of writers outside Claude Code. */
export const LOCAL_SESSION = 'local';

/** A session that gave no fact for so long is taken for dead. */
export const IDLE_MILLIS = 24 * 3600 * 1000;

/** The session that a fact belongs to, seen alive at the fact's time. */
export function sessionOf(state: FoldState, fact: Fact): Session {
  const id = fact.session ?? LOCAL_SESSION;
  let session = state.sessions.get(id);
  if (!session) {
    session = { id, startedAt: fact.at, lastAt: fact.at, commands: 0, open: [] };
    state.sessions.set(id, session);
  }
  if (fact.at > session.lastAt) session.lastAt = fact.at;
  if (fact.at < session.startedAt && fact.source === 'import') session.startedAt = fact.at;
  return session;
}

type NewActivity = Pick<
  Activity,
  'span' | 'level' | 'name' | 'startAt' | 'source' | 'trace' | 'ownsTrace' | 'parent' | 'run' | 'agent'
> &
  Partial<
    Pick<
      Activity,
      'label' | 'intent' | 'stage' | 'system' | 'attributes' | 'process' | 'program' | 'resource' | 'direct' | 'below'
    >
  >;

/** Begins an activity; null if its start was counted before. */
export function openActivity(state: FoldState, session: Session, made: NewActivity): Activity | null {
  if (state.activities.has(made.span) || isBefore(state, made.span)) return null;
  const activity: Activity = {
    span: made.span,
    level: made.level,
    name: made.name,
    startAt: made.startAt,
    source: made.source,
    session: session.id,
    trace: made.trace,
    ownsTrace: made.ownsTrace,
    parent: made.parent,
    run: made.run,
    agent: made.agent,
    label: made.label,
    intent: made.intent,
    stage: made.stage,
    system: made.system,
    attributes: made.attributes,
    process: made.process,
    program: made.program,
    resource: made.resource,
    direct: made.direct,
    below: made.below,
    continuedAt: undefined,
    context: state.context,
    end: undefined,
    startSlot: state.events.length,
    endSlot: -1,
    children: undefined,
    notes: undefined,
    usage: undefined,
    usageBelow: undefined,
    told: undefined,
    lastBelow: undefined,
    place: undefined,
  };
  state.activities.set(made.span, activity);
  state.open.set(made.span, activity);
  session.open.push(made.span);
  state.events.push({ kind: 'start', activity });
  touch(state, activity.startSlot, activity);
  countEvent(state, made.startAt);
  const counter = STARTS[made.level];
  if (counter) state.statistics[counter]++;
  if (made.level === 'command') {
    state.openCommands++;
    session.commands++;
    if (!isOld(state, activity)) {
      state.newestCommandAt = Math.max(state.newestCommandAt, made.startAt);
      if (made.stage !== undefined) state.commandStage = made.stage;
      if (made.system !== undefined) state.commandSystem = made.system;
    }
  }
  attach(state, activity);
  if (state.orphans.size > 0 || state.waitedFor.size > 0) adoptOrphans(state, made.span);
  const usage = state.pendingUsage.get(made.span);
  if (usage) {
    state.pendingUsage.delete(made.span);
    addToActivity(state, activity, usage);
  }
  const told = state.pendingTold.get(made.span);
  if (told) {
    state.pendingTold.delete(made.span);
    tellUsage(state, activity, told);
  }
  const pending = state.pendingEnds.get(made.span);
  if (pending) {
    state.pendingEnds.delete(made.span);
    closeActivity(state, activity, pending);
  }
  return activity;
}

/**
 * Ends an activity. The first end makes the event; a surer one, or a later one where `again` allows it, takes its place.
 */
export function closeActivity(state: FoldState, activity: Activity, end: End, again = false): void {
  const before = activity.end;
  if (before) {
    const better = end.sureness > before.sureness || (again && end.sureness === before.sureness && end.at >= before.at);
    if (!better) return;
    if (activity.endSlot < 0) {
      // An end that was archived stays as it is: archives are never written again.
      state.reachesBack = true;
      return;
    }
  }
  activity.end = end;
  const wasLast = state.lastCommand?.span === activity.span;
  if (activity.level === 'command' && (wasLast || (!before && !isOld(state, activity)))) {
    state.lastCommand = { span: activity.span, status: end.status };
  }
  if (end.at > (state.updatedAt ?? 0)) state.updatedAt = end.at;
  if (before) {
    touch(state, activity.endSlot, activity);
    return;
  }
  activity.endSlot = state.events.length;
  state.events.push({ kind: 'end', activity });
  touch(state, activity.endSlot, activity);
  countEvent(state, end.at);
  state.open.delete(activity.span);
  const session = state.sessions.get(activity.session);
  if (session) remove(session.open, activity.span);
  if (activity.level === 'command') state.openCommands--;
}

/** True for a command that was imported and is older than another one. */
export const isOld = (state: FoldState, activity: Activity): boolean =>
  activity.source === 'import' && activity.startAt < state.newestCommandAt;

/** Ends an activity that other facts show to be over, unless it ended already. */
export function closeIfOpen(
  state: FoldState,
  span: string | undefined,
  end: { at: number; status: EndStatus; sureness: number },
): void {
  const activity = span === undefined ? undefined : state.open.get(span);
  if (activity) closeActivity(state, activity, end);
}

/** Adds an error, a warning or a message; once for each id. */
export function addNote(state: FoldState, note: Omit<Note, 'slot' | 'context'>): void {
  if (state.seen.has(note.id) || isBefore(state, note.id)) return;
  state.seen.add(note.id);
  const added: Note = { ...note, context: state.context, slot: state.events.length };
  state.events.push({ kind: 'note', note: added });
  touch(state, added.slot);
  countEvent(state, note.at);
  if (note.level === 'error') state.statistics.total_errors++;
  if (note.level === 'warning') state.statistics.total_warnings++;
  attach(state, added);
}

function countEvent(state: FoldState, at: number): void {
  state.statistics.total_events++;
  if (state.startedAt === null || at < state.startedAt) state.startedAt = at;
  if (state.updatedAt === null || at > state.updatedAt) state.updatedAt = at;
}

/** The last sign of life of an activity: the latest time of anything that was told of it and of all below it. */
export function lastSign(state: FoldState, activity: Activity): number {
  let at = Math.max(activity.startAt, activity.end?.at ?? 0, activity.lastBelow ?? 0);
  for (const note of activity.notes ?? []) at = Math.max(at, note.at);
  for (const span of activity.children ?? []) {
    const child = state.activities.get(span);
    if (child) at = Math.max(at, lastSign(state, child));
  }
  return at;
}

/** Ends everything that is open in a session; real ends that come later take the place of these. */
export function closeSession(state: FoldState, session: Session, at: number, status: EndStatus): void {
  for (const span of [...session.open].reverse()) {
    closeIfOpen(state, span, { at, status, sureness: END_SURENESS.guess });
  }
}
