/**
 * What the hooks of Claude Code mean. Each kind of start has exactly one hook as its source; the others add to it:
 * `prompt` (UserPromptSubmit) begins a command, `agent_start` (SubagentStart) an agent, `skill_call` a skill.
 * So hooks of different owners may come in any order and give the same tree.
 */
import { END_SURENESS } from './activity.ts';
import type { ClaudeCodeFact, CommandFact, PromptFact } from './client-fact.ts';
import { type EndStatus, PLAIN_PROMPT } from './fact.ts';
import { closeSession, isOld, openActivity, sessionOf } from './fold-activity.ts';
import { endAgent, foldAgentCall, foldAgentReturn, foldAgentStart, foldSkillReturn } from './fold-agent.ts';
import { foldStopFailure, foldToolFailure } from './fold-failure.ts';
import { finishAgent } from './fold-join.ts';
import { cancelOpenRuns, foldStop } from './fold-run.ts';
import { foldSkillCall, forgetSkill } from './fold-skill.ts';
import { noteIdOf, traceIdOf } from './ids.ts';
import { agentKey, ownerKey, runOf, runSpan, systemPromptId } from './owner.ts';
import { type FoldState, isBefore, type Session } from './state.ts';
import { changed, repointOrphans } from './tree.ts';

/** Facts that may rightly come again for the same thing, and would then end what began in between. */
const ENDINGS = new Set<ClaudeCodeFact['kind']>(['session_start', 'session_end', 'stop', 'stop_failure', 'agent_end']);

export function foldClaudeCodeFact(state: FoldState, fact: ClaudeCodeFact): void {
  // Not even a sign of life: the client's telemetry tells of sessions too that no hook tells of.
  if (fact.kind === 'tool_wait') return;
  const before = state.sessions.get(fact.session)?.lastAt;
  const session = sessionOf(state, fact);
  if (ENDINGS.has(fact.kind) && isRepeated(state, fact)) return;
  switch (fact.kind) {
    case 'session_start':
      session.cwd ??= fact.cwd;
      session.branch ??= fact.branch;
      session.transcript ??= fact.transcript;
      session.title = fact.title ?? session.title;
      session.endedAt = undefined;
      // After /clear and /compact the same client goes on; only a new client shows that the old one is gone.
      if (fact.reason === 'startup' || fact.reason === 'resume') {
        closeSession(state, session, before ?? fact.at, 'abandoned');
      }
      return;
    case 'session_end':
      session.endedAt = fact.at;
      return closeSession(state, session, fact.at, 'cancelled');
    case 'prompt':
      return foldPrompt(state, session, fact);
    case 'command':
      return foldCommand(state, session, fact);
    case 'stop':
      return foldStop(state, session, fact);
    case 'stop_failure':
      return foldStopFailure(state, session, fact);
    case 'agent_call':
      return foldAgentCall(state, session, fact);
    case 'agent_start':
      return foldAgentStart(state, session, fact);
    case 'agent_return':
      return foldAgentReturn(state, session, fact);
    case 'agent_end':
      return endAgent(state, session, fact);
    case 'skill_call':
      return foldSkillCall(state, session, fact);
    case 'skill_return':
      return foldSkillReturn(state, session, fact);
    case 'tool_failure':
    case 'tool_denied':
      return foldToolFailure(state, session, fact);
    default:
      state.skipped.unknown++;
  }
}

/** Names the run of a prompt, or lets the name wait for it. */
function foldCommand(state: FoldState, session: Session, fact: CommandFact): void {
  const name = `/${fact.name}`;
  const run = runOf(state, session, fact.prompt);
  const activity = state.activities.get(runSpan(run));
  if (activity?.name === name) return;
  const { stage } = fact;
  if (!activity) isBefore(state, runSpan(run));
  // Without the prompt's id the name may be that of the last run, if it has none yet, or that of the next one.
  const isIts = fact.prompt !== undefined || (activity?.end === undefined && activity?.name === PLAIN_PROMPT);
  if (activity && isIts) {
    activity.name = name;
    activity.stage = stage;
    if (stage !== undefined && session.lastRun === run && !isOld(state, activity)) state.commandStage = stage;
    changed(state, activity);
  } else state.commandNames.set(fact.prompt === undefined ? session.id : run, { name, stage });
}

