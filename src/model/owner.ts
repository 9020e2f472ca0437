/** Who a fact of Claude Code belongs to: an agent, or else the run of its prompt. */
import { noteIdOf, spanIdOf } from './ids.ts';
import { type FoldState, isBefore, type Session } from './state.ts';

/** Key of the run that a prompt belongs to; a prompt of the client's own belongs to the run that it continues. */
export function runOf(state: FoldState, session: Session, prompt: string | undefined): string {
  if (prompt === undefined) return session.lastRun ?? session.id;
  return state.runAlias.get(prompt) ?? prompt;
}

export const runSpan = (run: string): string => spanIdOf('command', run);

/** The key under which an owner's open skill is kept. */
export const ownerKey = (run: string, agent?: string): string =>
  agent === undefined ? `run ${run}` : `agent ${agent}`;

/** Keys under which agents and calls are remembered that are archived. */
export const agentKey = (agent: string): string => `agent ${agent}`;
export const callKey = (toolUse: string): string => `call ${toolUse}`;
/** Id under which a prompt of the client's own is remembered, as a note is. */
export const systemPromptId = (prompt: string): string => noteIdOf('system_prompt', prompt);
export const calledKey = (agent: string): string => `called ${agent}`;

/** An agent id may be started again under a later prompt, so the prompt of the start is part of its identity. */
export const agentSpan = (agent: string, prompt: string | undefined): string =>
  spanIdOf('agent', `${agent}\n${prompt ?? ''}`);

/**
 * Span of the owner. Before an agent's start was seen, the span that it will most likely get: what hangs under it is
 * moved if the start says otherwise.
 */
export function ownerSpan(
  state: FoldState,
  session: Session,
  fact: { agent?: string | undefined; prompt?: string | undefined },
): string {
  if (fact.agent === undefined) return runSpan(runOf(state, session, fact.prompt));
  const expected = agentSpan(fact.agent, fact.prompt);
  const known = state.agentSpans.get(fact.agent);
  if (known) return known.includes(expected) ? expected : (known.at(-1) ?? expected);
  isBefore(state, agentKey(fact.agent));
  const assumed = state.assumedSpans.get(fact.agent) ?? [];
  if (!assumed.includes(expected)) state.assumedSpans.set(fact.agent, [...assumed, expected]);
  return expected;
}
