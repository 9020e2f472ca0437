/** The parent that another process handed over by environment variables, or that was found in the state folder. */
import { type Context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { handedParent, parseTraceparent, type RemoteSpan } from '../model/handed-parent.ts';
import { withNearest } from './nearest.ts';

/**
 * `SPANBOOK_PARENT_EVENT_ID` names the parent activity, `TRACEPARENT` (W3C) its trace too. `found`: the activity around
 * this program, if it is known; it goes before what was handed over for another trace.
 */
export function parentFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  found: RemoteSpan | null = null,
): Context {
  const told = parseTraceparent(env.TRACEPARENT);
  const remote = found && told?.trace !== found.trace ? found : told;
  const nearest = found?.span ?? handedParent(env)?.span;
  const context = remote ? trace.setSpanContext(ROOT_CONTEXT, spanContextOf(remote)) : ROOT_CONTEXT;
  return nearest === undefined || nearest === remote?.span ? context : withNearest(context, nearest);
}

/** Sampled whatever the flag says: the state files are to be complete. */
const spanContextOf = ({ trace: traceId, span: spanId }: RemoteSpan) => ({
  traceId,
  spanId,
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
});
