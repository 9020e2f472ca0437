/** The transcripts of one session from where they were read last → lines for the ledger, and how far they were read. */
import { systemErrorCode } from '../errors.ts';
import { toLedgerLine } from '../usage/ledger-line.ts';
import { LedgerTextBuilder } from '../usage/ledger-text.ts';
import { hashesOf } from '../usage/request-hash.ts';
import { RequestTableBuilder, requestAt } from '../usage/request-table.ts';
import type { ScannedRequests } from '../usage/scanned-requests.ts';
import type { Answer } from './answer.ts';
import { readAgentMeta } from './find-transcripts.ts';
import type { Payload } from './payload.ts';
import { readUsageRecords, type UsageVisitor } from './read-usage.ts';
import { readWholeRecords } from './read-whole-records.ts';
import { SessionUsage, type TranscriptObserver } from './session-usage.ts';
import { tailOf } from './tail-of.ts';
import { type AgentState, emptySession, type PackedSession, packSession, unpackSession } from './usage-state.ts';

/** A file that somebody writes to may not tell yet to what it belongs; after this time it is taken as it is. */
const FRESH_MILLIS = 60_000;

export interface FileToScan {
  path: string;
  /** Id of the agent; absent for the main transcript. */
  agent?: string;
  isWorkflow?: boolean;
  /** It lies beside the main transcripts, where clients of old kept agents. */
  isLoose?: boolean;
  mtimeMs: number;
  /** Where to go on, and what stood before it when that was read. */
  offset: number;
  tail: string;
  damaged: number;
}

export interface SessionToScan {
  /** Unique among all folders. */
  key: string;
  session: string;
  /** Name of the project's folder at the client. */
  folder: string;
  files: readonly FileToScan[];
  state: PackedSession | null;
  /** Milliseconds since 1970. */
  now: number;
}

export interface ScannedFile {
  path: string;
  offset: number;
  tail: string;
  /** Lines of it that gave nothing. */
  damaged: number;
  /** It was read in vain: it does not tell yet to what it belongs. */
  isDeferred?: boolean;
}

export interface ScannedSession extends ScannedRequests {
  key: string;
  files: ScannedFile[];
  unreadable: string[];
  bytes: number;
  state: PackedSession;
}

/** `observer`: is told of every record, so each is parsed as a whole. */
export function scanSession(input: SessionToScan, observer?: TranscriptObserver): ScannedSession {
  return new SessionScan(input, observer).scan();
}

class SessionScan {
  readonly #input: SessionToScan;
  #usage: SessionUsage;
  readonly #result: Omit<ScannedSession, 'state' | keyof ScannedRequests>;
  readonly #requests = new RequestTableBuilder();
  readonly #lines = new LedgerTextBuilder();
  readonly #readRecords: typeof readUsageRecords;
  /** The session as it was before anything was read. */
  readonly #begin: () => SessionUsage;

