/** The nearest ancestor that is an activity, carried in the context past spans that are none. */
import { type Context, createContextKey, trace } from '@opentelemetry/api';

const NEAREST = createContextKey('spanbook nearest activity');

export const withNearest = (context: Context, span: string): Context => context.setValue(NEAREST, span);

/**
 * Span id of the nearest activity around a context, null if there is none. A remote parent is taken for one: what it
 * is stands in another process.
 */
export function nearestIn(context: Context): string | null {
  const carried = context.getValue(NEAREST);
  if (typeof carried === 'string') return carried;
  const parent = trace.getSpanContext(context);
  return parent?.isRemote ? parent.spanId : null;
}
