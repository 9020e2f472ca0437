/** What a program is inside of, as far as its environment and the state folder tell. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EndFact, Fact, ProcessIdentity, StartFact } from '../../src/model/fact.ts';
import { spanIdOf, traceIdOf } from '../../src/model/ids.ts';
import { findParent } from '../../src/store/find-parent.ts';
import { ownIdentity, processIdentity } from '../../src/store/process-identity.ts';
import { readDocument } from '../../src/store/read-document.ts';
import { clientFacts } from '../helpers/client-facts.ts';
import { end as endAt, eventId, makeState, spanId, start as startAt } from '../helpers/run-cli.ts';

const NOW = Date.now() - 60_000;
const start = (number: number, more: Partial<StartFact> = {}): Fact => startAt(number, { at: NOW, ...more });
const end = (number: number, more: Partial<EndFact> = {}): Fact => endAt(number, { at: NOW, ...more });
const onLinux = it.skipIf(process.platform !== 'linux');
const OTHER = { trace: 'ab'.repeat(16), span: 'cd'.repeat(8) };
const traceparent = (trace: string, span: string): string => `00-${trace}-${span}-01`;
const FOREIGN = traceparent(OTHER.trace, OTHER.span);
const traceOf = (number: number): string => spanId(number).repeat(2);
const fact = clientFacts('p1', NOW);
const RUN = { span: spanIdOf('command', 'p1'), trace: traceIdOf('p1') };
const AGENT = spanIdOf('agent', 'x1\np1');
const run = [fact('prompt'), fact('agent_start', { agent: 'x1', name: 'builder' })];
const inClient = { CLAUDE_CODE_SESSION_ID: 's1' };

/** Asked twice: of a document that has to be written first, and of one that is there. */
function found(facts: readonly Fact[], env: Record<string, string>): unknown {
  const stateDir = makeState(facts);
  const first = findParent(stateDir, env);
  expect(findParent(stateDir, env)).toEqual(first);
  return first;
}

describe('outside a client', () => {
  it.each([
    ['SPANBOOK_PARENT_EVENT_ID', { SPANBOOK_PARENT_EVENT_ID: eventId(1) }],
    ['TRACEPARENT', { TRACEPARENT: traceparent(traceOf(1), spanId(1)) }],
    ['the former of both', { SPANBOOK_PARENT_EVENT_ID: eventId(1), TRACEPARENT: traceparent(traceOf(2), spanId(2)) }],
    ['TRACEPARENT with a trace of its own', { TRACEPARENT: traceparent(OTHER.trace, spanId(1)) }],
  ])('is what %s names, in the trace that it has in the document', (_what, env) => {
    const facts = [start(1), start(2), start(3, { parent: spanId(1) })];
    expect(found(facts, env)).toEqual({ span: spanId(1), trace: traceOf(1) });
  });

  it('has the trace of the root above it', () => {
    const facts = [start(1), start(2, { parent: spanId(1) }), start(3, { parent: spanId(2) })];
    expect(found(facts, { SPANBOOK_PARENT_EVENT_ID: eventId(3) })).toEqual({ span: spanId(3), trace: traceOf(1) });
  });

  it('may be over', () => {
    const facts = [start(1), start(2, { parent: spanId(1) }), end(2), end(1)];
    expect(found(facts, { SPANBOOK_PARENT_EVENT_ID: eventId(2) })).toEqual({ span: spanId(2), trace: traceOf(1) });
  });

  it('is nothing that is known, if nobody knows what was handed over', () => {
    expect(found([start(1)], { TRACEPARENT: FOREIGN })).toBeNull();
    expect(found([], { TRACEPARENT: FOREIGN })).toBeNull();
  });

  it.each([
    `00-${'0'.repeat(32)}-${spanId(1)}-01`,
    `00-${traceOf(1)}-${'0'.repeat(16)}-01`,
    `ff-${traceOf(1)}-${spanId(1)}-01`,
    'nonsense',
  ])('is the innermost open activity, if TRACEPARENT is %s', TRACEPARENT => {
    const facts = [start(1), start(2, { parent: spanId(1) }), start(3, { session: 's1' })];
    expect(found(facts, { TRACEPARENT })).toEqual({ span: spanId(2), trace: traceOf(1) });
  });

  it('is nothing that is open since yesterday, with no sign of life', () => {
    expect(found([startAt(1, { at: Date.now() - 25 * 3_600_000 })], {})).toBeNull();
    expect(found([startAt(1, { at: Date.now() - 23 * 3_600_000 })], {})).not.toBeNull();
  });

  it('is nothing in an empty folder, and makes none', () => {
    expect(findParent('/nowhere/state', {})).toBeNull();
  });

  onLinux('is nothing that a dead process left open, and nothing that this one does', () => {
    const own = ownIdentity();
    const alive = processIdentity(process.ppid);
    const dead = own && { ...own, started: own.started + 1 };
    const inside = start(2, { parent: spanId(1), source: 'span' });
    const by = (identity: ProcessIdentity | undefined): Fact[] => [
      start(1, { process: identity, source: 'span' }),
      inside,
    ];
    expect(found(by(dead), {})).toBeNull();
    expect(found(by(own), {})).toBeNull();
    expect(found(by(alive), {})).toMatchObject({ span: spanId(2) });
  });
});

