/**
 * An answer of the model, as the client lays it out, without its content, which is most of the line and says nothing
 * of what was billed. Whatever is not laid out as expected is left to be parsed as a whole.
 */
import { object, type Payload } from './payload.ts';

const TAIL_BYTES = 1280;
const CONTENT = '"content":[';
const STOP_REASON = '"stop_reason":';
const MESSAGE = '"message":{';
/** Calls that say something of what later requests belong to. */
const CALLS = ['Skill"', 'Agent"', 'Task"'];
const LONGEST_CALL = 6;
const NAME = '"name":"';
const NOT_ASCII = /[^\x20-\x7e]/;

/**
 * The record with an empty content, or null to have the whole line parsed.
 *
 * What is cut out lies between the beginning of the content and the last `"stop_reason":`. If that is not in the message
 * behind its content, brackets are left over, and the rest is no JSON: texts cannot hold it, their quotes are escaped.
 *
 * @param head the beginning of the line, longer than what stands before the content.
 */
export function quickAnswer(head: string, bytes: Buffer, start: number, end: number): Payload | null {
  const content = head.indexOf(CONTENT);
  if (content < 0 || !isMessage(head, content)) return null;
  // May begin in the middle of a character, which is not looked at.
  const tailStart = Math.max(start + content, end - TAIL_BYTES);
  const tail = bytes.toString('utf8', tailStart, end);
  const stop = tail.lastIndexOf(STOP_REASON);
  if (stop < 0) return null;
  const before = head.slice(0, content);
  if (callsSomebody(bytes.subarray(start + content, end))) return null;
  if (NOT_ASCII.test(before)) return null;
  try {
    const record = JSON.parse(`${before}${CONTENT}],${tail.slice(stop)}`) as Payload;
    // Without usage: it stands between the content and the reason, or there is none.
    return object(record.message).usage ? record : null;
  } catch {
    return null;
  }
}

/** True if it may hold a call that matters. One search for all of them: this is done for every answer. */
function callsSomebody(content: Buffer): boolean {
  for (let at = content.indexOf(NAME); at >= 0; at = content.indexOf(NAME, at + NAME.length)) {
    const name = content.toString('latin1', at + NAME.length, at + NAME.length + LONGEST_CALL);
    if (CALLS.some(call => name.startsWith(call))) return true;
  }
  return false;
}

/** True if the content is that of the message: nothing else was opened before it. */
function isMessage(head: string, content: number): boolean {
  const message = head.indexOf(MESSAGE);
  if (message < 0 || message > content) return false;
  const brace = message + MESSAGE.length - 1;
  const next = head.indexOf('{', brace + 1);
  return head.indexOf('{', 1) === brace && (next < 0 || next > content);
}
