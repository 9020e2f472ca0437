/**
 * What an activity did itself, one thing at a time: model requests, calls of tools, waits for the person. They are spans
 * below the activity in traces, and stand in no document.
 */

export type LeafKind = 'chat' | 'tool' | 'wait';

/** Values that a span attribute can have. */
export type AttributeValue = string | number | boolean | string[];

export interface Leaf {
  kind: LeafKind;
  span: string;
  /** Span of the activity, or of another leaf. */
  parent: string;
  session: string | null;
  /** Of the span. */
  name: string;
  /** Milliseconds since 1970. */
  startAt: number;
  endAt: number;
  attributes: Record<string, AttributeValue>;
  /** Of a call: when those ended that were made before it and still ran. It may have had to wait for them. */
  ahead?: readonly number[];
  /** Why it failed; absent if it did not. `type` is a class of failures, `message` one line for people. */
  error?: { type: string; message?: string };
}

/** An activity whose leaves are asked for. */
export interface LeafParent {
  span: string;
  session: string;
  /** When it ended, in milliseconds since 1970; null if that is not known any more. */
  endAt: number | null;
}

/**
 * Which activities are told of with all that they used: those that ended before a time, by facts that were read. Both
 * must hold: an import tells of old times now, and what has just ended is not whole yet.
 */
export interface ToldExtent {
  /** Milliseconds since 1970. */
  until: number;
  /** Offset of each segment of the journal. */
  through: ReadonlyMap<number, number>;
}

/** Where one asks what activities of a client did themselves: the journal does not say it, transcripts do. */
export interface LeafSource {
  /** True if all is known of an activity that ended at this time, by a fact that stands before this place. */
  isTold(endAt: number, place: { segment: number; offset: number }): boolean;
  /** The leaves of these activities, by span, in the order of their times. */
  leavesOf(parents: readonly LeafParent[]): Map<string, Leaf[]>;
}
