/** Where something hangs that names no parent, or one that is not of its session. */
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import { clientFacts } from '../helpers/client-facts.ts';
import { foldToDocument } from '../helpers/fold-facts.ts';
import { makeEnd, makeStart, span } from '../helpers/script-facts.ts';

const edges = (facts: readonly Fact[]): string[] =>
  foldToDocument(facts)
    .events.filter(event => event.event_type.endsWith('_start'))
    .map(event => [...event.hierarchy.path, event.activity.name].join(' > '));
/** What a program of `spanbook exec` writes. */
const program = (number: number, more: object = {}): Fact =>
  makeStart(number, { parent: null, program: true, ...more });

describe('what names no parent', () => {
  it('hangs under the activity that began last', () => {
    expect(edges([makeStart(1), makeStart(2), makeStart(3)])).toContain('/c1 > /c2 > /c3');
  });

  it('hangs under no program of exec, nor under what is inside one: they hand themselves over', () => {
    const inside = makeStart(2, { parent: span(1) });
    expect(edges([program(1), inside, makeStart(3)])).toEqual(['/c1', '/c1 > /c2', '/c3']);
    expect(edges([makeStart(4), program(1, { parent: span(4) }), inside, makeStart(3)])).toContain('/c4 > /c3');
  });

  it('hangs under a program that only knows its process, as those with startPipeline', () => {
    const process = { pid: 1, started: 1, boot: 'b', host: 'h', namespace: 'n' };
    expect(edges([makeStart(1, { source: 'span', process }), makeStart(2)])).toContain('/c1 > /c2');
  });

  it('hangs under what agents have in common that run side by side', () => {
    const agents = [2, 3].map(number => makeStart(number, { level: 'agent', parent: span(1) }));
    const below = makeStart(4, { level: 'skill', parent: span(3) });
    expect(edges([makeStart(1), ...agents, below, makeStart(5)])).toContain('/c1 > /c5');
    // One of them is over: then it is the other.
    expect(edges([makeStart(1), ...agents, below, makeEnd(2), makeStart(5)])).toContain('/c1 > /c3 > /c4 > /c5');
  });

  it('does not look at agents of other trees, which nobody ended', () => {
    const forgotten = [makeStart(1), makeStart(2, { level: 'agent', parent: span(1) })];
    expect(edges([...forgotten, makeStart(3, { parent: null }), makeStart(4)])).toContain('/c3 > /c4');
  });

  it('hangs under the run of a client, and under the skill that is open in it', () => {
    const fact = clientFacts();
    const run = [fact('prompt'), fact('skill_call', { tool_use: 't1', name: 'writer' })];
    expect(edges([...run, makeStart(1, { session: 's1' })])).toContain('prompt > writer > /c1');
  });
});

describe('a parent that was handed over inside a client', () => {
  const fact = clientFacts();
  const run = fact('prompt');
  const within = (more: object): Fact => makeStart(9, { session: 's1', handed: true, ...more });

  it('holds if it is of the session', () => {
    const own = makeStart(1, { session: 's1', parent: null });
    const later = makeStart(2, { session: 's1', parent: null });
    expect(edges([run, own, later, within({ parent: span(1) })])).toContain('/c1 > /c9');
  });

  it('gives way to the run if nobody knows it, as the spans of the client’s own tracing', () => {
    const document = foldToDocument([run, within({ parent: span(77) })]);
    const [command, start] = document.events;
    expect(start?.hierarchy.path).toEqual(['prompt']);
    expect(start?.trace).toMatchObject({
      trace_id: command?.trace.trace_id,
      parent_span_id: command?.trace.span_id,
    });
  });

  it('gives way to the run if it is of another session: it was handed to the client', () => {
    const outside = program(1, { session: undefined });
    expect(edges([outside, run, within({ parent: span(1) })])).toContain('prompt > /c9');
  });

  it('holds where nothing of the session is open', () => {
    expect(edges([program(1), within({ parent: span(1) })])).toContain('/c1 > /c9');
    const [start] = foldToDocument([within({ parent: span(77) })]).events;
    expect(start?.trace.parent_span_id).toBe(span(77));
  });

  it('is what its sender says where it was named by a flag', () => {
    const named = makeStart(9, { session: 's1', parent: span(1) });
    expect(edges([program(1), run, named])).toContain('/c1 > /c9');
  });
});

it('a script that ends its command leaves the programs of exec inside it alone', () => {
  const facts = [makeStart(1, { parent: null }), program(2, { parent: span(1) }), makeStart(3, { parent: span(1) })];
  const document = foldToDocument([...facts, makeEnd(1)]);
  expect(document.active_activities.map(({ name }) => name)).toEqual(['/c2']);
});
