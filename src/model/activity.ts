/** Activities and notes as the fold keeps them. */
import type {
  ActivityLevel,
  EndStatus,
  FailureInfo,
  JsonObject,
  NoteLevel,
  ProcessIdentity,
  Source,
  UsageSum,
} from './fact.ts';

/** The context that `context set` gives. Replaced as a whole, so that activities can keep the one they began in. */
export interface Context {
  readonly stage: string | null;
  readonly system: string | null;
  readonly checkpoint: string | number | null;
}

/**
 * How sure an end is. `guess`: somebody else's fact says that it must be over. `implied`: the fact of a relative says
 * so. `told`: its own end. A surer end replaces a less sure one.
 */
export const END_SURENESS = { guess: 0, implied: 1, told: 2 } as const;

export interface End {
  readonly at: number;
  readonly status: EndStatus;
  readonly sureness: number;
  readonly outputs?: JsonObject;
  readonly error?: FailureInfo;
  readonly attributes?: JsonObject;
}

/** Where an activity stands in its tree; computed when first asked for, forgotten when an ancestor changes. */
export interface Place {
  readonly depth: number;
  /** JSON of the names from the top down to the parent, without the brackets. */
  readonly path: string;
  readonly trace: string;
  readonly stage: string | null;
  readonly system: string | null;
  readonly checkpoint: string | number | null;
  readonly parentKnown: boolean;
}

/** When it was told decides between two tellings of the same requests. */
export interface ToldUsage extends UsageSum {
  at: number;
}

export interface Activity {
  readonly span: string;
  readonly level: ActivityLevel;
  readonly startAt: number;
  readonly source: Source;
  readonly session: string;
  /** The trace of its own: valid if it is a root, and always for spans of the SDK (`ownsTrace`). */
  readonly trace: string;
  readonly ownsTrace: boolean;
  readonly context: Context;
  name: string;
  parent: string | null;
  /** The run (prompt) of Claude Code that it belongs to, and the agent that it is. */
  readonly run?: string;
  readonly agent?: string;
  label?: string;
  readonly intent?: string;
  stage?: string;
  readonly system?: string;
  readonly attributes?: JsonObject;
  readonly process?: ProcessIdentity;
  readonly program?: true;
  readonly resource?: JsonObject;
  readonly direct?: true;
  readonly below?: string;
  /** A prompt of the client's own continued the run after its end, at this time: another end will follow. */
  continuedAt?: number;
  end?: End;
  /** Positions in `events`; -1: not there (still open, or archived). */
  startSlot: number;
  endSlot: number;
  children?: string[];
  notes?: Note[];
  /** Usage of the requests that were reported one by one; `usageBelow`: of descendants that an archive holds. */
  usage?: UsageSum;
  usageBelow?: UsageSum;
  /** Usage of the requests that transcripts tell of, as it was told best. */
  told?: ToldUsage;
  /** The last sign of life of descendants and notes that an archive holds. */
  lastBelow?: number;
  place?: Place;
}

export interface Note {
  readonly id: string;
  readonly at: number;
  readonly level: NoteLevel;
  readonly source: Source;
  readonly session: string;
  readonly type?: string;
  readonly message: string;
  readonly severity?: string;
  readonly recovery?: unknown;
  readonly attributes?: JsonObject;
  readonly context: Context;
  readonly trace?: string;
  parent: string | null;
  slot: number;
}
