/** The transcripts of agents → facts: when each began, who called it, what it did, how it ended. Pure. */
import { FACT_VERSION } from '../model/fact.ts';
import { agentSpan } from '../model/owner.ts';
import type { SessionReader } from './session-facts.ts';
import type { Turn } from './session-turns.ts';
import type { ErrorItem, PromptItem, Transcript, TranscriptItem } from './transcript-item.ts';

export interface AgentTranscript {
  id: string;
  transcript: Transcript;
  /** From the file beside the transcript, which older clients did not write. */
  type?: string;
  toolUse?: string;
  /** Spawned by a workflow, which calls no tool for it. */
  isWorkflow?: boolean;
}

/** What an agent did from one start to the next. */
interface Start {
  prompt: PromptItem;
  items: TranscriptItem[];
}

export class AgentFacts {
  readonly #session: SessionReader;
  readonly #turns: readonly Turn[];
  /** The call that made each agent. */
  readonly #callOf = new Map<string, string>();

  /** Agents that a result names. */
  readonly #children = new Set<string>();

  constructor(session: SessionReader, turns: readonly Turn[]) {
    this.#session = session;
    this.#turns = turns;
  }

  read(agents: readonly AgentTranscript[]): void {
    const { results } = this.#session;
    const starts = agents.map(agent => ({ agent, starts: startsOf(agent.transcript) }));
    const nameChildren = (): void => {
      for (const { child } of results.values()) if (child !== undefined) this.#children.add(child);
    };
    nameChildren();
    // The calls of nested agents stand in the transcripts of others, so all are read before the first is told.
    for (const { agent, starts: begun } of starts) {
      for (const start of begun) this.#readItems(agent, start);
      const turn = begun[0] && this.#turnOf(begun[0]);
      if (turn) turn.lastAt = Math.max(turn.lastAt, agent.transcript.lastAt ?? 0);
    }
    nameChildren();
    for (const { child, tool_use } of results.values()) if (child !== undefined) this.#callOf.set(child, tool_use);
    for (const { agent } of starts) if (agent.toolUse !== undefined) this.#callOf.set(agent.id, agent.toolUse);
    for (const agent of agents) this.#continue(agent);
    for (const { agent, starts: begun } of starts) {
      for (const [index, start] of begun.entries()) this.#tell(agent, start, index === 0, index === begun.length - 1);
    }
    this.#tellCallsWithoutTranscript(agents);
  }

