/** The client's OTLP logs, as JSON → its `claude_code.api_request` events. Pure. */
import { limitText, MAX_NAME } from '../model/limit-text.ts';
import type { ApiRequestEvent } from '../usage/otlp-request.ts';
import { object, type Payload } from './payload.ts';

const EVENT = 'api_request';
const FULL_NAME = `claude_code.${EVENT}`;
const SCOPE = 'com.anthropic.claude_code';
/** What stands in the place of a name that the client does not tell. */
const HIDDEN = ['custom', 'third-party'];
/** No request has more tokens: its sums must stay whole numbers. */
const MAX_COUNT = 1e9;
/** The last millisecond of the year 9999. */
const MAX_TIME = 253_402_300_799_999;
/** What can stand in an id without an escape. */
const ID = /^[!#-[\]-~]{1,256}$/;

const KEYS = [
  'event.name',
  'event.timestamp',
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
type Attributes = ReadonlyMap<string, unknown> & { get(key: Key): unknown };
const WANTED: ReadonlySet<string> = new Set(KEYS);

export interface ParsedLogs {
  events: ApiRequestEvent[];
  /** Records that are such events, but without a time, a model or counts that can be true. */
  damaged: number;
  /** Records of other kinds. */
  others: number;
}

/** All events in the payload of one export. Whatever it holds, nothing is thrown. */
export function apiRequestEvents(payload: unknown): ParsedLogs {
  const parsed: ParsedLogs = { events: [], damaged: 0, others: 0 };
  for (const resource of listOf(object(payload).resourceLogs)) {
    for (const scope of listOf(object(resource).scopeLogs)) {
      const { name } = object(object(scope).scope);
      const isClients = typeof name === 'string' && name.startsWith(SCOPE);
      for (const record of listOf(object(scope).logRecords)) addRecord(parsed, object(record), isClients);
    }
  }
  return parsed;
}

function addRecord(parsed: ParsedLogs, record: Payload, isClients: boolean): void {
  const attributes = attributesOf(record);
  const name = attributes.get('event.name');
  const names = [object(record.body).stringValue, record.eventName, name];
  if (!names.includes(FULL_NAME) && !(isClients && name === EVENT)) {
    parsed.others++;
    return;
  }
  const event = eventOf(attributes, record);
  if (event) parsed.events.push(event);
  else parsed.damaged++;
}

function eventOf(attributes: Attributes, record: Payload): ApiRequestEvent | null {
  const at = timeOf(attributes, record);
  const model = textOf(attributes.get('model'));
  const counted = (key: Key): number | null | undefined => count(attributes.get(key));
  const inputTokens = counted('input_tokens');
  const outputTokens = counted('output_tokens');
  const cacheReadTokens = counted('cache_read_tokens');
  const cacheCreationTokens = counted('cache_creation_tokens');
  const counts = [inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens];
  if (at === null || model === undefined || counts.includes(null)) return null;
  if (counts.every(number => number === undefined)) return null;
  return {
    requestId: idOf(attributes.get('request_id')),
    clientRequestId: idOf(attributes.get('client_request_id')),
    at,
    model,
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    cacheReadTokens: cacheReadTokens ?? 0,
    cacheCreationTokens: cacheCreationTokens ?? 0,
    cacheCreation1hTokens: counted('cache_creation_1h_tokens') ?? undefined,
    costUsdMicros: counted('cost_usd_micros') ?? undefined,
    durationMs: counted('duration_ms') ?? undefined,
    session: idOf(attributes.get('session.id')),
    prompt: idOf(attributes.get('prompt.id')),
    querySource: textOf(attributes.get('query_source')),
    agentName: nameOf(attributes.get('agent.name')),
    agentId: idOf(attributes.get('agent_id')),
    skillName: nameOf(attributes.get('skill.name')),
    isFast: attributes.get('speed') === 'fast',
    eventSequence: counted('event.sequence') ?? 0,
  };
}

function attributesOf(record: Payload): Attributes {
  const attributes = new Map<string, unknown>();
  for (const attribute of listOf(record.attributes)) {
    const { key, value } = object(attribute);
    if (typeof key === 'string' && WANTED.has(key)) attributes.set(key, told(object(value)));
  }
  return attributes;
}

/** Older clients send every number as a text; OTLP has a whole number as a number or as a text. */
const told = ({ stringValue, intValue, doubleValue, boolValue }: Payload): unknown =>
  stringValue ?? intValue ?? doubleValue ?? boolValue;

/** Undefined if there is none, null if it cannot be true. */
function count(value: unknown): number | null | undefined {
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= MAX_COUNT ? number : null;
}

function timeOf(attributes: Attributes, record: Payload): number | null {
  const timestamp = attributes.get('event.timestamp');
  const times = [
    typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN,
    millisOf(record.timeUnixNano),
    millisOf(record.observedTimeUnixNano),
  ];
  return times.find(time => time > 0 && time <= MAX_TIME) ?? null;
}

const millisOf = (nanos: unknown): number =>
  typeof nanos === 'string' || typeof nanos === 'number' ? Math.floor(Number(nanos) / 1e6) : Number.NaN;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? limitText(value, MAX_NAME) : undefined;

const idOf = (value: unknown): string | undefined => (typeof value === 'string' && ID.test(value) ? value : undefined);

function nameOf(value: unknown): string | null | undefined {
  const name = textOf(value);
  return name !== undefined && HIDDEN.includes(name) ? null : name;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
