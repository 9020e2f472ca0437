/**
 * An answer of the model, as the client lays it out, without its content, which is most of the line and says nothing
 * of what was billed. Whatever is not laid out as expected is left to the parser.
 */
import type { Payload } from './payload.ts';

const TAIL_BYTES = 1536;
const CONTENT = '"content":[';
const STOP_REASON = '"stop_reason":';
const USAGE = '"usage":{';
/** Calls that say something of what later requests belong to. */
const CALLS = ['"name":"Skill"', '"name":"Agent"', '"name":"Task"'];
/** Parts that hold other requests, or say that this is none. */
const ODD = [
  '"iterations":[{',
  '"isApiErrorMessage":true',
  '<synthetic>',
  '"isAbortedMidStream":true',
  '"advisorModel"',
];
const NOT_ASCII = /[^\x20-\x7e]/;
const MESSAGE = '"message":{';
const ANSWER = '"type":"assistant"';
const FORKED = '"forkedFrom"';
const COMMA = 0x2c;
const CLOSING_BRACE = 0x7d;

const TEXTS = ['requestId', 'timestamp', 'sessionId', 'cwd', 'gitBranch', 'uuid', 'agentId'] as const;
const STAMPS = ['attributionSkill', 'attributionAgent', 'requestSessionId'] as const;

/**
 * A record with the keys that matter for usage, as the parser would give them, or null to have it parsed.
 *
 * @param head the beginning of the line, longer than what stands before the content.
 */
export function quickAnswer(head: string, bytes: Buffer, start: number, end: number): Payload | null {
  const content = head.indexOf(CONTENT);
  const tailStart = Math.max(start, end - TAIL_BYTES);
  const tail = bytes.toString('latin1', tailStart, end);
  const stop = tail.lastIndexOf(STOP_REASON);
  const usage = tail.indexOf(USAGE, stop);
  if (content < 0 || stop < 0 || usage < 0 || !tail.endsWith('}')) return null;
  const before = head.slice(0, content);
  const after = tail.slice(stop);
  if (!isLaidOut(before, after)) return null;
  for (const odd of ODD) if (before.includes(odd) || after.includes(odd)) return null;
  const inner = bytes.subarray(start + content, tailStart + stop);
  for (const call of CALLS) if (inner.includes(call)) return null;
  const id = textAfter(before, '"id":"', before.indexOf(MESSAGE));
  const model = textAfter(before, '"model":"', before.indexOf(MESSAGE));
  const counts = usageIn(after, usage - stop);
  if (id === null || model === null || !counts) return null;
  const record: Payload = {
    type: 'assistant',
    isSidechain: before.includes('"isSidechain":true') || after.includes('"isSidechain":true'),
    message: { id, model, stop_reason: textAfter(after, `${STOP_REASON}"`, 0), usage: counts, content: [] },
  };
  for (const key of TEXTS) record[key] = field(key, before, after);
  for (const key of STAMPS) record[key] = field(key, before, after);
  // An escape in one of them.
  return Object.values(record).includes(null) ? null : record;
}

/** True if the content lies between the two, in the message of an answer, and nothing else holds other things. */
function isLaidOut(before: string, after: string): boolean {
  if (NOT_ASCII.test(before) || NOT_ASCII.test(after) || after.includes(FORKED)) return false;
  const message = before.indexOf(MESSAGE);
  const brace = before.indexOf('{', 1);
  if (message < 0 || brace !== message + MESSAGE.length - 1 || before.includes('{', brace + 1)) return false;
  if (!before.includes(ANSWER) && !after.includes(ANSWER)) return false;
  // A list that ends behind the content, and does not begin there, is the content: a part of it was taken for the end.
  for (let at = after.indexOf(']'); at >= 0; at = after.indexOf(']', at + 1)) {
    if (after.charAt(at - 1) !== '[') return false;
  }
  return true;
}

/** The text of a key on either side of the content; undefined if there is none, null if it needs a parser. */
function field(key: string, before: string, after: string): string | null | undefined {
  const mark = `"${key}":"`;
  const text = after.includes(mark) ? after : before;
  if (!text.includes(mark)) return undefined;
  return textAfter(text, mark, 0);
}

/** The text behind a mark; null if there is none, or it has an escape in it. */
function textAfter(text: string, mark: string, from: number): string | null {
  const at = text.indexOf(mark, from);
  if (at < 0) return null;
  const value = text.slice(at + mark.length, text.indexOf('"', at + mark.length));
  return value.includes('\\') ? null : value;
}

/** Null if a count is written in another way than as a whole number. */
function usageIn(after: string, from: number): Payload | null {
  let isPlain = true;
  const number = (key: string): number | undefined => {
    const mark = `"${key}":`;
    const at = after.indexOf(mark, from);
    if (at < 0 || after.startsWith('null', at + mark.length)) return undefined;
    const value = digitsAt(after, at + mark.length);
    if (value === undefined) isPlain = false;
    return value;
  };
  const counts = {
    input_tokens: number('input_tokens'),
    output_tokens: number('output_tokens'),
    cache_creation_input_tokens: number('cache_creation_input_tokens'),
    cache_read_input_tokens: number('cache_read_input_tokens'),
    cache_creation: {
      ephemeral_1h_input_tokens: number('ephemeral_1h_input_tokens'),
      ephemeral_5m_input_tokens: number('ephemeral_5m_input_tokens'),
    },
    server_tool_use: { web_search_requests: number('web_search_requests') },
    inference_geo: textAfter(after, '"inference_geo":"', from) ?? undefined,
    speed: after.includes('"speed":"fast"', from) ? 'fast' : 'standard',
  };
  return isPlain ? counts : null;
}

/** A whole number of at most 15 digits; undefined if there is something else. */
function digitsAt(text: string, from: number): number | undefined {
  let value = 0;
  let at = from;
  let code = text.charCodeAt(at);
  for (; code >= 0x30 && code <= 0x39; code = text.charCodeAt(++at)) value = value * 10 + code - 0x30;
  const isOver = code === COMMA || code === CLOSING_BRACE;
  return isOver && at > from && at - from <= 15 ? value : undefined;
}
