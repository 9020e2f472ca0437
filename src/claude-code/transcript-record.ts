/** Records of a transcript, in the order of the file → items. */
import { failureMessage } from '../model/redact.ts';
import { repeatedFromIn } from './answer.ts';
import { label } from './label.ts';
import { AGENT_TOOLS, agentType, name, object, type Payload, skillName, text } from './payload.ts';
import type { AnswerItem, Transcript, TranscriptItem } from './transcript-item.ts';
import { promptItem, resultItem, spokenIn } from './transcript-parts.ts';

const FINAL_REASONS = ['end_turn', 'stop_sequence', 'max_tokens', 'refusal', 'model_context_window_exceeded'];

/** Kinds of records that tell of commands, agents and skills, or of the session. */
export const READ_TYPES = new Set(['user', 'assistant', 'system', 'ai-title', 'custom-title', 'summary']);
const PASSED_BY = new Set(
  (
    'attachment queue-operation last-prompt mode permission-mode agent-name agent-setting file-history-snapshot ' +
    'file-history-delta pr-link worktree-state relocated atis-latch cost-state bridge-session frame-link progress ' +
    'fork-context-ref rewind-pointer api-request api-request-shape api-request-blob tools-used started result'
  ).split(' '),
);

/** True for the known kinds that tell nothing of these. */
export const isPassedByType = (type: string): boolean => PASSED_BY.has(type) || type.startsWith('artifact-');

/** More kinds than this are counted together. */
const MAX_UNKNOWN_KINDS = 100;

export class RecordReader {
  readonly #options: { labels: boolean; isAgent: boolean };
  readonly #items: TranscriptItem[] = [];
  readonly #unknown: Record<string, number> = Object.create(null) as Record<string, number>;
  readonly #tools = new Map<string, string>();
  /** Calls of agents and skills whose results are looked for. */
  readonly #awaited = new Set<string>();
  /** The line of the last answer, or what is known of it. */
  #line = Buffer.alloc(0);
  #lineBytes = 0;
  #answer: AnswerItem | null = null;
  /** No result came after the last answer. */
  #isLast = false;
  #title: string | undefined;
  #damaged = 0;
  #firstAt: number | null = null;
  #lastAt: number | null = null;

  constructor(options: { labels: boolean; isAgent: boolean }) {
    this.#options = options;
  }

  get hasTime(): boolean {
    return this.#firstAt !== null;
  }

  firstTime(timestamp: string | undefined): void {
    const at = Date.parse(timestamp ?? '');
    if (!Number.isNaN(at)) this.#firstAt = at;
  }

  countDamaged(): void {
    this.#damaged++;
  }

  countUnknown(type: string): void {
    const named = name(type, '(none)');
    const key = named in this.#unknown || Object.keys(this.#unknown).length < MAX_UNKNOWN_KINDS ? named : '(others)';
    this.#unknown[key] = (this.#unknown[key] ?? 0) + 1;
  }

  knowTool(id: string, tool: string): void {
    this.#tools.set(id, tool);
  }

  isAwaited(id: string): boolean {
    return this.#awaited.has(id);
  }

