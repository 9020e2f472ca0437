/** What the transcripts of a session tell of single calls: when each request of a model ran, and each tool. */
import { type Answer, repeatedFrom } from './answer.ts';
import { name, object, type Payload, text } from './payload.ts';
import { requestOf } from './request-record.ts';
import { type SessionToScan, scanSession } from './scan-session.ts';
import type { TranscriptObserver } from './session-usage.ts';
import { resultItem } from './transcript-parts.ts';

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

/** Reads all transcripts of a session. Those that cannot be read tell nothing. */
export function readSessionCalls(session: SessionToScan): SessionCalls {
  const reader = new CallReader();
  scanSession(session, reader);
  const toolsOf = new Map<string, ToolCall[]>();
  for (const { span, call } of reader.tools.values()) {
    const calls = toolsOf.get(span ?? '') ?? [];
    toolsOf.set(span ?? '', calls);
    calls.push(call);
  }
  return { requests: reader.requests, toolsOf };
}

class CallReader implements TranscriptObserver {
  readonly requests = new Map<string, RequestTimes>();
  /** With the span of the activity that made each. */
  readonly tools = new Map<string, { span: string | null; call: ToolCall }>();
  /** When the model last had something to answer to, in the file that is read. */
  #askedAt: number | null = null;
  #last: { id: string; at: number } | null = null;

  onFile(): void {
    this.#askedAt = null;
    this.#last = null;
  }

  onUser(record: Payload, at: number): void {
    this.#askedAt = at;
    this.#last = null;
    const { content } = object(record.message);
    for (const block of Array.isArray(content) ? content.map(object) : []) {
      const id = block.type === 'tool_result' ? text(block.tool_use_id) : undefined;
      const call = id === undefined ? undefined : this.tools.get(id)?.call;
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
      if (id === undefined || this.tools.has(id)) continue;
      const tool = name(block.name, 'tool');
      const call: ToolCall = { id, tool, startAt: at, endAt: null, failure: undefined, message: '' };
      this.tools.set(id, { span, call });
    }
  }

  #takeRequest(id: string, { at, record, id: response }: Answer): void {
    const known = this.requests.get(id);
    const finish = text(object(record?.message).stop_reason) ?? known?.finish;
    // Answers of another request stand between: this one began behind them.
    const before = this.#last && this.#last.id !== id ? this.#last.at : null;
    const startAt = known?.startAt ?? Math.min(at, Math.max(this.#askedAt ?? at, before ?? 0));
    this.requests.set(id, { startAt, endAt: Math.max(known?.endAt ?? at, at), response, finish });
    this.#last = { id, at };
  }
}