  #turnOf(start: Start): Turn | undefined {
    const { prompt, at } = start.prompt;
    const named = this.#turns.find(turn => turn.prompt.prompt !== undefined && turn.prompt.prompt === prompt);
    return named ?? this.#turns.findLast(turn => turn.prompt.at <= at) ?? this.#turns[0];
  }

  #owner(agent: AgentTranscript, start: Start) {
    const turn = this.#turnOf(start);
    const session = turn?.session ?? this.#session.input.session;
    const prompt = start.prompt.prompt ?? turn?.key;
    return { v: FACT_VERSION, source: 'import', session, prompt, agent: agent.id } as const;
  }

  #readItems(agent: AgentTranscript, start: Start): void {
    if (this.#isInternal(agent)) return;
    this.#session.readItems(start.items, this.#owner(agent, start));
  }

  /** What the client does for itself has a transcript too, as when it compacts; hooks do not tell of it. */
  #isInternal(agent: AgentTranscript): boolean {
    if (agent.type || agent.toolUse !== undefined || agent.isWorkflow) return false;
    return !this.#children.has(agent.id);
  }

  #tell(agent: AgentTranscript, start: Start, isFirst: boolean, isLast: boolean): void {
    if (this.#isInternal(agent)) return;
    const session = this.#session;
    const owner = this.#owner(agent, start);
    const span = agentSpan(agent.id, start.prompt.prompt ?? owner.prompt);
    const tool_use = this.#callOf.get(agent.id);
    const called = tool_use === undefined ? undefined : session.calls.get(tool_use);
    const isKnown = session.known.has(agentSpan(agent.id, undefined));
    const isNew = !isKnown && session.known.isNew(span);
    if (isNew) {
      if (isFirst && called) this.#tellCall(called.call.tool_use, owner.prompt);
      const name = agent.type || called?.call.name || 'agent';
      session.add({ ...owner, kind: 'agent_start', at: start.prompt.at, name, stage: session.stageOf(name) });
      if (isFirst && tool_use !== undefined) this.#tellReturn(agent.id, tool_use, owner.prompt);
    } else if (isFirst && called && tool_use !== undefined && !session.known.hasCall(tool_use)) {
      // Hooks told of the agent, and not of the call that made it.
      this.#tellCall(tool_use, owner.prompt);
      this.#tellReturn(agent.id, tool_use, owner.prompt);
    }
    const end = endOfItems(start.items, isLast);
    if (end?.status === 'failed') return session.failAgent(end, owner);
    if (!isNew && session.known.stateOf(span) !== 'open') return;
    if (end?.status === 'completed') session.endAgent(span, end.at, owner, 'completed');
    else if (end) session.endAgent(span, end.at, owner, end.status);
    else if (isNew) session.leaveOpen(span, agent.transcript.lastAt ?? start.prompt.at, agent.id);
  }

  /** After /clear an agent goes on in a file of the new session, without its prompt. */
  #continue(agent: AgentTranscript): void {
    const { items } = agent.transcript;
    const first = items.findIndex(item => item.kind === 'prompt');
    const rest = first < 0 ? items : items.slice(0, first);
    if (rest.length === 0) return;
    const owner = { v: FACT_VERSION, source: 'import', session: this.#session.input.session, agent: agent.id } as const;
    this.#session.readItems(rest, owner);
    const end = endOfItems(rest, true);
    if (end?.status === 'completed' && this.#session.known.isAgentOpen(agent.id)) {
      this.#session.add({ ...owner, kind: 'agent_end', at: end.at });
    }
  }

  /** `prompt`: that of the agent that was called. Its caller may have begun under an earlier one. */
  #tellCall(tool_use: string, prompt: string | undefined): void {
    const { call, owner } = this.#session.calls.get(tool_use) ?? {};
    if (!call || !owner) return;
    const { at, name, label } = call;
    this.#session.add({ ...owner, prompt, kind: 'agent_call', at, tool_use, name, label });
  }

  #tellReturn(child: string, tool_use: string, prompt: string | undefined): void {
    const result = this.#session.results.get(tool_use);
    const { owner } = this.#session.calls.get(tool_use) ?? this.#session.skills.get(tool_use) ?? {};
    if (!result || !owner || result.failure !== undefined) return;
    const { at, status = 'completed' } = result;
    if (this.#session.skills.has(tool_use))
      return this.#session.add({ ...owner, kind: 'skill_return', at, tool_use, child });
    this.#session.add({ ...owner, prompt, kind: 'agent_return', at, tool_use, child, status });
  }

  /** Clients of old wrote no transcript for an agent that could be told apart: call and return are all that is known. */
  #tellCallsWithoutTranscript(agents: readonly AgentTranscript[]): void {
    const told = new Set(agents.map(agent => this.#callOf.get(agent.id)));
    for (const [tool_use, { call, owner }] of this.#session.calls) {
      const result = this.#session.results.get(tool_use);
      const isOver = result !== undefined && result.failure === undefined && result.status === 'completed';
      if (told.has(tool_use) || !isOver || this.#session.known.hasCall(tool_use)) continue;
      const { at, name } = call;
      const id = result.child ?? tool_use;
      if (!this.#session.known.isNew(agentSpan(id, owner.prompt))) continue;
      this.#tellCall(tool_use, owner.prompt);
      const agent = { ...owner, agent: id };
      this.#session.add({ ...agent, kind: 'agent_start', at, name, stage: this.#session.stageOf(name) });
      this.#tellReturn(id, tool_use, owner.prompt);
      this.#session.add({ ...agent, kind: 'agent_end', at: result.at });
    }
  }
}

/** An agent is started again under a later prompt; what the client adds under the same one is no start. */
function startsOf({ items }: Transcript): Start[] {
  const starts: Start[] = [];
  for (const item of items) {
    const last = starts.at(-1);
    if (item.kind !== 'prompt') last?.items.push(item);
    else if (!last || (item.prompt !== undefined && item.prompt !== last.prompt.prompt)) {
      starts.push({ prompt: item, items: [] });
    }
  }
  return starts;
}

type AgentEnd = { at: number; status: 'completed' | 'cancelled' } | (ErrorItem & { status: 'failed' });

function endOfItems(items: readonly TranscriptItem[], isLast: boolean): AgentEnd | null {
  for (const item of items.toReversed()) {
    if (item.kind === 'interrupt') return { at: item.at, status: 'cancelled' };
    if (item.kind === 'api_error') return { ...item, status: 'failed' };
    if (item.kind !== 'answer') continue;
    // Answers in these files often lack the reason why they ended.
    return item.final !== false || !isLast ? { at: item.at, status: 'completed' } : null;
  }
  return null;
}