describe('inside a client', () => {
  it('is the innermost open activity of its session', () => {
    expect(found([start(1), ...run, start(2)], inClient)).toEqual({ span: AGENT, trace: RUN.trace });
  });

  it('is no program of exec that runs beside it', () => {
    const beside = start(1, { session: 's1', parent: RUN.span, program: true });
    expect(found([...run, beside], inClient)).toEqual({ span: AGENT, trace: RUN.trace });
  });

  it('is what was handed over, if that is of its session', () => {
    const around = start(1, { session: 's1', parent: RUN.span });
    const env = { ...inClient, TRACEPARENT: traceparent(OTHER.trace, spanId(1)) };
    expect(found([...run, around, start(2, { session: 's1' })], env)).toEqual({ span: spanId(1), trace: RUN.trace });
    expect(found([...run, around, end(1, { session: 's1' })], env)).toEqual({ span: spanId(1), trace: RUN.trace });
  });

  it.each([
    ['the client’s own tracing', { TRACEPARENT: FOREIGN }],
    ['whoever started the client', { SPANBOOK_PARENT_EVENT_ID: eventId(1) }],
  ])('is not what %s handed over', (_who, handed) => {
    expect(found([start(1), ...run], { ...inClient, ...handed })).toEqual({ span: AGENT, trace: RUN.trace });
  });

  it('is nothing that is known, where no hooks run', () => {
    expect(found([start(1)], inClient)).toBeNull();
    expect(found([start(1)], { ...inClient, TRACEPARENT: FOREIGN })).toBeNull();
  });
});

it('asks a document of before, which tells no traces in its head', () => {
  const stateDir = makeState([start(1), start(2, { parent: spanId(1) })]);
  readDocument(stateDir, () => {});
  const path = `${stateDir}/pipeline_progress.json`;
  const document = readDocument(stateDir, () => {});
  const active_activities = document.active_activities.map(({ trace_id: _, ...rest }) => rest);
  const lines = Object.entries({ ...document, active_activities, events: undefined })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)},\n`);
  const events = document.events.map(event => JSON.stringify(event)).join(',\n');
  writeFileSync(path, `{${lines.join('')}"events":[\n${events}\n]}\n`);
  expect(findParent(stateDir, {})).toEqual({ span: spanId(2), trace: traceOf(1) });
});

it.skipIf(process.getuid?.() === 0)('throws where it can neither read the answer nor write it', () => {
  const stateDir = makeState([start(1)]);
  chmodSync(stateDir, 0o500);
  expect(() => findParent(stateDir, {})).toThrow(/EACCES/);
  chmodSync(stateDir, 0o700);
});

it('is found though somebody took something out of the document, which is written anew', () => {
  const stateDir = makeState([start(1)]);
  const env = { SPANBOOK_PARENT_EVENT_ID: eventId(1) };
  const first = findParent(stateDir, env);
  const path = `${stateDir}/pipeline_progress.json`;
  const { active_activities: _, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
  const { events, ...head } = rest;
  writeFileSync(path, `${JSON.stringify(head, null, 2).slice(0, -2)},\n"events": ${JSON.stringify(events)}}\n`);
  for (const asked of [env, {}]) findParent(stateDir, asked);
  expect(findParent(stateDir, env)).toEqual(first);
  expect(readDocument(stateDir, () => {}).active_activities).toHaveLength(1);
});
