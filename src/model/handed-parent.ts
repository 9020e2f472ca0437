/** The parent that one process hands to another in its environment. */
import { spanOfEventId } from './ids.ts';

/** W3C trace context; a version ff and ids of zeros alone stand for none. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}/;

export interface RemoteSpan {
  span: string;
  trace: string;
}

export interface HandedParent {
  /** Span id of the parent. */
  span: string;
  /** Trace of the parent; undefined if nobody told it. */
  trace: string | undefined;
}

/** The span in a `traceparent`; null if there is none. */
export function parseTraceparent(text: string | undefined): RemoteSpan | null {
  const [, trace, span] = TRACEPARENT.exec(text ?? '') ?? [];
  return trace === undefined || span === undefined ? null : { span, trace };
}

/** What a child process gets as `TRACEPARENT`: sampled, because the state files are to be complete. */
export const formatTraceparent = ({ trace, span }: RemoteSpan): string => `00-${trace}-${span}-01`;

/**
 * `SPANBOOK_PARENT_EVENT_ID` names the parent, else `TRACEPARENT`, which tells the trace. Null: none was handed over,
 * or not as an id.
 */
export function handedParent(env: Readonly<Record<string, string | undefined>>): HandedParent | null {
  const remote = parseTraceparent(env.TRACEPARENT);
  const given = env.SPANBOOK_PARENT_EVENT_ID;
  if (!given) return remote;
  const span = spanOfEventId(given);
  return span === null ? null : { span, trace: remote?.trace };
}