  /** Keeps the line of an answer, in case that it is the last one. */
  keepAnswer(bytes: Buffer, start: number, end: number): void {
    if (this.#line.length < end - start) this.#line = Buffer.allocUnsafe(2 * (end - start));
    bytes.copy(this.#line, 0, start, end);
    this.#lineBytes = end - start;
    this.#answer = null;
    this.#isLast = true;
  }

  /** A result came after the last answer, which therefore was not the last word. */
  passResult(): void {
    this.#isLast = false;
  }

  take(value: unknown): void {
    const record = object(value);
    const type = text(record.type) ?? '';
    if (isPassedByType(type)) return;
    if (!READ_TYPES.has(type)) return this.countUnknown(type);
    if (type.endsWith('title') || type === 'summary') return this.#takeTitle(record);
    const at = Date.parse(text(record.timestamp) ?? '');
    if (Number.isNaN(at)) return this.countDamaged();
    this.#firstAt ??= at;
    this.#lastAt = Math.max(this.#lastAt ?? at, at);
    // Older clients wrote what agents did into the main file, without saying which agent it was.
    if (record.isSidechain === true && !this.#options.isAgent) return;
    if (type === 'assistant') this.#takeAnswer(record, at);
    else if (type === 'user') this.#takeUser(record, at);
    else this.#takeSystem(record, at);
  }

  finish(): Transcript {
    this.#flushAnswer();
    return {
      items: this.#items,
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      title: this.#title,
      damaged: this.#damaged,
      unknown: this.#unknown,
    };
  }

  #takeTitle(record: Payload): void {
    if (!this.#options.labels) return;
    const title = label(record.customTitle ?? record.aiTitle ?? record.title ?? record.summary);
    // A title of the person's own goes before one that the client made up.
    if (record.type === 'custom-title') this.#title = title ?? this.#title;
    else this.#title ??= title;
  }

  #takeSystem(record: Payload, at: number): void {
    if (record.subtype === 'local_command') this.#items.push({ kind: 'local', at });
    else if (record.subtype === 'stop_hook_summary' || record.subtype === 'turn_duration') {
      this.#flushAnswer();
      this.#items.push({ kind: 'stopped', at });
    }
  }

  #takeAnswer(record: Payload, at: number): void {
    const message = object(record.message);
    const blocks = Array.isArray(message.content) ? message.content.map(object) : [];
    if (record.isApiErrorMessage === true) {
      const said = failureMessage(blocks.map(block => text(block.text) ?? '').join('\n'));
      this.#items.push({ kind: 'api_error', at, error: text(record.error) ?? 'unknown', message: said });
      this.#clearAnswer();
      return;
    }
    if (message.model === '<synthetic>') return;
    let callsTool = false;
    for (const block of blocks) {
      const id = text(block.id);
      if (block.type !== 'tool_use' || id === undefined) continue;
      callsTool = true;
      this.#takeCall(id, name(block.name, 'tool'), object(block.input), at);
    }
    const reason = text(message.stop_reason);
    this.#lineBytes = 0;
    this.#isLast = true;
    this.#answer = {
      kind: 'answer',
      at,
      final: callsTool ? false : reason === undefined ? undefined : FINAL_REASONS.includes(reason),
      repeatedFrom: repeatedFromIn(record),
    };
  }

  #takeCall(tool_use: string, tool: string, input: Payload, at: number): void {
    this.#tools.set(tool_use, tool);
    if (tool === 'Skill') {
      this.#awaited.add(tool_use);
      this.#items.push({ kind: 'skill', at, tool_use, name: skillName(input) });
    } else if (AGENT_TOOLS.includes(tool)) {
      this.#awaited.add(tool_use);
      const description = this.#options.labels ? label(input.description) : undefined;
      this.#items.push({ kind: 'call', at, tool_use, name: agentType(input), label: description });
    }
  }

  #takeUser(record: Payload, at: number): void {
    const { content } = object(record.message);
    const blocks = Array.isArray(content) ? content.map(object) : [];
    const results = blocks.filter(block => block.type === 'tool_result');
    if (results.length > 0) {
      for (const block of results) this.#takeResult(record, block, at);
      return;
    }
    const { kind, text: said } = spokenIn(record);
    if (kind === 'interrupt') {
      this.#flushAnswer();
      this.#items.push({ kind, at });
    } else if (kind === 'local') this.#items.push({ kind, at });
    // An agent may be begun by what the client itself writes: a forked skill, or a message that resumes it.
    else if (
      kind === 'prompt' ||
      (this.#options.isAgent && (this.#items.length === 0 || record.origin !== undefined))
    ) {
      this.#flushAnswer();
      this.#items.push(promptItem(record, said, at));
    }
  }

  #takeResult(record: Payload, block: Payload, at: number): void {
    this.passResult();
    const tool_use = text(block.tool_use_id);
    if (tool_use === undefined) return;
    const item = resultItem(record, block, at, tool_use, this.#tools.get(tool_use) ?? 'tool');
    if (item.failure !== undefined || this.#awaited.has(tool_use)) this.#items.push(item);
  }

  #clearAnswer(): void {
    this.#answer = null;
    this.#lineBytes = 0;
  }

  #flushAnswer(): void {
    const isLast = this.#isLast;
    if (this.#lineBytes > 0) {
      try {
        this.take(JSON.parse(this.#line.toString('utf8', 0, this.#lineBytes)));
      } catch {
        this.countDamaged();
      }
    }
    if (this.#answer) this.#items.push({ ...this.#answer, final: isLast ? this.#answer.final : false });
    this.#clearAnswer();
  }
}
