/**
 * A fact is one line of the journal: what one writer saw, with the keys that it had and nothing computed.
 * Parents, depths, ends that nobody reported and statistics are given by the fold.
 */

import type { ClaudeCodeFact } from './client-fact.ts';

/** Version of the fact format. The fold reads every older one and counts newer ones without reading them. */
export const FACT_VERSION = 1;

/** Levels of activities: things with a start and an end. */
export const ACTIVITY_LEVELS = ['command', 'agent', 'skill', 'checkpoint'] as const;
export type ActivityLevel = (typeof ACTIVITY_LEVELS)[number];

/** Name of a command that is a plain prompt. */
export const PLAIN_PROMPT = 'prompt';

/** Levels of notes: things that happen at one moment, inside an activity. */
export const NOTE_LEVELS = ['error', 'warning', 'info'] as const;
export type NoteLevel = (typeof NOTE_LEVELS)[number];

export const END_STATUSES = ['completed', 'failed', 'cancelled', 'abandoned'] as const;
export type EndStatus = (typeof END_STATUSES)[number];

/** Where a fact came from: a span of this process, a hook process, or a transcript read later. */
export type Source = 'span' | 'hook' | 'import';

export type Severity = string;
export type JsonObject = { [key: string]: unknown };

export interface FailureInfo {
  type: string;
  message: string;
  severity?: Severity;
  recovery?: unknown;
}

/** Tokens of one billed request or a sum of them; `input` is uncached input. */
export interface TokenCounts {
  input: number;
  cache_read: number;
  cache_write_5m: number;
  cache_write_1h: number;
  output: number;
}

/** What requests used. */
export interface UsageSum {
  tokens: TokenCounts;
  requests: number;
  /** List price in nano-dollars; absent if nobody knows prices. */
  cost_nanousd?: number;
  /** Tokens of models without a known price. */
  unpriced_tokens?: number;
}

/** A process, told apart from a later one with the same number: who else can see it may ask whether it still runs. */
export interface ProcessIdentity {
  pid: number;
  /** Start in clock ticks since the machine started. */
  started: number;
  /** Id of this start of the machine. */
  boot: string;
  host: string;
  /** Name space of process numbers, as containers have their own. */
  namespace: string;
}

/** What every fact has. */
export interface FactBase {
  v: number;
  /** Wall clock of the writer, milliseconds since 1970. It dates a fact; journal order decides what came first. */
  at: number;
  source: Source;
  session?: string;
}

/** An activity began. Written by span helpers and script hooks, which name their spans themselves. */
export interface StartFact extends FactBase {
  kind: 'start';
  level: ActivityLevel;
  span: string;
  trace: string;
  name: string;
  /** Span id of the parent; null = top of a tree; absent = the innermost open activity of the session. */
  parent?: string | null;
  /**
   * The parent stood in the environment inside a client, where its own tracing, or whoever started it, may have put it:
   * one that is unknown, or of another session, gives way to the innermost open activity of this session.
   */
  handed?: true;
  /** Span id of the direct parent, where that is no activity. */
  below?: string;
  label?: string;
  intent?: string;
  stage?: string;
  system?: string;
  attributes?: JsonObject;
  /** What the program says of itself in traces, beside the name of this machine. As `process`, on outermost activities. */
  resource?: JsonObject;
  /** The program sends this span itself: whoever ships the journal passes it by. */
  direct?: true;
  /** The program that runs it; absent inside an activity of the same program, and where nobody can tell. */
  process?: ProcessIdentity;
  /** `spanbook exec` runs it and hands it to its children: who was handed nothing is not inside. */
  program?: true;
}

/** An activity ended. Without `span`: the innermost open one of this session with this level and name. */
export interface EndFact extends FactBase {
  kind: 'end';
  span?: string;
  level?: ActivityLevel;
  name?: string;
  stage?: string;
  status: EndStatus;
  outputs?: JsonObject;
  error?: FailureInfo;
  attributes?: JsonObject;
  /** As in a start. */
  program?: true;
}

/** An error, a warning or a message. `parent` and `handed` as in a start. */
export interface NoteFact extends FactBase {
  kind: 'note';
  level: NoteLevel;
  id: string;
  parent?: string | null;
  handed?: true;
  trace?: string;
  type?: string;
  message: string;
  severity?: Severity;
  recovery?: unknown;
  attributes?: JsonObject;
}

/** The context that later activities stand in, until it is set again. A null clears a value. */
export interface ContextFact extends FactBase {
  kind: 'context';
  stage?: string | null;
  system?: string | null;
  checkpoint?: string | number | null;
}

/** Whoever ran this activity is gone: it will get no end of its own. Of a run of Claude Code: nothing in it will. */
export interface LostFact extends FactBase {
  kind: 'lost';
  span: string;
}

/** One billed model request inside an activity. */
export interface RequestFact extends FactBase {
  kind: 'request';
  id: string;
  parent: string | null;
  model: string;
  tokens: TokenCounts;
  /** List price in nano-dollars; absent if it is not known. */
  cost_nanousd?: number;
  /** What the price depends on beside tokens: the faster answer, the place of inference, searches of the web. */
  fast?: boolean;
  geo?: string;
  web_searches?: number;
  /** When it began, in milliseconds since 1970; absent before that was told. */
  start?: number;
  trace?: string;
  below?: string;
  provider?: string;
  /** As in a start. */
  direct?: true;
}

/**
 * What an activity of Claude Code used, as its transcripts tell once it is over. If it comes again with more, that
 * counts: what a program reports with its spans is counted beside it.
 */
export interface UsageFact extends FactBase {
  kind: 'usage';
  span: string;
  /** Of the requests directly inside, and of all below. */
  self: UsageSum;
  total: UsageSum;
  /** Trace of the activity; absent before that was told. */
  trace?: string;
  /** Span ids of the requests directly inside. */
  leaves: string[];
  /** False: it was told before the transcripts were whole, or they never had the final usage of a request. */
  complete: boolean;
}

/** A hook event that this version does not know, or an input that was no JSON: kept, counted, without a meaning. */
export interface OtherFact extends FactBase {
  kind: 'other';
  event?: string;
  parse_error?: string;
  size_bytes?: number;
  hash?: string;
}

export type Fact =
  | StartFact
  | EndFact
  | NoteFact
  | ContextFact
  | LostFact
  | RequestFact
  | UsageFact
  | OtherFact
  | ClaudeCodeFact;
