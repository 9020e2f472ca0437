/** One billed model request: what it used, and what it belongs to. */
import type { TokenCounts } from '../model/fact.ts';

/**
 * How it is known what a request belongs to. `exact`: by ids and stamps of the client itself. `inherited`: by structure,
 * from the one that called. `time-window`: by what was open at its time.
 */
export const METHODS = ['exact', 'inherited', 'time-window'] as const;
export type Method = (typeof METHODS)[number];

/** What a request belongs to. A null is not known: it counts as unattributed. */
export interface Owner {
  session: string | null;
  project: string | null;
  branch: string | null;
  /** What the journal says of it. Null: the rules of the settings say it, or nobody does. */
  stage: string | null;
  /** With its slash; `prompt` for a plain prompt. */
  command: string | null;
  /** Type of the agent; `(main)` outside of any. */
  agent: string | null;
  /** Id of the agent; null outside of any. */
  instance: string | null;
  /** `(none)` outside of any. */
  skill: string | null;
}

/** The dimensions whose answer may be less than exact. */
export const ATTRIBUTED = ['stage', 'command', 'agent', 'skill'] as const;
export type Attributed = (typeof ATTRIBUTED)[number];

export const MAIN_AGENT = '(main)';
export const NO_SKILL = '(none)';

/** Where a request was learned of: a transcript, the client's own OTLP export, or a span of a program. */
export type RequestSource = 'transcript' | 'otlp' | 'span';

export interface BilledRequest {
  /** `message.id` and `requestId` of the client, joined by a colon; the span id for spans. */
  id: string;
  source: RequestSource;
  /** Milliseconds since 1970. */
  at: number;
  model: string;
  tokens: TokenCounts;
  /** The client wrote the final usage: otherwise the output may be too low. */
  isFinal: boolean;
  /** Higher price for a faster answer. */
  isFast: boolean;
  /** Place of inference, if it has a price: `us`. */
  geo?: string | undefined;
  webSearches: number;
  owner: Owner;
  /** Span id of the activity that made it: skill, agent or command; null if none is known. */
  span: string | null;
  /** How these are known; what is missing is exact. */
  methods: Partial<Record<Attributed, Method>>;
}

/** All tokens of a request or a sum. */
export const totalTokens = (tokens: TokenCounts): number =>
  tokens.input + tokens.cache_read + tokens.cache_write_5m + tokens.cache_write_1h + tokens.output;
