/**
 * A transcript from an offset on → the records that say what was billed, and to what it belongs. Of an answer, that is
 * a few of its fields; the results of tools, which are most of a transcript, are passed by; the rest is parsed.
 */
import { type Answer, answerOf, count, isBilled } from './answer.ts';
import { LineFields } from './line-fields.ts';
import type { LinesRead, LineVisitor } from './line-visitor.ts';
import { AGENT_TOOLS, object, type Payload } from './payload.ts';

const PATHS = {
  type: 'type',
  subtype: 'subtype',
  timestamp: 'timestamp',
  cwd: 'cwd',
  branch: 'gitBranch',
  session: 'sessionId',
  requestSession: 'requestSessionId',
  forkedFrom: 'forkedFrom.sessionId',
  request: 'requestId',
  uuid: 'uuid',
  prompt: 'promptId',
  agent: 'agentId',
  agentStamp: 'attributionAgent',
  skillStamp: 'attributionSkill',
  isSidechain: 'isSidechain',
  isError: 'isApiErrorMessage',
  isAborted: 'isAbortedMidStream',
  id: 'message.id',
  model: 'message.model',
  stop: 'message.stop_reason',
  content: 'message.content',
  block: 'message.content[].type',
  tool: 'message.content[].name',
  resultOf: 'message.content[].tool_use_id',
  usage: 'message.usage',
  input: 'message.usage.input_tokens',
  written: 'message.usage.cache_creation_input_tokens',
  read: 'message.usage.cache_read_input_tokens',
  output: 'message.usage.output_tokens',
  written1h: 'message.usage.cache_creation.ephemeral_1h_input_tokens',
  written5m: 'message.usage.cache_creation.ephemeral_5m_input_tokens',
  searches: 'message.usage.server_tool_use.web_search_requests',
  geo: 'message.usage.inference_geo',
  speed: 'message.usage.speed',
  iterations: 'message.usage.iterations',
};

const NAMES = Object.keys(PATHS) as (keyof typeof PATHS)[];
/** The number of each field. */
const FIELD = Object.fromEntries(NAMES.map((name, number) => [name, number])) as Record<keyof typeof PATHS, number>;

/** Of all other records nothing is read. Those of answers and of what people and tools say come by their numbers. */
const TYPES = ['assistant', 'user', 'system', 'cost-state'];
const [ASSISTANT, USER, SYSTEM] = [1, 2, 3];

/** Calls that say something of what later requests belong to. */
const CALLS = ['Skill', ...AGENT_TOOLS];
/** More than this is given back when it was needed for a long line: a picture is no reason to hold its size for ever. */
const MAX_HELD_BYTES = 4 << 20;

export interface UsageVisitor {
  /** `answer`: holds until the next one comes. */
  takeAnswer(answer: Answer): void;
  /** Called with what is no answer of the model. */
  take(record: Payload): void;
  /** False if the result of the call with this `hashText` of its id surely says nothing that matters. */
  mayAwait(toolUse: number): boolean;
  onDamaged(): void;
}

/**
 * Reads whole lines from `from` on, and the last one without its line end if it is whole.
 *
 * @returns the offset behind them.
 * @throws a system error if the file cannot be read.
 */
export function readUsageRecords(path: string, from: number, visitor: UsageVisitor): number {
  kept ??= new UsageReader();
  const { offset, tooLong } = kept.read(path, from, visitor);
  for (let line = 0; line < tooLong; line++) visitor.onDamaged();
  if (kept.heldBytes > MAX_HELD_BYTES) kept = undefined;
  return offset;
}

/** One for all files: functions that were made for one of them would be compiled for each. */
class UsageReader implements LineVisitor {
  readonly #lines = new LineFields(Object.values(PATHS), { path: PATHS.type, texts: TYPES });
  #visitor: UsageVisitor = { takeAnswer() {}, take() {}, mayAwait: () => false, onDamaged() {} };

