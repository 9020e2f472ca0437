/** The parent that another process handed over by environment variables. */
import { type Context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { spanOfEventId } from '../model/ids.ts';
import { withNearest } from './nearest.ts';

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/;

/** `SPANBOOK_PARENT_EVENT_ID` names the parent activity, `TRACEPARENT` (W3C) its trace too. */
export function parentFromEnvironment(env: Record<string, string | undefined>): Context {
  const [, traceId, spanId] = TRACEPARENT.exec(env.TRACEPARENT ?? '') ?? [];
  const remote =
    traceId === undefined || spanId === undefined
      ? ROOT_CONTEXT
      : // Sampled whatever the flag says: the state files are to be complete.
        trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
  const named = env.SPANBOOK_PARENT_EVENT_ID ? spanOfEventId(env.SPANBOOK_PARENT_EVENT_ID) : null;
  return named === null ? remote : withNearest(remote, named);
}
