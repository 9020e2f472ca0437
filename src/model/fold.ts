/**
 * The fold: facts in journal order → state. Pure, and the same for document, query, relay, import and tests.
 *
 * fold(prefix) continued = fold(all), and a fact counts once however often it comes: both are property tests.
 */

import { type Activity, END_SURENESS, type End } from './activity.ts';
import type { ContextFact, EndFact, Fact, LostFact, NoteFact, RequestFact, StartFact, UsageFact } from './fact.ts';
import {
  addNote,
  closeActivity,
  closeSession,
  IDLE_MILLIS,
  lastSign,
  openActivity,
  sessionOf,
} from './fold-activity.ts';
import { foldClaudeCodeFact } from './fold-claude-code.ts';
import { closeSkill } from './fold-skill.ts';
import { addToActivity, addUsage, isMore, tellUsage } from './fold-usage.ts';
import { innermostOpen } from './innermost.ts';
import { ownerKey } from './owner.ts';
import { usageOfRequest } from './request-usage.ts';
import { type FoldState, isBefore, type Session } from './state.ts';

const SWEEP_EVERY_MILLIS = 600_000;

/** Takes one fact into the state. */
export function applyFact(state: FoldState, fact: Fact): void {
  // What is imported tells nothing of the time that it is now.
  if (fact.at >= state.nextSweepAt && fact.source !== 'import') sweepIdle(state, fact.at);
  switch (fact.kind) {
    case 'start':
      return foldStart(state, fact);
    case 'end':
      return foldEnd(state, fact);
    case 'note':
      return foldNote(state, fact);
    case 'request':
      return foldRequest(state, fact);
    case 'usage':
      return foldUsage(state, fact);
    case 'context':
      return foldContext(state, fact);
    case 'lost':
      return foldLost(state, fact);
    case 'other':
      if (fact.parse_error === undefined) state.skipped.unknown_hook_events++;
      else state.skipped.unreadable_inputs++;
      return;
    default:
      foldClaudeCodeFact(state, fact);
  }
}

function sweepIdle(state: FoldState, now: number): void {
  state.nextSweepAt = now + SWEEP_EVERY_MILLIS;
  for (const session of state.sessions.values()) {
    if (session.open.length > 0 && session.lastAt < now - IDLE_MILLIS) {
      closeSession(state, session, session.lastAt, 'abandoned');
    }
  }
}

/** Ends an activity whose process is gone, at the last sign of life; of a run of Claude Code all that is open. */
function foldLost(state: FoldState, fact: LostFact): void {
  const lost = state.open.get(fact.span);
  const session = lost && state.sessions.get(lost.session);
  if (!lost || !session) {
    if (!state.activities.has(fact.span) && !state.isArchived(fact.span)) {
      pend(state, fact.span, { at: fact.at, status: 'abandoned', sureness: END_SURENESS.guess });
    }
    return;
  }
  if (lost.run === undefined) return closeLost(state, lost, lastSign(state, lost));
  // Transcripts tell of more than what is folded here.
  const at = fact.source === 'import' ? fact.at : session.lastAt;
  for (const span of [...session.open].reverse()) {
    const open = state.open.get(span);
    if (open?.run === lost.run) closeLost(state, open, at);
  }
}

const closeLost = (state: FoldState, activity: Activity, at: number): void =>
  closeActivity(state, activity, {
    at: Math.max(at, activity.startAt),
    status: 'abandoned',
    sureness: END_SURENESS.guess,
  });

function parentOf(
  state: FoldState,
  session: Session,
  { parent, handed }: Pick<StartFact, 'parent' | 'handed'>,
): string | null {
  if (parent === null || (parent !== undefined && (!handed || isOfSession(state, session, parent)))) return parent;
  const around = innermostOpen(session.open, span => state.activities.get(span));
  return around ?? parent ?? null;
}

function isOfSession(state: FoldState, session: Session, span: string): boolean {
  const activity = state.activities.get(span);
  // What is archived may be.
  return activity ? activity.session === session.id : isBefore(state, span);
}

