/** The records of a session's transcripts → billed requests, each with what it belongs to. Keeps its place in a state. */
import { spanIdOf } from '../model/ids.ts';
import type { Owner } from '../usage/billed-request.ts';
import type { RequestTable } from '../usage/request-table.ts';
import { startAgent } from './agent-start.ts';
import { type Answer, repeatedFrom } from './answer.ts';
import { clientTotals } from './client-totals.ts';
import { hashText } from './hash-text.ts';
import { AGENT_TOOLS, agentType, name, object, type Payload, skillName, text } from './payload.ts';
import { ownerInAgent, ownerInMain, type RequestOwner } from './request-owner.ts';
import { extraRequestsOf, type RequestCopy, requestOf } from './request-record.ts';
import { answeredRun, takeLocalAnswer, takeSpoken } from './session-runs.ts';
import { ToldRequests } from './told-requests.ts';
import { resultItem } from './transcript-parts.ts';
import { type AgentState, type Call, type Run, remember, type SessionState } from './usage-state.ts';

const SKILL_TOOL = 'Skill';

/** Whoever may have a skill at work: the run that goes on in the main transcript, or an agent. */
type SkillOwner = Run | AgentState;

/** Told of what the transcripts say, beside the usage: who reads calls and times. */
export interface TranscriptObserver {
  /** What comes next is of this file. */
  onFile(path: string): void;
  /** `span`: of the innermost activity that the answer belongs to. */
  onAnswer(answer: Answer, span: string | null): void;
  /** A record of a user, which may hold results of tools. `at`: milliseconds since 1970. */
  onUser(record: Payload, at: number): void;
}

export class SessionUsage {
  readonly state: SessionState;
  readonly #observer: TranscriptObserver | null;
  readonly #session: string;
  /** Folder of the project, in which the client keeps its transcripts. */
  readonly #folder: string;
  readonly #requests = new ToldRequests();
  /** `hashText` of the ids of calls. */
  readonly #awaited = new Set<number>();
  #lastOwner: Owner | null = null;
  damaged = 0;

  constructor(session: string, folder: string, state: SessionState, observer: TranscriptObserver | null = null) {
    this.#observer = observer;
    this.#session = session;
    this.#folder = folder;
    this.state = state;
    for (const id of state.calls.keys()) this.#awaited.add(hashText(id));
  }

  /** The requests since the last call, in the order in which they were first told. */
  takeRequests(): RequestTable {
    return this.#requests.take();
  }

  /** False if the result of the call with this `hashText` of its id surely says nothing that matters here. */
  mayAwait(toolUse: number): boolean {
    return this.#awaited.has(toolUse);
  }

