/** The client's OTLP logs, as JSON → its events of one name, with the attributes that are asked for. Pure. */
import { limitText, MAX_NAME } from '../model/limit-text.ts';
import { object, type Payload } from './payload.ts';

const PREFIX = 'claude_code.';
const SCOPE = 'com.anthropic.claude_code';
/** The last millisecond of the year 9999. */
const MAX_TIME = 253_402_300_799_999;
/** What can stand in an id without an escape. */
const ID = /^[!#-[\]-~]{1,256}$/;

const NAME_KEY = 'event.name';
const TIME_KEY = 'event.timestamp';

export interface LogEvent<Key extends string> {
  /** Milliseconds since 1970; null if it tells no time that could be true. */
  at: number | null;
  value(key: Key): unknown;
  /** Undefined if it is no text, or an empty one. */
  text(key: Key): string | undefined;
  id(key: Key): string | undefined;
}

export interface ClientLogs<Key extends string> {
  events: LogEvent<Key>[];
  /** Records of other kinds. */
  others: number;
}

/** All events `claude_code.NAME` in the payload of one export. Whatever it holds, nothing is thrown. */
export function clientLogs<Key extends string>(payload: unknown, name: string, keys: readonly Key[]): ClientLogs<Key> {
  const logs: ClientLogs<Key> = { events: [], others: 0 };
  const wanted = new Set<string>([NAME_KEY, TIME_KEY, ...keys]);
  for (const resource of listOf(object(payload).resourceLogs)) {
    for (const scope of listOf(object(resource).scopeLogs)) {
      const scopeName = object(object(scope).scope).name;
      const isClients = typeof scopeName === 'string' && scopeName.startsWith(SCOPE);
      for (const item of listOf(object(scope).logRecords)) {
        const record = object(item);
        const attributes = attributesOf(record, wanted);
        const short = attributes.get(NAME_KEY);
        const names = [object(record.body).stringValue, record.eventName, short];
        if (!names.includes(PREFIX + name) && !(isClients && short === name)) logs.others++;
        else logs.events.push(eventOf(attributes, record));
      }
    }
  }
  return logs;
}

const eventOf = <Key extends string>(attributes: ReadonlyMap<string, unknown>, record: Payload): LogEvent<Key> => ({
  at: timeOf(attributes.get(TIME_KEY), record),
  value: key => attributes.get(key),
  text: key => textOf(attributes.get(key)),
  id: key => idOf(attributes.get(key)),
});

const NONE: ReadonlyMap<string, unknown> = new Map();

function attributesOf(record: Payload, wanted: ReadonlySet<string>): ReadonlyMap<string, unknown> {
  // There may be millions of records that hold nothing.
  if (!Array.isArray(record.attributes)) return NONE;
  const attributes = new Map<string, unknown>();
  for (const attribute of record.attributes) {
    const { key, value } = object(attribute);
    if (typeof key === 'string' && wanted.has(key)) attributes.set(key, told(object(value)));
  }
  return attributes;
}

/** Older clients send every number as a text; OTLP has a whole number as a number or as a text. */
const told = ({ stringValue, intValue, doubleValue, boolValue }: Payload): unknown =>
  stringValue ?? intValue ?? doubleValue ?? boolValue;

function timeOf(timestamp: unknown, record: Payload): number | null {
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

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
