/**
 * The transcripts of a session → the facts that hooks would have given and did not: what is known is left out. Pure.
 */
import type { ClaudeCodeFact } from '../model/client-fact.ts';
import { type EndFact, FACT_VERSION, type Fact, type LostFact } from '../model/fact.ts';
import { noteIdOf, spanIdOf } from '../model/ids.ts';
import { runSpan } from '../model/owner.ts';
import { AgentFacts, type AgentTranscript } from './agent-facts.ts';
import { endOfTurn, type Turn, type TurnEnd, type TurnSources, turnsOf } from './session-turns.ts';
import type {
  CallItem,
  ErrorItem,
  PromptItem,
  ResultItem,
  SkillItem,
  Transcript,
  TranscriptItem,
} from './transcript-item.ts';

/** What the journal knows already. */
export interface Known extends Pick<TurnSources, 'keyOfRunAt' | 'isSeenElsewhere'> {
  has(id: string): boolean;
  /** True if nobody told of this id before, hooks or an import; from now on somebody did. */
  isNew(id: string): boolean;
  /** True if the call of an agent is known. */
  hasCall(toolUse: string): boolean;
  /** True if this import told of it. */
  isAdded(id: string): boolean;
  /** This import told of its start and found no end; another transcript may have it. */
  addOpen(span: string, agent?: string): void;
  /** True if a start of this agent has no end yet, by hooks or by this import. */
  isAgentOpen(agent: string): boolean;
  /** `open`: without an end, or with one that was only guessed because its client was gone. `unknown`: in an archive. */
  stateOf(span: string): 'open' | 'ended' | 'unknown';
  hasSession(session: string): boolean;
  hasSystemPrompt(prompt: string): boolean;
}

export interface SessionTranscripts {
  session: string;
  /** Path of the main transcript. */
  path: string;
  main: Transcript;
  agents: readonly AgentTranscript[];
}

export interface SessionFacts {
  /** In the order of their times. */
  facts: Fact[];
  /** Record ids of the prompts, so that forks that repeat them are known for what they are. */
  prompts: string[];
  /** For runs and agents that began here and have no end: what to tell of them if nobody writes here any more. */
  open: LostFact[];
}

type Owner = Pick<ClaudeCodeFact, 'v' | 'source' | 'session' | 'prompt' | 'agent'>;
export type StageOf = (name: string) => string | undefined;

export function sessionFacts(input: SessionTranscripts, known: Known, stageOf: StageOf): SessionFacts {
  return new SessionReader(input, known, stageOf).read();
}

export class SessionReader {
  readonly input: SessionTranscripts;
  readonly known: Known;
  readonly stageOf: StageOf;
  readonly #facts: Fact[] = [];
  readonly #open: LostFact[] = [];
  /** Run of each prompt. */
  readonly #runs = new Map<string, string>();
  readonly calls = new Map<string, { call: CallItem; owner: Owner }>();
  readonly skills = new Map<string, { owner: Owner }>();
  readonly results = new Map<string, ResultItem>();

  constructor(input: SessionTranscripts, known: Known, stageOf: StageOf) {
    this.input = input;
    this.known = known;
    this.stageOf = stageOf;
  }

  read(): SessionFacts {
    const { session, main, agents } = this.input;
    const turns = turnsOf(main.items, { session, ...bound(this.known) });
    for (const { key, run } of turns) this.#runs.set(key, run);
    const begun = turns.map(turn => ({ turn, ...this.#beginTurn(turn) }));
    new AgentFacts(this, turns).read(agents);
    for (const { turn, isNew, newSkills } of begun) this.#endTurn(turn, isNew, newSkills);
    const facts = this.#facts.filter(fact => Number.isFinite(fact.at)).sort((a, b) => a.at - b.at);
    const prompts = main.items.flatMap(item => (item.kind === 'prompt' && item.uuid !== '' ? [item.uuid] : []));
    return { facts, prompts, open: this.#open };
  }

  get #base() {
    return { v: FACT_VERSION, source: 'import', session: this.input.session } as const;
  }

  add(fact: Fact): void {
    this.#facts.push(fact);
  }

  /** Nothing tells how it ended, and something may yet. `at`: its last sign of life. */
  leaveOpen(span: string, at: number, agent?: string): void {
    this.known.addOpen(span, agent);
    this.#open.push({ v: FACT_VERSION, source: 'import', session: this.input.session, kind: 'lost', span, at });
  }

  #beginTurn(turn: Turn): { isNew: boolean; newSkills: SkillItem[] } {
    const isNew = this.#beginRun(turn);
    return { isNew, newSkills: this.readItems(turn.items, ownerOf(turn)) };
  }

  #endTurn(turn: Turn, isNew: boolean, newSkills: SkillItem[]): void {
    const { prompt, run, nextAt, lastAt } = turn;
    const owner = ownerOf(turn);
    const end = endOfTurn(turn);
    if (end?.kind === 'stop_failure') {
      this.#addFailure(noteIdOf('stop_failure', run), end, owner);
    } else if (!isNew && this.known.stateOf(runSpan(run)) !== 'open') {
      this.#endSkills(newSkills, end);
    } else if (end) this.add({ ...owner, ...end });
    else if (isNew && prompt.origin !== 'system') {
      this.leaveOpen(runSpan(run), lastAt);
      // A later prompt without an end of this one: the client was killed in between.
      const lost = nextAt === null ? undefined : this.#open.pop();
      if (lost) this.add(lost);
    }
  }

  /** The skills that hooks missed in a run that is over are over too. */
  #endSkills(skills: readonly SkillItem[], end: TurnEnd | null): void {
    for (const [index, { at, tool_use }] of skills.entries()) {
      const until = skills[index + 1]?.at ?? end?.at ?? at;
      const status = end?.kind === 'stop' && end.interrupted ? 'cancelled' : 'completed';
      const { v, source, session } = this.#base;
      this.add({ v, source, session, kind: 'end', at: Math.max(at, until), span: spanIdOf('skill', tool_use), status });
    }
  }