function foldStart(state: FoldState, fact: StartFact): void {
  const session = sessionOf(state, fact);
  const opened = openActivity(state, session, {
    span: fact.span,
    level: fact.level,
    name: fact.name,
    startAt: fact.at,
    source: fact.source,
    trace: fact.trace,
    ownsTrace: fact.source === 'span',
    parent: parentOf(state, session, fact),
    run: undefined,
    agent: undefined,
    label: fact.label,
    intent: fact.intent,
    stage: fact.stage,
    system: fact.system,
    attributes: fact.attributes,
    process: fact.process,
    program: fact.program,
    resource: fact.resource,
    direct: fact.direct,
    below: fact.below,
  });
  if (opened && fact.level === 'checkpoint') {
    const checkpoint = /^\d{1,15}$/.test(fact.name) ? Number(fact.name) : fact.name;
    state.context = { ...state.context, checkpoint };
  }
}

function foldEnd(state: FoldState, fact: EndFact): void {
  const session = sessionOf(state, fact);
  const end: End = {
    at: fact.at,
    status: fact.status,
    sureness: END_SURENESS.told,
    outputs: fact.outputs,
    error: fact.error,
    attributes: fact.attributes,
  };
  const span = fact.span ?? innermostNamed(state, session, fact);
  if (span === undefined) return;
  const activity = state.activities.get(span);
  if (activity) {
    const wasOpen = state.open.has(span);
    if (activity.agent !== undefined) closeSkill(state, ownerKey('', activity.agent), end);
    closeActivity(state, activity, end);
    if (wasOpen && activity.source === 'hook') closeForgotten(state, activity, fact.at);
  } else if (!isBefore(state, span)) pend(state, span, end);
}

/** Keeps an end until its start comes. The first counts, unless a surer one follows. */
function pend(state: FoldState, span: string, end: End): void {
  const before = state.pendingEnds.get(span);
  if (!before || end.sureness > before.sureness) state.pendingEnds.set(span, end);
}

function innermostNamed(state: FoldState, session: Session, fact: EndFact): string | undefined {
  for (let i = session.open.length - 1; i >= 0; i--) {
    const open = state.activities.get(session.open[i] ?? '');
    if (open && open.level === fact.level && (fact.name === undefined || open.name === fact.name)) return open.span;
  }
  return undefined;
}

/**
 * A script that ends its command has forgotten what is still open inside: left open, it would become the parent of
 * whatever the next script does.
 */
function closeForgotten(state: FoldState, ended: Activity, at: number): void {
  for (const span of ended.children ?? []) {
    const child = state.open.get(span);
    // A program is not forgotten: `spanbook exec` waits for its end.
    if (child?.source !== 'hook' || child.run !== undefined || child.program) continue;
    closeActivity(state, child, { at, status: 'abandoned', sureness: END_SURENESS.guess });
    closeForgotten(state, child, at);
  }
}

function foldNote(state: FoldState, fact: NoteFact): void {
  const session = sessionOf(state, fact);
  addNote(state, {
    id: fact.id,
    at: fact.at,
    level: fact.level,
    source: fact.source,
    session: session.id,
    type: fact.type,
    message: fact.message,
    severity: fact.severity,
    recovery: fact.recovery,
    attributes: fact.attributes,
    trace: fact.trace,
    parent: parentOf(state, session, fact),
  });
}

function foldRequest(state: FoldState, fact: RequestFact): void {
  sessionOf(state, fact);
  if (state.seen.has(fact.id) || isBefore(state, fact.id)) return;
  state.seen.add(fact.id);
  if (fact.parent === null) return;
  const usage = usageOfRequest(fact);
  const activity = state.activities.get(fact.parent);
  if (activity) addToActivity(state, activity, usage);
  else if (!isBefore(state, fact.parent)) {
    state.pendingUsage.set(fact.parent, addUsage(state.pendingUsage.get(fact.parent), usage));
  }
}

/** Says nothing of who is alive: transcripts are read at any time. */
function foldUsage(state: FoldState, { span, at, self }: UsageFact): void {
  const told = { ...self, at };
  const activity = state.activities.get(span);
  if (activity) return tellUsage(state, activity, told);
  if (isBefore(state, span)) return;
  const before = state.pendingTold.get(span);
  if (!before || isMore(told, before)) state.pendingTold.set(span, told);
}

function foldContext(state: FoldState, fact: ContextFact): void {
  sessionOf(state, fact);
  const { stage, system, checkpoint } = state.context;
  state.context = {
    stage: fact.stage === undefined ? stage : fact.stage,
    system: fact.system === undefined ? system : fact.system,
    checkpoint: fact.checkpoint === undefined ? checkpoint : fact.checkpoint,
  };
}
