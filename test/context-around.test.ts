/** The context of a program that another one started. */
import { trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { contextAround } from '../src/context-around.ts';
import { nearestIn } from '../src/span/nearest.ts';
import { eventId, makeState, spanId, start } from './helpers/run-cli.ts';

const TRACE = 'ab'.repeat(16);
const SPAN = 'cd'.repeat(8);
const own = spanId(1).repeat(2);

function around(env: Record<string, string>) {
  const stateDir = makeState([start(1, { at: Date.now() }), start(2, { at: Date.now(), parent: spanId(1) })]);
  const context = contextAround(stateDir, env);
  const span = trace.getSpanContext(context);
  return { trace: span?.traceId, span: span?.spanId, nearest: nearestIn(context) };
}

describe('contextAround', () => {
  it.each([
    ['nothing', {}, { trace: undefined, span: undefined, nearest: null }],
    ['TRACEPARENT', { TRACEPARENT: `00-${TRACE}-${SPAN}-00` }, { trace: TRACE, span: SPAN, nearest: SPAN }],
    [
      'an event id that is known: its trace',
      { SPANBOOK_PARENT_EVENT_ID: eventId(2) },
      { trace: own, span: spanId(2), nearest: spanId(2) },
    ],
    [
      'an event id that nobody knows',
      { SPANBOOK_PARENT_EVENT_ID: eventId(9) },
      { trace: undefined, span: undefined, nearest: spanId(9) },
    ],
    [
      'an event id, and a span of the same trace that is no activity',
      { SPANBOOK_PARENT_EVENT_ID: eventId(2), TRACEPARENT: `00-${own}-${SPAN}-01` },
      { trace: own, span: SPAN, nearest: spanId(2) },
    ],
  ])('is made of %s', (_what, env, expected) => {
    expect(around(env)).toEqual(expected);
  });

  it('keeps a span inside a client that goes on with the trace of what was handed over', () => {
    const stateDir = makeState([start(1, { at: Date.now(), session: 's1' })]);
    const env = {
      CLAUDE_CODE_SESSION_ID: 's1',
      SPANBOOK_PARENT_EVENT_ID: eventId(1),
      TRACEPARENT: `00-${own}-${SPAN}-01`,
    };
    const context = contextAround(stateDir, env);
    expect(trace.getSpanContext(context)).toMatchObject({ traceId: own, spanId: SPAN, isRemote: true, traceFlags: 1 });
    expect(nearestIn(context)).toBe(spanId(1));
  });

  it('is what was handed over where the state cannot be read', () => {
    const env = { CLAUDE_CODE_SESSION_ID: 's1', TRACEPARENT: `00-${TRACE}-${SPAN}-01` };
    expect(nearestIn(contextAround('/dev/null/state', env))).toBe(SPAN);
  });
});
