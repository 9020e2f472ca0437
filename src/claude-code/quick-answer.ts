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
  if (NOT_ASCII.test(before) || NOT_ASCII.test(after) || after.includes(FORKED)) return null;
  for (const odd of ODD) if (before.includes(odd) || after.includes(odd)) return null;
  const inner = bytes.subarray(start + content, tailStart + stop);
  for (const call of CALLS) if (inner.includes(call)) return null;
  const message = before.indexOf('"message":{');
  const id = textAfter(before, '"id":"', message);
  const model = textAfter(before, '"model":"', message) ?? undefined;
  const counts = usageIn(after, usage - stop);
  if (message < 0 || id === null || model === undefined || !counts) return null;
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

const FORKED = '"forkedFrom"';

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

function usageIn(after: string, from: number): Payload | null {
  const number = (key: string): number | undefined => {
    const mark = `"${key}":`;
    const at = after.indexOf(mark, from);
    return at < 0 ? undefined : digitsAt(after, at + mark.length);
  };
  const input = number('input_tokens');
  const output = number('output_tokens');
  if (input === undefined || output === undefined) return null;
  const geo = textAfter(after, '"inference_geo":"', from) ?? undefined;
  return {
    input_tokens: input,
    output_tokens: output,
    cache_creation_input_tokens: number('cache_creation_input_tokens'),
    cache_read_input_tokens: number('cache_read_input_tokens'),
    cache_creation: {
      ephemeral_1h_input_tokens: number('ephemeral_1h_input_tokens'),
      ephemeral_5m_input_tokens: number('ephemeral_5m_input_tokens'),
    },
    server_tool_use: { web_search_requests: number('web_search_requests') },
    inference_geo: geo,
    speed: after.includes('"speed":"fast"', from) ? 'fast' : 'standard',
  };
}

/** A whole number, or undefined if there is something else (as null). */
function digitsAt(text: string, from: number): number | undefined {
  let value = 0;
  let at = from;
  for (let code = text.charCodeAt(at); code >= 0x30 && code <= 0x39; code = text.charCodeAt(++at)) {
    value = value * 10 + code - 0x30;
  }
  return at === from || at - from > 15 ? undefined : value;
}
