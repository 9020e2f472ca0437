/** The client's OTLP logs, as JSON → its `claude_code.api_request` events. Pure. */
import type { ApiRequestEvent } from '../usage/otlp-request.ts';
import { clientLogs, type LogEvent } from './client-logs.ts';

const EVENT = 'api_request';
/** What stands in the place of a name that the client does not tell. */
const HIDDEN = ['custom', 'third-party'];
/** No request has more tokens: its sums must stay whole numbers. */
const MAX_COUNT = 1e9;

const KEYS = [
  'event.sequence',
  'session.id',
  'prompt.id',
  'model',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_creation_tokens',
  'cache_creation_1h_tokens',
  'cost_usd_micros',
  'duration_ms',
  'request_id',
  'client_request_id',
  'speed',
  'query_source',
  'agent.name',
  'agent_id',
  'skill.name',
] as const;
type Key = (typeof KEYS)[number];

export interface ParsedLogs {
  events: ApiRequestEvent[];
  /** Records that are such events, but without a time, a model or counts that can be true. */
  damaged: number;
  /** Records of other kinds. */
  others: number;
}

/** All events in the payload of one export. Whatever it holds, nothing is thrown. */
export function apiRequestEvents(payload: unknown): ParsedLogs {
  const { events: told, others } = clientLogs(payload, EVENT, KEYS);
  const events = told.flatMap(event => eventOf(event) ?? []);
  return { events, damaged: told.length - events.length, others };
}

function eventOf({ at, value, text, id }: LogEvent<Key>): ApiRequestEvent | null {
  const model = text('model');
  const counted = (key: Key): number | null | undefined => count(value(key));
  const inputTokens = counted('input_tokens');
  const outputTokens = counted('output_tokens');
  const cacheReadTokens = counted('cache_read_tokens');
  const cacheCreationTokens = counted('cache_creation_tokens');
  const counts = [inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens];
  if (at === null || model === undefined || counts.includes(null)) return null;
  if (counts.every(number => number === undefined)) return null;
  return {
    requestId: id('request_id'),
    clientRequestId: id('client_request_id'),
    at,
    model,
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    cacheReadTokens: cacheReadTokens ?? 0,
    cacheCreationTokens: cacheCreationTokens ?? 0,
    cacheCreation1hTokens: counted('cache_creation_1h_tokens') ?? undefined,
    costUsdMicros: counted('cost_usd_micros') ?? undefined,
    durationMs: counted('duration_ms') ?? undefined,
    session: id('session.id'),
    prompt: id('prompt.id'),
    querySource: text('query_source'),
    agentName: nameOf(text('agent.name')),
    agentId: id('agent_id'),
    skillName: nameOf(text('skill.name')),
    isFast: value('speed') === 'fast',
    eventSequence: counted('event.sequence') ?? 0,
  };
}

/** Undefined if there is none, null if it cannot be true. */
function count(value: unknown): number | null | undefined {
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= MAX_COUNT ? number : null;
}

const nameOf = (name: string | undefined): string | null | undefined =>
  name !== undefined && HIDDEN.includes(name) ? null : name;