  get heldBytes(): number {
    return this.#lines.heldBytes;
  }

  read(path: string, from: number, visitor: UsageVisitor): LinesRead {
    this.#visitor = visitor;
    return this.#lines.read(path, from, this);
  }

  onLine(wanted: number): void {
    const lines = this.#lines;
    if (wanted === ASSISTANT && isPlainAnswer(lines)) return this.#visitor.takeAnswer(answerIn(lines));
    if (wanted === USER && isPlainResult(lines, this.#visitor)) return;
    if (wanted !== SYSTEM || lines.text(FIELD.subtype) === 'local_command') this.onUnsure();
  }

  onUnsure(): void {
    const record = parsed(this.#lines.line());
    if (!record) this.#visitor.onDamaged();
    else if (record.type === 'assistant') this.#visitor.takeAnswer(answerOf(record));
    else this.#visitor.take(record);
  }

  onDamaged(): void {
    this.#visitor.onDamaged();
  }

  isWhole(): boolean {
    return this.#lines.text(FIELD.type) !== undefined;
  }
}

let kept: UsageReader | undefined;

/** True if its fields are all that matters of an answer. */
function isPlainAnswer(lines: LineFields): boolean {
  const blocks = lines.length(FIELD.content) ?? 0;
  if (blocks > 1 || (lines.length(FIELD.iterations) ?? 0) > 0) return false;
  return blocks === 0 || !CALLS.includes(lines.text(FIELD.tool) ?? '');
}

/** The result of a call that nobody waits for. */
function isPlainResult(lines: LineFields, visitor: UsageVisitor): boolean {
  if (lines.length(FIELD.content) !== 1 || lines.text(FIELD.block) !== 'tool_result') return false;
  const call = lines.hash(FIELD.resultOf);
  return call !== undefined && !visitor.mayAwait(call);
}

/** One object for all answers: there are very many. */
const answer: Answer = answerOf({});

/** An answer whose record holds nothing else that matters. */
function answerIn(lines: LineFields): Answer {
  answer.at = lines.time(FIELD.timestamp);
  answer.cwd = lines.text(FIELD.cwd);
  answer.branch = lines.text(FIELD.branch);
  answer.session = lines.text(FIELD.session);
  answer.requestSession = lines.text(FIELD.requestSession);
  answer.forkedFrom = lines.text(FIELD.forkedFrom);
  answer.prompt = lines.text(FIELD.prompt);
  answer.agent = lines.text(FIELD.agent);
  answer.agentStamp = lines.text(FIELD.agentStamp);
  answer.skillStamp = lines.text(FIELD.skillStamp);
  answer.isSidechain = lines.isTrue(FIELD.isSidechain);
  answer.id = lines.text(FIELD.id);
  answer.request = lines.text(FIELD.request);
  // It is needed where there is nothing else only.
  answer.uuid = answer.id || answer.request ? undefined : lines.text(FIELD.uuid);
  answer.model = lines.text(FIELD.model);
  answer.isBilled = isBilled(answer.model, lines.isObject(FIELD.usage), lines.isTrue(FIELD.isError));
  answer.isFinal = lines.text(FIELD.stop) !== undefined && !lines.isTrue(FIELD.isAborted);
  answer.input = count(lines.number(FIELD.input));
  answer.read = count(lines.number(FIELD.read));
  answer.written = count(lines.number(FIELD.written));
  answer.written5m = count(lines.number(FIELD.written5m));
  answer.written1h = count(lines.number(FIELD.written1h));
  answer.output = count(lines.number(FIELD.output));
  answer.webSearches = count(lines.number(FIELD.searches));
  answer.isFast = lines.text(FIELD.speed) === 'fast';
  answer.geo = lines.text(FIELD.geo);
  answer.record = null;
  return answer;
}

function parsed(line: string): Payload | null {
  try {
    return object(JSON.parse(line));
  } catch {
    return null;
  }
}
