/** Span of the SDK → facts. Pure; shared by the live processor, which tells starts at once, and the exporter. */
import {
  ATTR_CACHE_CREATION_TOKENS,
  ATTR_CACHE_READ_TOKENS,
  ATTR_CACHE_WRITE_1H,
  ATTR_COST,
  ATTR_ERROR_TYPE,
  ATTR_FAST,
  ATTR_GEO,
  ATTR_INPUT_TOKENS,
  ATTR_INTENT,
  ATTR_LABEL,
  ATTR_LEVEL,
  ATTR_NAME,
  ATTR_OPERATION,
  ATTR_OUTPUT_TOKENS,
  ATTR_OUTPUTS,
  ATTR_PARENT_SPAN,
  ATTR_PROVIDER,
  ATTR_REQUEST_MODEL,
  ATTR_RESPONSE_MODEL,
  ATTR_SESSION_ID,
  ATTR_STAGE,
  ATTR_STATUS,
  ATTR_SUMMARY,
  ATTR_SYSTEM,
  ATTR_WEB_SEARCHES,
} from '../attributes.ts';
import { countOf } from './count-of.ts';
import {
  type ActivityLevel,
  END_STATUSES,
  type EndFact,
  type EndStatus,
  FACT_VERSION,
  type JsonObject,
  type NoteFact,
  type RequestFact,
  type StartFact,
} from './fact.ts';
import { limitText, MAX_NAME, MAX_TEXT } from './limit-text.ts';
import { noteFact, noteLevelOf } from './note-fact.ts';
import { nameOf, type SpanAttributes } from './operation.ts';

/** Keys that have a place of their own in the document. */
const NOT_KEPT = new Set<string>([
  ATTR_LEVEL,
  ATTR_NAME,
  ATTR_INTENT,
  ATTR_LABEL,
  ATTR_STAGE,
  ATTR_SYSTEM,
  ATTR_OUTPUTS,
  ATTR_STATUS,
  ATTR_PARENT_SPAN,
  ATTR_SESSION_ID,
  ATTR_OPERATION,
  ATTR_SUMMARY,
  'gen_ai.workflow.name',
  'gen_ai.agent.name',
  'gen_ai.skill.name',
]);

/** What was used and what it cost: ends have it as `usage`, summed up by the fold. */
const USAGE = /^spanbook\.(usage|cost)\./;

/** Under these keys the instrumentations of the field put prompts, completions, and what went into and out of tools. */
const CONTENT =
  /^(gen_ai\.(prompt|completion|input|output|system_instructions|tool\.(call\.)?(arguments|result|definitions))|traceloop\.entity\.(input|output)|(input|output)\.value|llm\.(input|output|prompt|completion)|ai\.(prompt|response|toolCall)|langfuse\.)/;

/** Programs use few keys, again and again; those that make keys up are asked each time beyond this many. */
const MAX_KNOWN_KEYS = 1000;
const knownKeys = new Map<string, boolean>();

function isKeptKey(key: string): boolean {
  const known = knownKeys.get(key);
  if (known !== undefined) return known;
  const kept = !NOT_KEPT.has(key) && !USAGE.test(key) && !CONTENT.test(key);
  if (knownKeys.size < MAX_KNOWN_KEYS) knownKeys.set(key, kept);
  return kept;
}

const STATUS_ERROR = 2;

/** Seconds and nanoseconds, as the SDK keeps time. */
type HrTime = readonly [number, number];

/** What a span of the SDK has when it starts. */
export interface StartedSpan {
  readonly name: string;
  readonly attributes: SpanAttributes;
  readonly startTime: HrTime;
  readonly parentSpanContext?: { readonly spanId: string } | undefined;
  spanContext(): { readonly spanId: string; readonly traceId: string };
}

/** What it has when it ended. */
export interface EndedSpan extends StartedSpan {
  readonly endTime: HrTime;
  readonly status: { readonly code: number; readonly message?: string | undefined };
  readonly events: readonly {
    readonly name: string;
    readonly time: HrTime;
    readonly attributes?: SpanAttributes | undefined;
  }[];
}

/** Milliseconds since 1970. */
export const millisOf = ([seconds, nanos]: HrTime): number => seconds * 1000 + Math.floor(nanos / 1_000_000);

/** Span id of the nearest activity above, by what the span itself says. */
export const parentOf = (span: StartedSpan): string | null =>
  textOf(span.attributes[ATTR_PARENT_SPAN]) ?? span.parentSpanContext?.spanId ?? null;

/** Span id of the direct parent, where that is another one than the nearest activity. */
function belowOf(span: StartedSpan): string | undefined {
  const direct = span.parentSpanContext?.spanId;
  return direct === parentOf(span) ? undefined : direct;
}

