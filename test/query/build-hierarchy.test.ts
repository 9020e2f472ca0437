import { expect, it } from 'vitest';
import type { EndEvent, PipelineDocument, PipelineEvent } from '../../src/model/document-schema.ts';
import type { Fact } from '../../src/model/fact.ts';
import { buildHierarchy, type HierarchyNode } from '../../src/query/build-hierarchy.ts';
import { findNode } from '../../src/query/find-node.ts';
import { readDocument } from '../../src/store/read-document.ts';
import { end, eventId, makeState, note, spanId, start, T0 } from '../helpers/run-cli.ts';

const documentOf = (facts: Fact[]): PipelineDocument => readDocument(makeState(facts), () => {});

const outline = (nodes: readonly HierarchyNode[]): unknown[] =>
  nodes.map(node => (node.children.length > 0 ? [node.name, outline(node.children)] : node.name));

const nested = [
  start(1),
  start(2, { level: 'agent', name: 'builder', parent: spanId(1), at: T0 + 10 }),
  start(3, { level: 'skill', name: 'Prototype', parent: spanId(2), at: T0 + 20 }),
  note(10, { parent: spanId(3), at: T0 + 30 }),
  note(11, { parent: spanId(3), at: T0 + 40, level: 'error', type: 'Broken', message: 'no' }),
  end(3, { at: T0 + 50, status: 'failed' }),
  end(2, { at: T0 + 60 }),
  start(4, { name: '/other', at: T0 + 70 }),
];

it('hangs activities under their parents, in the order of the journal', () => {
  expect(outline(buildHierarchy(documentOf(nested), T0 + 100).roots)).toEqual([
    ['/run-1', [['builder', ['Prototype']]]],
    '/other',
  ]);
});

it('counts notes on the activity that they belong to, and keeps them', () => {
  const hierarchy = buildHierarchy(documentOf(nested), T0 + 100);
  const skill = hierarchy.nodes.get(eventId(3));
  expect(skill).toMatchObject({ errors: 1, warnings: 1, status: 'failed', duration_ms: 30 });
  expect(hierarchy.nodes.get(eventId(2))).toMatchObject({ errors: 0, warnings: 0 });
  expect(hierarchy.notes.get(eventId(3))?.map(event => event.level)).toEqual(['warning', 'error']);
});

it('shows an open activity as running, with the time until now', () => {
  const node = buildHierarchy(documentOf(nested), T0 + 100).nodes.get(eventId(1));
  expect(node).toMatchObject({ status: 'running', duration_ms: 100 });
});

it('gives no negative time when the clock of the reader is behind', () => {
  expect(buildHierarchy(documentOf([start(1)]), T0 - 5000).nodes.get(eventId(1))?.duration_ms).toBe(0);
});

it('rebuilds an activity from its end when its start is not there', () => {
  const document = documentOf([...nested, end(1, { at: T0 + 90 })]);
  const events = document.events.filter(event => event.event_id !== eventId(1) && event.event_id !== eventId(2));
  const hierarchy = buildHierarchy({ ...document, events }, T0 + 100);
  expect(outline(hierarchy.roots)).toEqual([['/run-1', [['builder', ['Prototype']]]], '/other']);
  expect(hierarchy.nodes.get(eventId(2))).toMatchObject({
    started_at: new Date(T0 + 10).toISOString(),
    duration_ms: 50,
    status: 'completed',
  });
});

it('takes an open activity from the head when its start is not among the events', () => {
  const document = documentOf(nested);
  const events = document.events.filter(event => event.event_id !== eventId(1));
  expect(outline(buildHierarchy({ ...document, events }, T0).roots)).toEqual([
    ['/run-1', [['builder', ['Prototype']]]],
    '/other',
  ]);
});

it('keeps notes of unknown activities apart', () => {
  const hierarchy = buildHierarchy(documentOf([note(10, { parent: null })]), T0);
  expect(hierarchy.roots).toEqual([]);
  expect(hierarchy.looseNotes.map(event => event.event_id)).toEqual([eventId(10)]);
});

it('ends when the file holds a circle', () => {
  const document = documentOf(nested);
  const events = document.events.map(event =>
    event.event_id === eventId(1) ? { ...event, parent_event_id: eventId(3) } : event,
  ) as PipelineEvent[];
  const { roots } = buildHierarchy({ events, active_activities: [] }, T0);
  expect(outline(roots)).toEqual([['Prototype', [['/run-1', ['builder']]]], '/other']);
});

it.each([
  ['start', eventId(3)],
  ['note', eventId(11)],
  ['end', 'end'],
])('finds an activity by the id of its %s, with its ancestors from the top down', (_, given) => {
  const document = documentOf(nested);
  const endId = document.events.find((event): event is EndEvent => 'related_start_event_id' in event)?.event_id ?? '';
  const found = findNode(buildHierarchy(document, T0), document.events, given === 'end' ? endId : given);
  expect(found?.name).toBe('Prototype');
  expect(found?.ancestors.map(ancestor => ancestor.name)).toEqual(['/run-1', 'builder']);
});
