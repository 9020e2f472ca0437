/**
 * A transcript from an offset on → the records that say what was billed, and to what it belongs. What a line is, is
 * decided by its first bytes; the results of tools, which are most of a transcript, are passed by. A line whose
 * beginning is not understood is parsed, so another layout costs time and nothing else.
 */
import { object, type Payload, text } from './payload.ts';
import { quickAnswer } from './quick-answer.ts';
import { forEachLine } from './read-lines.ts';

const HEAD_BYTES = 768;
const ANSWER = '"role":"assistant"';
const NOTE = '{"type":"';
const READ_NOTES = ['user', 'assistant', 'system', 'cost-state'];
const RESULT = /^"content":\[\{(?:"type":"tool_result"|"tool_use_id":")/;
const RESULT_OF = '"tool_use_id":"';
const CLOSING_BRACE = 0x7d;

export interface UsageVisitor {
  take(record: Payload): void;
  /** True if the result of this call says something that matters. */
  isAwaited(toolUse: string): boolean;
  onDamaged(): void;
}

/**
 * Reads whole lines from `from` on, and the last one without its line end if it is whole.
 *
 * @returns the offset behind them.
 * @throws a system error if the file cannot be read.
 */
export function readUsageRecords(path: string, from: number, visitor: UsageVisitor): number {
  const visit = (bytes: Buffer, start: number, end: number): void => {
    const head = bytes.toString('latin1', start, Math.min(end, start + HEAD_BYTES));
    if (isPassedBy(head, visitor)) return;
    const quick = head.includes(ANSWER) && !isSpaced(head) ? quickAnswer(head, bytes, start, end) : null;
    const record = quick ?? parsed(bytes.toString('utf8', start, end));
    if (record) visitor.take(record);
    else visitor.onDamaged();
  };
  const { offset, tooLong } = forEachLine(path, visit, { from, isWhole });
  for (let line = 0; line < tooLong; line++) visitor.onDamaged();
  return offset;
}

/** Some tools write their JSON with spaces; then no text of a line can be relied on. */
const isSpaced = (head: string): boolean => !head.startsWith('{"') || head.charAt(head.indexOf('":') + 2) === ' ';

function isPassedBy(head: string, visitor: UsageVisitor): boolean {
  if (isSpaced(head)) return false;
  if (head.startsWith(NOTE)) {
    const end = head.indexOf('"', NOTE.length);
    if (end < 0) return false;
    if (!READ_NOTES.includes(head.slice(NOTE.length, end))) return true;
  }
  const role = head.indexOf('"role":"');
  if (role < 0) {
    if (head.includes('"attachment":{') || head.includes('"type":"progress"')) return true;
    return head.includes('"type":"system"') && !head.includes('"subtype":"local_command"');
  }
  if (head.startsWith(ANSWER, role)) return false;
  const before = head.lastIndexOf('"attachment":{', role);
  if (before >= 0) return true;
  const content = head.slice(head.indexOf('"content":', role));
  return RESULT.test(content) && isPlainResult(content, visitor);
}

/** The result of a call that nobody waits for. */
function isPlainResult(content: string, visitor: UsageVisitor): boolean {
  const at = content.indexOf(RESULT_OF);
  if (at < 0 || content.includes(RESULT_OF, at + RESULT_OF.length)) return false;
  const start = at + RESULT_OF.length;
  const id = content.slice(start, content.indexOf('"', start));
  return !id.includes('\\') && !visitor.isAwaited(id);
}

function isWhole(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[end - 1] !== CLOSING_BRACE) return false;
  return text(parsed(bytes.toString('utf8', start, end))?.type) !== undefined;
}

function parsed(line: string): Payload | null {
  try {
    return object(JSON.parse(line));
  } catch {
    return null;
  }
}
