/** Failures that the hooks of Claude Code tell: of a turn, of an agent, of a tool. */
import { END_SURENESS } from './activity.ts';
import type { StopFailureFact, ToolFailureFact } from './client-fact.ts';
import { addNote } from './fold-activity.ts';
import { endAgent, markCallFailed } from './fold-agent.ts';
import { endRun } from './fold-run.ts';
import { closeSkill } from './fold-skill.ts';
import { noteIdOf, spanIdOf, traceIdOf } from './ids.ts';
import { ownerKey, ownerSpan, runOf } from './owner.ts';
import { type FoldState, isBefore, type Session } from './state.ts';

export function foldStopFailure(state: FoldState, session: Session, fact: StopFailureFact): void {
  const run = runOf(state, session, fact.prompt);
  const error = { type: fact.error, message: fact.message ?? fact.error, severity: 'high' };
  const { agent } = fact;
  addNote(state, {
    id: noteIdOf('stop_failure', agent === undefined ? run : `${run}\n${agent}`),
    at: fact.at,
    level: 'error',
    source: fact.source,
    session: session.id,
    ...error,
    parent: ownerSpan(state, session, fact),
    trace: traceIdOf(run),
  });
  const end = { at: fact.at, status: 'failed', sureness: END_SURENESS.told, error } as const;
  if (agent === undefined) endRun(state, run, end);
  else endAgent(state, session, { at: fact.at, agent, prompt: fact.prompt }, end);
}

export function foldToolFailure(state: FoldState, session: Session, fact: ToolFailureFact): void {
  const id = noteIdOf('tool_failure', fact.tool_use);
  if (state.seen.has(id) || isBefore(state, id)) return;
  const run = runOf(state, session, fact.prompt);
  const owner = ownerSpan(state, session, fact);
  const key = ownerKey(run, fact.agent);
  const skill = spanIdOf('skill', fact.tool_use);
  const denied = fact.kind === 'tool_denied';
  addNote(state, {
    id,
    at: fact.at,
    level: 'warning',
    source: fact.source,
    session: session.id,
    type: denied ? 'ToolDenied' : 'ToolFailure',
    message: fact.message === '' ? fact.name : `${fact.name}: ${fact.message}`,
    severity: 'medium',
    attributes: { tool_name: fact.name, tool_use_id: fact.tool_use },
    parent: state.activities.has(skill) || isBefore(state, skill) ? skill : (state.openSkill.get(key) ?? owner),
    trace: traceIdOf(run),
  });
  if (state.openSkill.get(key) === skill) {
    closeSkill(state, key, { at: fact.at, status: 'failed', sureness: END_SURENESS.implied });
  }
  markCallFailed(state, fact);
}
