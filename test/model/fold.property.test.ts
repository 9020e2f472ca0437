/** What the fold promises for any facts in any order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentRenderer } from '../../src/model/render-document.ts';
import { anyFact, clientFact, factsWithDuplicatesAndCut, identifiedScriptFact } from '../helpers/arbitrary-facts.ts';
import {
  type DocumentEvent,
  foldFacts,
  foldToDocument,
  type PipelineDocument,
  renderText,
} from '../helpers/fold-facts.ts';
import { makeNote } from '../helpers/script-facts.ts';
import { treeOf } from '../helpers/tree-of.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) };
const isStart = (event: DocumentEvent): boolean => event.event_type.endsWith('_start');
const isEnd = (event: DocumentEvent): boolean => event.event_type.endsWith('_end');

const essence = (document: PipelineDocument) => ({
  statistics: document.statistics,
  status: document.pipeline_status,
  active: document.active_activities.map(activity => activity.event_id).sort(),
  tree: treeOf(document),
});

describe('applyFact', () => {
  it('gives the same bytes whether it stopped and rendered on the way or not', () => {
    // The renderer writes whole blocks of events anew, so what came before the cut must lie in a block of its own.
    const between = Array.from({ length: 300 }, (_, i) => makeNote(0x1000 + i, { parent: null }));
    fc.assert(
      fc.property(factsWithDuplicatesAndCut(anyFact), ({ facts, cut }) => {
        const before = [...facts.slice(0, cut), ...between];
        const after = facts.slice(cut);
        const renderer = new DocumentRenderer();
        const state = foldFacts(before);
        renderer.render(state, []);
        foldFacts(after, state);
        expect(renderText(state, renderer)).toBe(renderText(foldFacts([...before, ...after])));
      }),
      RUNS,
    );
  });

  it.each([
    ['spans and scripts', identifiedScriptFact],
    ['Claude Code', clientFact],
  ])('counts facts of %s once when the whole journal comes twice', (_who, fact) => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 40, size: 'max' }), facts => {
        expect(essence(foldToDocument([...facts, ...facts]))).toEqual(essence(foldToDocument(facts)));
      }),
      RUNS,
    );
  });

  it('gives the same bytes when any fact of a span or script comes again later', () => {
    const repeated = fc.array(fc.tuple(identifiedScriptFact, fc.nat(9)), { maxLength: 30, size: 'max' });
    fc.assert(
      fc.property(repeated, pairs => {
        const once = pairs.map(([fact]) => fact);
        const again = pairs.flatMap(([fact, back], i) => [fact, once[Math.max(0, i - back)] ?? fact]);
        expect(renderText(foldFacts(again))).toBe(renderText(foldFacts(once)));
      }),
      RUNS,
    );
  });

  it('gives statistics that agree with the events, ends that have starts, and a tree without circles', () => {
    fc.assert(
      fc.property(factsWithDuplicatesAndCut(anyFact), ({ facts }) => expectSound(foldToDocument(facts))),
      RUNS,
    );
  });
});

function expectSound(document: PipelineDocument): void {
  const { events, statistics } = document;
  const byId = new Map(events.map(event => [event.event_id, event]));
  expect(byId.size).toBe(events.length);
  const count = (type: string): number => events.filter(event => event.event_type === type).length;
  expect(statistics).toEqual({
    total_events: events.length,
    total_commands: count('command_start'),
    total_agents_spawned: count('agent_spawn_start'),
    total_skills_invoked: count('skill_invoke_start'),
    total_errors: count('error'),
    total_warnings: count('warning'),
  });
  const ended = new Set<string>();
  for (const event of events.filter(isEnd)) {
    const start = byId.get(event.related_start_event_id ?? '');
    expect(start?.event_type).toBe(event.event_type.replace(/_end$/, '_start'));
    expect(start?.hierarchy).toEqual(event.hierarchy);
    expect(start?.trace).toEqual(event.trace);
    expect(ended.has(start?.event_id ?? '')).toBe(false);
    ended.add(start?.event_id ?? '');
  }
  const open = events.filter(event => isStart(event) && !ended.has(event.event_id));
  expect(document.active_activities.map(activity => activity.event_id).sort()).toEqual(
    open.map(e => e.event_id).sort(),
  );
  const openCommands = open.filter(event => event.level === 'command');
  expect(document.pipeline_status === 'running').toBe(openCommands.length > 0);
  for (const event of events) expectPlaced(event, byId);
}

/** Path of a child = path of its parent and the parent's name; so no chain of parents can come back to its start. */
function expectPlaced(event: DocumentEvent, byId: ReadonlyMap<string, DocumentEvent>): void {
  const { depth, path } = event.hierarchy;
  expect(depth).toBe(path.length);
  if (event.parent_event_id === null) {
    expect(path).toEqual([]);
    return;
  }
  const parent = byId.get(event.parent_event_id);
  expect(parent && isStart(parent)).toBe(true);
  expect(path).toEqual([...(parent?.hierarchy.path ?? []), parent?.activity.name]);
}