  /** Tells of the prompt; returns whether its run is one that nobody knew. */
  #beginRun(turn: Turn): boolean {
    const { prompt, key, run, items } = turn;
    const owner = ownerOf(turn);
    const { at, cwd, branch } = prompt;
    if (prompt.origin === 'system') {
      const { about, outcomes } = prompt;
      if (!this.known.hasSystemPrompt(key)) this.add({ ...owner, kind: 'prompt', at, system: true, about, outcomes });
      return this.known.isAdded(runSpan(run));
    }
    if (!this.known.isNew(runSpan(run))) return false;
    const { main, path } = this.input;
    if (!this.known.hasSession(owner.session) && this.known.isNew(`session ${owner.session}`)) {
      const { title } = main;
      const { prompt: _, ...base } = owner;
      this.add({ ...base, kind: 'session_start', at, reason: 'import', cwd, branch, title, transcript: path });
    }
    const name = commandName(prompt, items);
    const stage = name === undefined ? this.stageOf('prompt') : undefined;
    this.add({ ...owner, kind: 'prompt', at, cwd, title: main.title, transcript: path, stage });
    if (name !== undefined) this.add({ ...owner, kind: 'command', at, name, stage: this.stageOf(`/${name}`) });
    return true;
  }

  /** Skills and failures of an owner, and its calls of agents; returns the skills that are new. */
  readItems(items: readonly TranscriptItem[], owner: Owner): SkillItem[] {
    const newSkills: SkillItem[] = [];
    for (const item of items) if (item.kind === 'result') this.results.set(item.tool_use, item);
    for (const item of items) {
      if (item.kind === 'call') this.calls.set(item.tool_use, { call: item, owner });
      else if (item.kind === 'skill') {
        // Hooks do not tell of a skill that does not exist.
        this.skills.set(item.tool_use, { owner });
        const refused = this.results.get(item.tool_use)?.failure === 'refused';
        if (refused || !this.known.isNew(spanIdOf('skill', item.tool_use))) continue;
        newSkills.push(item);
        const { at, tool_use, name } = item;
        this.add({ ...owner, kind: 'skill_call', at, tool_use, name, stage: this.stageOf(name) });
      } else if (item.kind === 'result') this.#readFailure(item, owner);
    }
    return newSkills;
  }

  #readFailure({ at, tool_use, tool, failure, message = '' }: ResultItem, owner: Owner): void {
    if (failure !== 'failed' && failure !== 'denied') return;
    if (!this.known.isNew(noteIdOf('tool_failure', tool_use))) return;
    const kind = failure === 'denied' ? 'tool_denied' : 'tool_failure';
    this.add({ ...owner, kind, at, tool_use, name: tool, message });
  }

  failAgent(error: ErrorItem, owner: Owner & { agent: string }): void {
    const prompt = owner.prompt ?? '';
    this.#addFailure(noteIdOf('stop_failure', `${this.#runs.get(prompt) ?? prompt}\n${owner.agent}`), error, owner);
  }

  /** The client does not wait for this hook, and may be gone before it has run. */
  #addFailure(id: string, { at, error, message }: Omit<ErrorItem, 'kind'>, owner: Owner): void {
    if (!this.known.isNew(id)) return;
    this.add({ ...owner, kind: 'stop_failure', at, error, message: message || undefined });
  }

  /** An end for what hooks left without one. */
  endAgent(span: string, at: number, owner: Owner & { agent: string }, status: EndFact['status']): void {
    if (status === 'completed') this.add({ ...owner, kind: 'agent_end', at });
    else {
      const { v, source, session } = owner;
      this.add({ v, source, session, kind: 'end', at, span, status });
    }
  }
}

const ownerOf = ({ session, key }: Turn): Owner => ({ v: FACT_VERSION, source: 'import', session, prompt: key });

const bound = (known: Known): Pick<TurnSources, 'keyOfRunAt' | 'isSeenElsewhere'> => ({
  keyOfRunAt: (session, at, uuid) => known.keyOfRunAt(session, at, uuid),
  isSeenElsewhere: uuid => known.isSeenElsewhere(uuid),
});

/** The custom command that a prompt called, without its slash. */
function commandName(prompt: PromptItem, items: readonly TranscriptItem[]): string | undefined {
  if (prompt.command !== undefined) return prompt.command;
  return items.some(item => item.kind === 'local') && !items.some(item => item.kind === 'answer')
    ? prompt.slash
    : undefined;
}
