/** An answer of the model in a transcript: what its record says of the request, and of what the request belongs to. */
import { object, type Payload, text } from './payload.ts';

/** Made by the client itself, without a request. */
const SYNTHETIC = '<synthetic>';

/** Tokens, as the client counts them. */
export interface Counts {
  input: number;
  read: number;
  /** Into the cache: all of it, and how much of it for five minutes and for an hour. */
  written: number;
  written5m: number;
  written1h: number;
  output: number;
}

export interface Answer extends Counts {
  /** Milliseconds since 1970; NaN if the record has no time. */
  at: number;
  cwd: string | undefined;
  branch: string | undefined;
  session: string | undefined;
  /** Session that the request was made in, if the client says so. */
  requestSession: string | undefined;
  /** Session of the record that a fork repeats. */
  forkedFrom: string | undefined;
  prompt: string | undefined;
  /** Id of the agent. */
  agent: string | undefined;
  /** Agent and skill that the client names as those that it is to be attributed to. */
  agentStamp: string | undefined;
  skillStamp: string | undefined;
  isSidechain: boolean;
  /** False if there was no request, or none that costs anything. */
  isBilled: boolean;
  id: string | undefined;
  request: string | undefined;
  uuid: string | undefined;
  model: string | undefined;
  isFinal: boolean;
  webSearches: number;
  isFast: boolean;
  geo: string | undefined;
  /** The whole record; null if there is nothing else in it that matters. */
  record: Payload | null;
}

/** The session in which something was said that a fork repeats; undefined if it was said in this one. */
export function repeatedFrom({
  forkedFrom,
  requestSession,
  session,
}: Pick<Answer, 'forkedFrom' | 'requestSession' | 'session'>): string | undefined {
  const from = forkedFrom ?? requestSession;
  return from === session ? undefined : from;
}

/** The same of any record. */
export const repeatedFromIn = (record: Payload): string | undefined =>
  repeatedFrom({
    forkedFrom: text(object(record.forkedFrom).sessionId),
    requestSession: text(record.requestSessionId),
    session: text(record.sessionId),
  });

/** What has to be known of a message to tell whether it was billed. */
export const isBilled = (model: string | undefined, hasUsage: boolean, isError: boolean): boolean =>
  hasUsage && !isError && model !== SYNTHETIC;

export function answerOf(record: Payload): Answer {
  const message = object(record.message);
  const usage = object(message.usage);
  const model = text(message.model);
  return {
    at: Date.parse(text(record.timestamp) ?? ''),
    cwd: text(record.cwd),
    branch: text(record.gitBranch),
    session: text(record.sessionId),
    requestSession: text(record.requestSessionId),
    forkedFrom: text(object(record.forkedFrom).sessionId),
    prompt: text(record.promptId),
    agent: text(record.agentId),
    agentStamp: text(record.attributionAgent),
    skillStamp: text(record.attributionSkill),
    isSidechain: record.isSidechain === true,
    isBilled: isBilled(model, isObject(message.usage), record.isApiErrorMessage === true),
    id: text(message.id),
    request: text(record.requestId),
    uuid: text(record.uuid),
    model,
    isFinal: typeof message.stop_reason === 'string' && record.isAbortedMidStream !== true,
    ...countsOf(usage),
    webSearches: count(object(usage.server_tool_use).web_search_requests),
    isFast: usage.speed === 'fast',
    geo: text(usage.inference_geo),
    record,
  };
}

export function countsOf(usage: Payload): Counts {
  const written = object(usage.cache_creation);
  return {
    input: count(usage.input_tokens),
    read: count(usage.cache_read_input_tokens),
    written: count(usage.cache_creation_input_tokens),
    written5m: count(written.ephemeral_5m_input_tokens),
    written1h: count(written.ephemeral_1h_input_tokens),
    output: count(usage.output_tokens),
  };
}

/** A count of tokens; what is none counts as 0. */
export const count = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
