/** An activity that goes on from one segment of the journal to the next is the same span, whenever the first is archived. */
import { expect, it } from 'vitest';
import { createSegment } from '../../src/journal/segments.ts';
import type { Fact } from '../../src/model/fact.ts';
import { OpenRelay } from '../../src/open-relay.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { LARGE } from '../helpers/old-state.ts';
import { type OtlpServer, startOtlpServer } from '../helpers/otlp-server.ts';
import type { SinkSpan } from '../helpers/otlp-sink.ts';
import { appendLines, end, linesOf, makeState, note, request, spanId, start, T0 } from '../helpers/run-cli.ts';

const at = (millis: number) => ({ source: 'span', at: T0 + millis }) as const;
const TRACE = spanId(1).repeat(2);

/** A command that is open over the cut, with an agent, a request and a note on both sides of it. */
const FIRST: Fact[] = [
  start(1, { ...at(0), name: '/long' }),
  start(2, { ...at(1), level: 'agent', name: 'before', parent: spanId(1), trace: TRACE }),
  request(3, { ...at(2), start: T0 + 1, parent: spanId(2), trace: TRACE }),
  end(2, at(3)),
  note(4, { ...at(4), parent: spanId(1), level: 'error', type: 'Early', message: 'before the cut' }),
];
const SECOND: Fact[] = [
  start(5, { ...at(10), level: 'agent', name: 'behind', parent: spanId(1), trace: TRACE }),
  request(6, { ...at(11), start: T0 + 10, parent: spanId(5), trace: TRACE }),
  end(5, at(12)),
];
const LAST: Fact[] = [end(1, at(20))];

const relayTo = (stateDir: string, server: OtlpServer): OpenRelay =>
  new OpenRelay({
    stateDir,
    endpoint: { url: `${server.url}/v1/traces`, headers: undefined },
    leaves: { isTold: () => true, leavesOf: () => new Map() },
  });

async function expectedSpans(): Promise<SinkSpan[]> {
  const server = await startOtlpServer();
  await relayTo(makeState([...FIRST, ...SECOND, ...LAST]), server).drain();
  expect(server.spans).toHaveLength(5);
  return server.spans;
}

const byId = (a: SinkSpan, b: SinkSpan): number => (a.spanId < b.spanId ? -1 : 1);

it.each([
  ['before the next is read', 1],
  ['after the next was read', 2],
  ['when all is over', 3],
  ['never', 4],
])('the first segment is archived %s', async (_when, archivedAt) => {
  for (const isNew of [false, true]) {
    const server = await startOtlpServer();
    const stateDir = makeState(FIRST);
    let relay = relayTo(stateDir, server);
    const step = async (number: number, facts: Fact[]): Promise<void> => {
      appendLines(stateDir, linesOf(facts), 2);
      if (archivedAt === number) refreshDocument(stateDir, LARGE);
      if (isNew) {
        relay.writeStatus('stopped', null);
        relay = relayTo(stateDir, server);
      }
      expect(await relay.drain()).toBeNull();
    };
    await relay.drain();
    createSegment(stateDir, 2);
    await step(1, []);
    await step(2, SECOND);
    await step(3, LAST);
    const expected = await expectedSpans();
    expect([isNew, [...server.spans].sort(byId)]).toEqual([isNew, [...expected].sort(byId)]);
  }
});

it('a segment that is done with is left behind, and what comes later is told once', async () => {
  const server = await startOtlpServer();
  const stateDir = makeState([...FIRST, ...SECOND, ...LAST]);
  createSegment(stateDir, 2);
  refreshDocument(stateDir, LARGE);
  const relay = relayTo(stateDir, server);
  await relay.drain();
  expect(relay.writeStatus('stopped', null).from_segment).toBe(2);
  appendLines(stateDir, linesOf([start(7, at(30)), end(7, at(31))]), 2);
  // A writer that was late.
  appendLines(stateDir, linesOf([start(8, at(32)), end(8, at(33))]), 1);
  await relayTo(stateDir, server).drain();
  expect(
    server.spans
      .map(span => span.spanId)
      .slice(5)
      .sort(),
  ).toEqual([7, 8].map(spanId));
});