  constructor(input: SessionToScan, observer?: TranscriptObserver) {
    this.#input = input;
    this.#readRecords = observer ? (...of) => readWholeRecords(observer, ...of) : readUsageRecords;
    this.#begin = () => {
      const state = input.state ? unpackSession(input.state) : emptySession();
      return new SessionUsage(input.session, input.folder, state, observer);
    };
    this.#usage = this.#begin();
    this.#result = { key: input.key, files: [], unreadable: [], bytes: 0 };
  }

  scan(): ScannedSession {
    const main = this.#input.files.find(file => file.agent === undefined);
    // What was taken of a file that then cannot be read comes again: its later prompts must not be known by then.
    if (main && !this.#read(main, new MainFile(this.#usage))) this.#usage = this.#begin();
    let agents = this.#input.files
      .filter(file => file.agent !== undefined)
      .map(file => ({ file, id: file.agent ?? '', state: this.#stateOf(file) }));
    // The call of an agent stands in the transcript of its caller, which may be an agent too.
    while (agents.length > 0) {
      const { calls, callOfAgent } = this.#usage.state;
      const called = agents.filter(({ id }) => calls.has(callOfAgent.get(id) ?? ''));
      const ready = called.length > 0 ? called : agents;
      for (const { file, id, state } of ready) this.#readAgent(file, id, state);
      agents = agents.filter(agent => !ready.includes(agent));
    }
    const { ids, ...requests } = this.#requests.build();
    const found = { lines: this.#lines.build(), requests, hashes: hashesOf(ids) };
    return { ...this.#result, ...found, state: packSession(this.#usage.state) };
  }

  #stateOf(file: FileToScan): AgentState {
    const id = file.agent ?? '';
    const known = this.#usage.state.agents.get(id);
    if (known) return known;
    const { type, toolUse } = readAgentMeta(file.path);
    if (toolUse !== undefined) this.#usage.state.callOfAgent.set(id, toolUse);
    const { isWorkflow, isLoose } = file;
    return { run: null, span: null, type: type ?? (isWorkflow ? 'workflow-subagent' : undefined), isLoose };
  }

  #readAgent(file: FileToScan, id: string, before: AgentState): void {
    const state = { ...before };
    const isRead = this.#read(file, new AgentFile(this.#usage, { id, state }));
    if (isRead) this.#usage.state.agents.set(id, state);
  }

  /** False if nothing was taken from the file. */
  #read(file: FileToScan, reader: MainFile | AgentFile): boolean {
    const { path } = file;
    try {
      const from = tailOf(path, file.offset) === file.tail ? file.offset : 0;
      this.#usage.damaged = 0;
      if (from === 0) reader.restart();
      const offset = this.#readRecords(path, from, reader);
      const requests = this.#usage.takeRequests();
      // A clock that was set back leaves files from the future.
      const isFresh = Math.abs(this.#input.now - file.mtimeMs) <= FRESH_MILLIS;
      if (isFresh && reader.isUnclear()) {
        this.#result.files.push({
          path,
          offset: file.offset,
          tail: file.tail,
          damaged: file.damaged,
          isDeferred: true,
        });
        return false;
      }
      for (let row = 0; row < requests.ids.length; row++) {
        const request = requestAt(requests, row, requests.ids[row] ?? '');
        this.#lines.add(toLedgerLine(request));
        this.#requests.add(request);
      }
      this.#result.bytes += offset - from;
      const damaged = this.#usage.damaged + (from === 0 ? 0 : file.damaged);
      this.#result.files.push({ path, offset, tail: tailOf(path, offset), damaged });
      return true;
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      this.#usage.takeRequests();
      if (code !== 'ENOENT') this.#result.unreadable.push(path);
      return false;
    }
  }
}

/** The main transcript of a session. */
class MainFile implements UsageVisitor {
  readonly #usage: SessionUsage;

  constructor(usage: SessionUsage) {
    this.#usage = usage;
  }

  take(record: Payload): void {
    this.#usage.takeMain(record);
  }

  takeAnswer(answer: Answer): void {
    this.#usage.takeMainAnswer(answer);
  }

  mayAwait(toolUse: number): boolean {
    return this.#usage.mayAwait(toolUse);
  }

  onDamaged(): void {
    this.#usage.damaged++;
  }

  /** Called before the first record of a file. */
  restart(): void {
    this.#usage.restart();
  }

  /** Asked when all was taken: true if it is not clear yet to what that belongs. */
  isUnclear(): boolean {
    return false;
  }
}

/** The transcript of an agent. */
class AgentFile implements UsageVisitor {
  readonly #usage: SessionUsage;
  readonly #id: string;
  readonly #state: AgentState;

  constructor(usage: SessionUsage, { id, state }: { id: string; state: AgentState }) {
    this.#usage = usage;
    this.#id = id;
    this.#state = state;
  }

  take(record: Payload): void {
    this.#usage.takeAgent(record, this.#id, this.#state);
  }

  takeAnswer(answer: Answer): void {
    this.#usage.takeAgentAnswer(answer, this.#id, this.#state);
  }

  mayAwait(toolUse: number): boolean {
    return this.#usage.mayAwait(toolUse);
  }

  onDamaged(): void {
    this.#usage.damaged++;
  }

  restart(): void {
    Object.assign(this.#state, { run: null, span: null, prompt: undefined });
  }

  isUnclear(): boolean {
    const { run, type } = this.#state;
    const { calls, callOfAgent } = this.#usage.state;
    const call = callOfAgent.get(this.#id);
    // The skill that is done by an agent of its own is named when it is over.
    const isNamed = run !== null && (run.slash === undefined || run.command !== 'prompt');
    return !isNamed || (call === undefined ? type === undefined : !calls.has(call));
  }
}