/** `isDirect`: the program sends its spans itself. */
export function startFact(span: StartedSpan, level: ActivityLevel, isDirect: boolean): StartFact {
  const { attributes } = span;
  const { spanId, traceId } = span.spanContext();
  return {
    v: FACT_VERSION,
    at: millisOf(span.startTime),
    kind: 'start',
    source: 'span',
    session: textOf(attributes[ATTR_SESSION_ID]),
    level,
    span: spanId,
    trace: traceId,
    name: limitText(nameOf(level, span.name, attributes), MAX_NAME),
    parent: parentOf(span),
    below: belowOf(span),
    direct: isDirect || undefined,
    label: textOf(attributes[ATTR_LABEL]),
    intent: textOf(attributes[ATTR_INTENT]),
    stage: textOf(attributes[ATTR_STAGE]),
    system: textOf(attributes[ATTR_SYSTEM]),
    attributes: keptAttributes(attributes),
  };
}

/** `started`: the attributes that the start fact told; what did not change since is not told again. */
export function endFact(span: EndedSpan, level: ActivityLevel, started: JsonObject | undefined): EndFact {
  const { attributes, status } = span;
  const failed = status.code === STATUS_ERROR;
  const given = attributes[ATTR_STATUS];
  const outcome: EndStatus = END_STATUSES.find(known => known === given) ?? (failed ? 'failed' : 'completed');
  const type = textOf(attributes[ATTR_ERROR_TYPE]) ?? 'Error';
  return {
    v: FACT_VERSION,
    at: millisOf(span.endTime),
    kind: 'end',
    source: 'span',
    session: textOf(attributes[ATTR_SESSION_ID]),
    level,
    span: span.spanContext().spanId,
    status: outcome,
    outputs: outputsOf(attributes[ATTR_OUTPUTS]),
    error: failed ? { type, message: limitText(status.message ?? type, MAX_TEXT) } : undefined,
    attributes: keptAttributes(attributes, started),
  };
}

/** Errors, warnings and messages that the helpers left on the span as events. */
export function noteFacts(span: EndedSpan): NoteFact[] {
  const facts: NoteFact[] = [];
  for (const event of span.events) {
    const level = noteLevelOf(event.name);
    if (level === null) continue;
    const session = textOf(span.attributes[ATTR_SESSION_ID]);
    const attributes = event.attributes ?? {};
    const at = millisOf(event.time);
    facts.push(noteFact({ span: span.spanContext().spanId, ordinal: facts.length, level, attributes, at }, session));
  }
  return facts;
}

/** A billed model request, from a `chat` span of ours or of any GenAI instrumentation. */
export function requestFact(span: EndedSpan, isDirect: boolean): RequestFact {
  const { attributes } = span;
  const count = (key: string): number => countOf(attributes[key]);
  const read = count(ATTR_CACHE_READ_TOKENS);
  const write1h = count(ATTR_CACHE_WRITE_1H);
  const write5m = Math.max(0, count(ATTR_CACHE_CREATION_TOKENS) - write1h);
  const model = attributes[ATTR_RESPONSE_MODEL] ?? attributes[ATTR_REQUEST_MODEL];
  const cost = attributes[ATTR_COST];
  return {
    v: FACT_VERSION,
    at: millisOf(span.endTime),
    kind: 'request',
    source: 'span',
    session: textOf(attributes[ATTR_SESSION_ID]),
    id: span.spanContext().spanId,
    start: millisOf(span.startTime),
    trace: span.spanContext().traceId,
    parent: parentOf(span),
    below: belowOf(span),
    direct: isDirect || undefined,
    provider: textOf(attributes[ATTR_PROVIDER]),
    model: limitText(textOf(model) ?? 'unknown', MAX_NAME),
    tokens: {
      input: Math.max(0, count(ATTR_INPUT_TOKENS) - read - write5m - write1h),
      cache_read: read,
      cache_write_5m: write5m,
      cache_write_1h: write1h,
      output: count(ATTR_OUTPUT_TOKENS),
    },
    cost_nanousd: Number.isSafeInteger(cost) && Number(cost) >= 0 ? Number(cost) : undefined,
    fast: attributes[ATTR_FAST] === true ? true : undefined,
    geo: textOf(attributes[ATTR_GEO]),
    web_searches: count(ATTR_WEB_SEARCHES) || undefined,
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The attributes that stand in the document; `told` are left out where they did not change. */
export function keptAttributes(attributes: SpanAttributes, told?: JsonObject): JsonObject | undefined {
  let kept: JsonObject | undefined;
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined || !isKeptKey(key) || (told !== undefined && told[key] === value)) continue;
    kept ??= {};
    kept[key] = typeof value === 'string' && value.length > MAX_TEXT ? limitText(value, MAX_TEXT) : value;
  }
  return kept;
}

function outputsOf(value: unknown): JsonObject | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const outputs: unknown = JSON.parse(value);
    return typeof outputs === 'object' && outputs !== null ? (outputs as JsonObject) : { value: outputs };
  } catch {
    // Too long for the span's attribute limit, or not ours.
    return { unparsed: limitText(value, MAX_TEXT) };
  }
}
