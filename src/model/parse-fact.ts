/** The door of the fold: a line of the journal becomes a fact, or is counted as what it is. */
import { isCount, MAX_COUNT } from './count-of.ts';
import { ACTIVITY_LEVELS, END_STATUSES, FACT_VERSION, type Fact, NOTE_LEVELS } from './fact.ts';
import { isTooDeep } from './is-too-deep.ts';

/** Keys that a fact of each kind must have as text; the fold relies on nothing else. */
const REQUIRED_TEXT: Record<Fact['kind'], readonly string[]> = {
  start: ['span', 'trace', 'name'],
  end: ['status'],
  note: ['id', 'message'],
  context: [],
  lost: ['span'],
  request: ['id', 'model'],
  usage: ['span'],
  other: [],
  session_start: ['session', 'reason'],
  session_end: ['session'],
  prompt: ['session'],
  command: ['session', 'name'],
  stop: ['session'],
  stop_failure: ['session', 'error'],
  agent_call: ['session', 'tool_use', 'name'],
  agent_return: ['session', 'tool_use', 'status'],
  agent_start: ['session', 'agent', 'name'],
  agent_end: ['session', 'agent'],
  skill_call: ['session', 'tool_use', 'name'],
  skill_return: ['session', 'tool_use', 'child'],
  tool_failure: ['session', 'tool_use', 'name', 'message'],
  tool_denied: ['session', 'tool_use', 'name', 'message'],
  tool_wait: ['session', 'tool_use', 'name', 'decision'],
};

const OPTIONAL_TEXT = [
  'session',
  'prompt',
  'agent',
  'label',
  'intent',
  'stage',
  'child',
  'span',
  'geo',
  'below',
  'provider',
];
/** Texts that facts of some kinds may have. */
const MORE_TEXT: Partial<Record<Fact['kind'], readonly string[]>> = {
  end: ['name'],
  note: ['type', 'severity'],
  session_start: ['cwd', 'branch', 'title', 'transcript'],
  prompt: ['cwd', 'title', 'transcript'],
  stop_failure: ['message'],
};
/** Objects that they may have, which go to the document as they are. */
const OBJECTS: Partial<Record<Fact['kind'], readonly string[]>> = {
  start: ['attributes', 'resource'],
  end: ['attributes', 'outputs'],
  note: ['attributes'],
};
/** Deeper than any writer of ours goes, and far from where a renderer runs out of stack. */
const MAX_DEPTH = 80;
const SOURCES = ['span', 'hook', 'import'];
const TOKEN_KEYS = ['input', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'output'];
/** What `Date` can hold. */
const MAX_TIME_MILLIS = 8.64e15;

const SPAN_ID = /^[0-9a-f]{16}$/;
const TRACE_ID = /^[0-9a-f]{32}$/;
const isSpanId = (value: unknown): boolean => typeof value === 'string' && SPAN_ID.test(value);

/** The fact in a line, `'unknown'` for a newer version or kind, `'damaged'` for anything else. */
export function parseFact(line: string): Fact | 'unknown' | 'damaged' {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'damaged';
  }
  if (typeof value !== 'object' || value === null) return 'damaged';
  const fact = value as Record<string, unknown>;
  if (typeof fact.v !== 'number' || typeof fact.kind !== 'string') return 'damaged';
  if (fact.v > FACT_VERSION) return 'unknown';
  if (typeof fact.at !== 'number' || !(Math.abs(fact.at) <= MAX_TIME_MILLIS)) return 'damaged';
  if (!SOURCES.includes(fact.source as string)) return 'damaged';
  if (!Object.hasOwn(REQUIRED_TEXT, fact.kind)) return 'unknown';
  const kind = fact.kind as Fact['kind'];
  for (const key of REQUIRED_TEXT[kind]) if (typeof fact[key] !== 'string') return 'damaged';
  for (const key of OPTIONAL_TEXT) {
    const text = fact[key];
    if (text !== undefined && typeof text !== 'string' && !(kind === 'context' && text === null)) return 'damaged';
  }
  // The same key says whose context it is in a start, and in a prompt whether the client itself sent it.
  const system = typeof fact.system;
  if (system !== 'undefined' && system !== (kind === 'prompt' ? 'boolean' : 'string') && fact.system !== null) {
    return 'damaged';
  }
  return hasSoundParts(fact, kind) ? (fact as unknown as Fact) : 'damaged';
}

function hasSoundParts(fact: Record<string, unknown>, kind: Fact['kind']): boolean {
  const within = (values: readonly string[], value: unknown): boolean => values.includes(value as string);
  const parent = fact.parent;
  if (parent !== undefined && parent !== null && !isSpanId(parent)) return false;
  if (isTooDeep(fact, MAX_DEPTH)) return false;
  if (fact.trace !== undefined && !TRACE_ID.test(fact.trace as string)) return false;
  if (fact.process !== undefined && !isProcess(fact.process)) return false;
  if (MORE_TEXT[kind]?.some(key => fact[key] !== undefined && typeof fact[key] !== 'string')) return false;
  if (OBJECTS[kind]?.some(key => fact[key] !== undefined && !isObject(fact[key]))) return false;
  if (kind === 'lost') return isSpanId(fact.span);
  if (kind === 'start') return within(ACTIVITY_LEVELS, fact.level) && isSpanId(fact.span);
  if (kind === 'end') {
    const isEnd = within(END_STATUSES, fact.status) && (fact.span === undefined || isSpanId(fact.span));
    return isEnd && (fact.error === undefined || isFailure(fact.error));
  }
  if (kind === 'note') return within(NOTE_LEVELS, fact.level) && isSpanId(fact.id);
  if (kind === 'prompt') return [fact.about, fact.outcomes].every(list => list === undefined || isTexts(list));
  if (kind === 'context') return ['undefined', 'string', 'number'].includes(typeof (fact.checkpoint ?? undefined));
  if (kind === 'usage') return isSpanId(fact.span) && isSum(fact.self) && isSum(fact.total) && isTexts(fact.leaves);
  if (kind !== 'request') return true;
  return isSpanId(fact.id) && hasTokens(fact.tokens) && [fact.cost_nanousd, fact.web_searches].every(isAmount);
}

function hasTokens(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return TOKEN_KEYS.every(key => isLimitedCount((value as Record<string, unknown>)[key]));
}

function isSum(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { tokens, requests, cost_nanousd, unpriced_tokens } = value as Record<string, unknown>;
  return hasTokens(tokens) && isLimitedCount(requests) && [cost_nanousd, unpriced_tokens].every(isAmount);
}

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(item => typeof item === 'string');

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

function isFailure(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { type, message, severity } = value as Record<string, unknown>;
  return [type, message, severity ?? ''].every(text => typeof text === 'string');
}

/** Sums of thousands of these are still exact. */
const isLimitedCount = (value: unknown): boolean => isCount(value) && value <= MAX_COUNT;

const isAmount = (value: unknown): boolean =>
  value === undefined || (Number.isFinite(value) && Math.abs(value as number) <= Number.MAX_SAFE_INTEGER);

function isProcess(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, started, boot, host, namespace } = value as Record<string, unknown>;
  return [pid, started].every(Number.isSafeInteger) && [boot, host, namespace].every(text => typeof text === 'string');
}
