/** What the transcripts of a session tell of single calls: when each request of a model ran, and each tool. */
import { type Answer, repeatedFrom } from './answer.ts';
import type { FoundFile, FoundSession } from './changed-sessions.ts';
import { name, object, type Payload, text } from './payload.ts';
import { requestOf } from './request-record.ts';
import { type ScannedFile, scanSession } from './scan-session.ts';
import type { TranscriptObserver } from './session-usage.ts';
import { resultItem } from './transcript-parts.ts';
import type { PackedSession } from './usage-state.ts';

/** A request of a model. */
export interface RequestTimes {
  /** From what it answers to, up to its last block; milliseconds since 1970. */
  startAt: number;
  endAt: number;
  /** Id of the response at its provider, and why it stopped. */
  response: string | undefined;
  finish: string | undefined;
}

export interface ToolCall {
  id: string;
  tool: string;
  /** Milliseconds since 1970. */
  startAt: number;
  /** Null: no result was written. */
  endAt: number | null;
  failure: 'failed' | 'denied' | 'refused' | undefined;
  /** One line, secrets cut; empty if it did not fail. */
  message: string;
}

export interface SessionCalls {
  /** By the id that the ledger has for the request. */
  requests: ReadonlyMap<string, RequestTimes>;
  /** By the span of the activity that made them. */
  toolsOf: ReadonlyMap<string, readonly ToolCall[]>;
}

/** The calls of a session, kept while its transcripts grow: only what is new in them is read. */
export class SessionReader {
  readonly #calls = new CallReader();
  /** How far each file was read, and at which size and time. */
  readonly #files = new Map<string, ScannedFile & { version: string }>();
  #state: PackedSession | null = null;

  /** Reads what is new. Files that cannot be read tell nothing. */
  read({ key, session, folder, files }: FoundSession): SessionCalls {
    const changed = files.filter(file => this.#files.get(file.path)?.version !== versionOf(file));
    if (changed.length > 0) {
      // Whoever writes to them now has told what matters of what is over.
      const now = Number.POSITIVE_INFINITY;
      const toScan = changed.map(file => ({ ...file, ...(this.#files.get(file.path) ?? UNREAD) }));
      const scanned = scanSession({ key, session, folder, files: toScan, state: this.#state, now }, this.#calls);
      this.#state = scanned.state;
      for (const file of scanned.files) {
        const found = changed.find(({ path }) => path === file.path);
        this.#files.set(file.path, { ...file, version: found ? versionOf(found) : '' });
      }
    }
    return this.#calls;
  }
}

const UNREAD = { offset: 0, tail: '', damaged: 0 };

const versionOf = ({ size, mtimeMs, ino }: FoundFile): string => `${size} ${mtimeMs} ${ino}`;

/** Where a file stands: when the model last had something to answer to, and what it answered last. */
interface Standing {
  askedAt: number | null;
  last: { id: string; at: number } | null;
}

class CallReader implements TranscriptObserver, SessionCalls {
  readonly requests = new Map<string, RequestTimes>();
  readonly toolsOf = new Map<string, ToolCall[]>();
  readonly #tools = new Map<string, ToolCall>();
  readonly #standings = new Map<string, Standing>();
  #at: Standing = { askedAt: null, last: null };

  onFile(path: string): void {
    this.#at = this.#standings.get(path) ?? { askedAt: null, last: null };
    this.#standings.set(path, this.#at);
  }

  onUser(record: Payload, at: number): void {
    this.#at.askedAt = at;
    this.#at.last = null;
    const { content } = object(record.message);
    for (const block of Array.isArray(content) ? content.map(object) : []) {
      const id = block.type === 'tool_result' ? text(block.tool_use_id) : undefined;
      const call = id === undefined ? undefined : this.#tools.get(id);
      if (!call || call.endAt !== null) continue;
      const { failure, message = '' } = resultItem(record, block, at, call.id, call.tool);
      Object.assign(call, { endAt: at, failure, message });
    }
  }

  onAnswer(answer: Answer, span: string | null): void {
    const { at, record } = answer;
    if (Number.isNaN(at)) return;
    const request = answer.isBilled ? requestOf(answer) : null;
    if (request) this.#takeRequest(request.id, answer);
    const { content } = object(record?.message);
    // What a fork repeats was called elsewhere.
    if (repeatedFrom(answer) !== undefined) return;
    for (const block of Array.isArray(content) ? content.map(object) : []) {
      const id = block.type === 'tool_use' ? text(block.id) : undefined;
      if (id === undefined || this.#tools.has(id)) continue;
      const tool = name(block.name, 'tool');
      const call: ToolCall = { id, tool, startAt: at, endAt: null, failure: undefined, message: '' };
      this.#tools.set(id, call);
      const calls = this.toolsOf.get(span ?? '');
      if (calls) calls.push(call);
      else this.toolsOf.set(span ?? '', [call]);
    }
  }

  #takeRequest(id: string, { at, record, id: response }: Answer): void {
    const known = this.requests.get(id);
    const finish = text(object(record?.message).stop_reason) ?? known?.finish;
    // Answers of another request stand between: this one began behind them.
    const { last, askedAt } = this.#at;
    const before = last && last.id !== id ? last.at : null;
    const startAt = known?.startAt ?? Math.min(at, Math.max(askedAt ?? at, before ?? 0));
    this.requests.set(id, { startAt, endAt: Math.max(known?.endAt ?? at, at), response, finish });
    this.#at.last = { id, at };
  }
}