/** True if this very fact came before. */
function isRepeated(state: FoldState, fact: ClaudeCodeFact): boolean {
  const id = noteIdOf(fact.kind, `${fact.session}\n${fact.prompt}\n${fact.agent}\n${fact.at}`);
  if (state.seen.has(id) || isBefore(state, id)) return true;
  state.seen.add(id);
  return false;
}

function foldPrompt(state: FoldState, session: Session, fact: PromptFact): void {
  session.cwd ??= fact.cwd;
  session.transcript ??= fact.transcript;
  session.title = fact.title ?? session.title;
  // Clients before 2.1.196 name no prompt: its time stands in for it.
  const prompt = fact.prompt ?? `${session.id}@${fact.at}`;
  const span = runSpan(prompt);
  if (state.activities.has(span) || state.runAlias.has(prompt) || isBefore(state, span)) return;
  if (fact.system) {
    endReported(state, fact);
    const run = continuedRun(state, session, fact);
    if (run !== undefined) {
      state.runAlias.set(prompt, run);
      state.seen.add(systemPromptId(prompt));
      repointOrphans(state, span, runSpan(run));
      const continued = state.activities.get(runSpan(run));
      if (continued?.end) continued.continuedAt = fact.at;
      return;
    }
  }
  cancelOpenRuns(state, session, fact);
  if (session.lastRun !== undefined) forgetSkill(state, ownerKey(session.lastRun));
  const last = state.activities.get(runSpan(session.lastRun ?? prompt));
  // What is imported of an earlier time does not come last.
  if (fact.source !== 'import' || !last || last.startAt <= fact.at) session.lastRun = prompt;
  const waiting = fact.prompt === undefined ? session.id : prompt;
  const named = state.commandNames.get(waiting) ?? { name: PLAIN_PROMPT, stage: fact.stage };
  openActivity(state, session, {
    span,
    level: 'command',
    name: named.name,
    stage: named.stage,
    process: fact.process,
    startAt: fact.at,
    source: fact.source,
    trace: traceIdOf(prompt),
    ownsTrace: false,
    parent: null,
    run: prompt,
    agent: undefined,
  });
  state.commandNames.delete(waiting);
}

/** The run that a prompt of the client's own continues: that of the agent it speaks of, else the last one. */
function continuedRun(state: FoldState, session: Session, fact: PromptFact): string | undefined {
  for (const agent of fact.about ?? []) {
    if (!state.agentSpans.has(agent)) isBefore(state, agentKey(agent));
    const span = state.agentSpans.get(agent)?.at(-1);
    const activity = span === undefined ? undefined : state.activities.get(span);
    if (span !== undefined && !activity) isBefore(state, span);
    if (activity?.run !== undefined) return activity.run;
  }
  return session.lastRun;
}

const OUTCOMES: Readonly<Record<string, EndStatus>> = {
  completed: 'completed',
  failed: 'failed',
  killed: 'cancelled',
  stopped: 'cancelled',
};

/** A background agent that was killed gets no stop of its own, only a notification that says so. */
function endReported(state: FoldState, fact: PromptFact): void {
  for (const [index, agent] of (fact.about ?? []).entries()) {
    const status = OUTCOMES[fact.outcomes?.[index] ?? ''];
    if (status === undefined) continue;
    if (!state.agentSpans.has(agent)) isBefore(state, agentKey(agent));
    const span = state.agentSpans.get(agent)?.findLast(started => state.open.has(started));
    const activity = span === undefined ? undefined : state.open.get(span);
    if (activity) finishAgent(state, activity, { at: fact.at, status, sureness: END_SURENESS.implied });
  }
}
