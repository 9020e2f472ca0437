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

/** Where one asks what activities of a client did themselves: the journal does not say it, transcripts do. */
export interface LeafSource {
  /** All is known of activities that ended before this time, in milliseconds since 1970. */
  readonly knownUntil: number;
  /** The leaves of these activities, by span, in the order of their times. */
  leavesOf(parents: readonly LeafParent[]): Map<string, Leaf[]>;
}
