/**
 * Transcript file → what it tells of commands, agents and skills. Most lines tell nothing of these: what a line is, is
 * decided by its first bytes, and only those that matter are parsed. A line whose beginning is not understood is
 * parsed too, so another layout costs time and nothing else.
 */

import { AGENT_TOOLS } from './payload.ts';
import { forEachLine } from './read-lines.ts';
import type { Transcript } from './transcript-item.ts';
import { isPassedByType, READ_TYPES, RecordReader } from './transcript-record.ts';

const HEAD_BYTES = 768;

const SYSTEM_SUBTYPES = /"subtype":"(local_command|stop_hook_summary|turn_duration)"/;
const FIRST_TOOL = /^"content":\[\{"type":"tool_use","id":"([^"\\]+)","name":"([^"\\]+)"/;
const FIRST_BLOCK = /^"content":\[\{"type":"(text|thinking|redacted_thinking)"/;
/** Where a second block begins at the earliest, behind `"content":[`. */
const FIRST_BLOCK_BYTES = 16;
const NEXT_TOOL = '{"type":"tool_use"';
const RESULT = /^"content":\[\{(?:"type":"tool_result"|"tool_use_id":")/;
const RESULT_OF = /"tool_use_id":"([^"\\]+)"/g;
const SKILL_TOOL = 'Skill';

export interface TranscriptOptions {
  /** Keep the short description of an agent call, and titles. */
  labels: boolean;
  /** The file of an agent: its prompts are its starts. */
  isAgent: boolean;
}

/** @throws a system error if the file cannot be read. */
export function readTranscript(path: string, options: TranscriptOptions): Transcript {
  const reader = new RecordReader(options);
  const tooLong = forEachLine(path, (bytes, start, end) => readLine(reader, bytes, start, end));
  const transcript = reader.finish();
  transcript.damaged += tooLong;
  return transcript;
}

function readLine(reader: RecordReader, bytes: Buffer, start: number, end: number): void {
  const head = bytes.toString('latin1', start, Math.min(end, start + HEAD_BYTES));
  if (isPassedBy(reader, head, bytes, start, end)) return;
  let record: unknown;
  try {
    record = JSON.parse(bytes.toString('utf8', start, end));
  } catch {
    reader.countDamaged();
    return;
  }
  reader.take(record);
}

/** True if the line need not be parsed; what must be known of it even so is told to the reader. */
function isPassedBy(reader: RecordReader, head: string, bytes: Buffer, start: number, end: number): boolean {
  // Some tools write their JSON with spaces; then nothing below holds.
  if (!head.startsWith('{"') || head.charAt(head.indexOf('":') + 2) === ' ') return false;
  if (!reader.hasTime) reader.firstTime(/"timestamp":"([^"]{20,40})"/.exec(head)?.[1]);
  if (head.startsWith('{"type":"')) {
    const type = head.slice(9, head.indexOf('"', 9));
    if (isPassedByType(type)) return true;
    if (!READ_TYPES.has(type)) {
      reader.countUnknown(type);
      return true;
    }
  }
  const role = head.indexOf('"role":"');
  const before = role < 0 ? head : head.slice(0, role);
  if (before.includes('"attachment":{') || before.includes('"type":"progress"')) return true;
  if (role < 0) return head.includes('"type":"system"') && !SYSTEM_SUBTYPES.test(head);
  const at = head.indexOf('"content":', role);
  const content = head.slice(at);
  if (head.startsWith('"role":"assistant"', role)) return isPlainAnswer(reader, before, content, bytes, start, end, at);
  return RESULT.test(content) && isPlainResult(reader, content, bytes, start, end);
}

/** An answer in one block (as the client writes them) that calls no agent and no skill. */
function isPlainAnswer(
  reader: RecordReader,
  before: string,
  content: string,
  bytes: Buffer,
  start: number,
  end: number,
  contentAt: number,
): boolean {
  if (content.includes('"model":"<synthetic>"') || before.includes('"model":"<synthetic>"')) return false;
  const [, id, tool] = FIRST_TOOL.exec(content) ?? [];
  if (id !== undefined && tool !== undefined) {
    if (tool === SKILL_TOOL || AGENT_TOOLS.includes(tool)) return false;
    reader.knowTool(id, tool);
  } else if (!FIRST_BLOCK.test(content)) return false;
  if (bytes.subarray(start + contentAt + FIRST_BLOCK_BYTES, end).includes(NEXT_TOOL)) return false;
  reader.keepAnswer(bytes, start, end);
  return true;
}

/** The result of a tool that did not fail, and was neither an agent nor a skill. */
function isPlainResult(reader: RecordReader, content: string, bytes: Buffer, start: number, end: number): boolean {
  const ids = [...content.matchAll(RESULT_OF)];
  const id = ids[0]?.[1];
  if (id === undefined || ids.length > 1 || reader.isAwaited(id)) return false;
  if (bytes.subarray(start, end).includes('"is_error":true')) return false;
  reader.passResult();
  return true;
}