  #await(id: string, call: Call): void {
    remember(this.state.calls, id, call);
    this.#awaited.add(hashText(id));
  }

  /** The main transcript is read from its beginning: nothing is under way. */
  restart(): void {
    for (const run of this.state.runs.values()) run.skill = undefined;
    this.state.current = null;
    this.state.tentative = null;
  }

  /** A record of the main transcript that is no answer of the model. */
  takeMain(record: Payload): void {
    if (record.type === 'cost-state') {
      this.state.totals = clientTotals(record) ?? this.state.totals;
      return;
    }
    const at = this.#timeOf(record);
    if (at === null) return;
    if (record.type === 'user') this.#observer?.onUser(record, at);
    if (record.isSidechain === true) return;
    if (record.type === 'system') {
      if (record.subtype === 'local_command') takeLocalAnswer(this.state);
    } else if (record.type === 'user' && !this.#takeResults(record, at, this.state.current)) {
      takeSpoken(this.state, { record, at, session: this.#session });
    }
  }

  takeMainAnswer(answer: Answer): void {
    if (!this.#hasTime(answer)) return;
    const run = answer.isSidechain ? this.state.current : answeredRun(this.state, answer);
    this.#takeAnswer(answer, ownerInMain(answer, run), answer.isSidechain ? null : run);
  }

  /** A record of the transcript of an agent that is no answer of the model. */
  takeAgent(record: Payload, id: string, agent: AgentState): void {
    const at = this.#timeOf(record);
    if (at === null || record.type !== 'user') return;
    this.#observer?.onUser(record, at);
    if (this.#takeResults(record, at, agent)) return;
    startAgent(record, { id, agent, state: this.state });
  }

  takeAgentAnswer(answer: Answer, id: string, agent: AgentState): void {
    if (!this.#hasTime(answer)) return;
    // The record of its start is missing, or damaged.
    if (agent.span === null) startAgent({ promptId: answer.prompt }, { id, agent, state: this.state });
    const isInternal = agent.type === undefined && !agent.isLoose && !this.state.callOfAgent.has(id);
    this.#takeAnswer(answer, ownerInAgent(answer, { id, agent, isInternal }), agent);
  }

  #hasTime({ at, cwd }: Answer): boolean {
    if (Number.isNaN(at)) {
      this.damaged++;
      return false;
    }
    this.#learnProject(cwd);
    return true;
  }

  #timeOf(record: Payload): number | null {
    const at = Date.parse(text(record.timestamp) ?? '');
    if (Number.isNaN(at)) return null;
    this.#learnProject(text(record.cwd));
    return at;
  }

  #learnProject(cwd: string | undefined): void {
    const { project } = this.state;
    if (cwd === undefined || project === cwd || (project !== null && slugOf(project) === this.#folder)) return;
    // The client names the folder after where the session began; it may have gone elsewhere since.
    if (project === null || slugOf(cwd) === this.#folder) this.state.project = cwd;
  }

  #takeAnswer(answer: Answer, by: RequestOwner, skills: SkillOwner | null): void {
    const { at, record } = answer;
    this.#observer?.onAnswer(answer, by.span);
    const first = answer.isBilled ? requestOf(answer) : null;
    if (answer.isBilled && !first) {
      this.damaged++;
      return;
    }
    if (first) {
      const owner = this.#ownerOf(answer, by);
      if (owner.session !== this.#session) this.#noteRepeat(owner.session, at);
      this.#takeRequest(first, at, owner, by);
      if (record) for (const extra of extraRequestsOf(answer, first)) this.#takeRequest(extra, at, owner, by);
    }
    if (!record) return;
    const { content } = object(record.message);
    for (const block of Array.isArray(content) ? content.map(object) : []) {
      const id = text(block.id);
      if (block.type === 'tool_use' && id !== undefined) this.#takeCall(id, block, skills);
    }
  }

  #takeRequest(copy: RequestCopy, at: number, owner: Owner, { span, methods }: RequestOwner): void {
    const { id, model, tokens, isFinal, isFast, geo, webSearches } = copy;
    const source = 'transcript';
    // Written out: a scan makes one of these for every line, and spreading objects would be half of its work.
    this.#requests.tell({
      id,
      source,
      at,
      model,
      tokens,
      isFinal,
      isFast,
      geo,
      webSearches,
      owner,
      span,
      methods,
    });
  }

  #noteRepeat(session: string | null, at: number): void {
    if (session === null) return;
    this.state.repeats ??= {};
    this.state.repeats[session] = Math.max(this.state.repeats[session] ?? 0, at);
  }

  /** The last owner, if this is the same: those of a turn are, and what is shared is written once. */
  #ownerOf(answer: Answer, { owner }: RequestOwner): Owner {
    const { command, agent, instance, skill } = owner;
    const session = repeatedFrom(answer) ?? answer.session ?? this.#session;
    const branch = answer.branch || null;
    const { project } = this.state;
    const last = this.#lastOwner;
    const isLast =
      last !== null &&
      last.skill === skill &&
      last.instance === instance &&
      last.agent === agent &&
      last.command === command &&
      last.branch === branch &&
      last.project === project &&
      last.session === session;
    if (isLast) return last;
    this.#lastOwner = { session, project, branch, stage: null, command, agent, instance, skill };
    return this.#lastOwner;
  }

  #takeCall(id: string, block: Payload, from: SkillOwner | null): void {
    const tool = name(block.name, 'tool');
    if (!from || (tool !== SKILL_TOOL && !AGENT_TOOLS.includes(tool))) return;
    const known = this.state.calls.get(id);
    if (known?.isSkill) from.skill = known.skill;
    if (known) return;
    const input = object(block.input);
    const run = 'run' in from ? from.run : from;
    if (tool === SKILL_TOOL) {
      const skill = { name: skillName(input), span: spanIdOf('skill', id) };
      this.#await(id, { run, skill, before: from.skill, isSkill: true });
      from.skill = skill;
      return;
    }
    const typed = run?.typedSkill === undefined ? undefined : { name: run.typedSkill, span: null };
    const skill = from.skill ?? ('run' in from ? from.inherited : typed);
    this.#await(id, { run, type: agentType(input), skill });
  }

  /** True if the record holds results of tools. */
  #takeResults(record: Payload, at: number, by: SkillOwner | null): boolean {
    const { content } = object(record.message);
    if (!Array.isArray(content)) return false;
    const results = content.map(object).filter(block => block.type === 'tool_result');
    for (const block of results) {
      const id = text(block.tool_use_id);
      const call = id === undefined ? undefined : this.state.calls.get(id);
      if (id === undefined || !call) continue;
      const { child, failure } = resultItem(record, block, at, id, call.isSkill ? SKILL_TOOL : 'Agent');
      if (child !== undefined) remember(this.state.callOfAgent, child, id);
      const isOver = failure === 'refused' || (child !== undefined && failure === undefined);
      if (!call.isSkill || !isOver || !by?.skill || by.skill.span !== call.skill?.span) continue;
      // It was none, or an agent of its own has done it: then the one before goes on, though its activity is over.
      by.skill = failure === 'refused' || !call.before ? call.before : { name: call.before.name, span: null };
    }
    return results.length > 0;
  }
}

const slugOf = (path: string): string => path.replace(/[^A-Za-z0-9]/g, '-');
