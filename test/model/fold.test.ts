/** What facts of span helpers and scripts mean, case by case. */
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import { NOON } from '../helpers/client-facts.ts';
import { foldToDocument } from '../helpers/fold-facts.ts';
import { makeContext, makeEnd, makeNote, makeRequest, makeStart, span, TRACE } from '../helpers/script-facts.ts';
import { outline, treeOf } from '../helpers/tree-of.ts';

const outlineOf = (facts: readonly Fact[]): string[] => outline(treeOf(foldToDocument(facts)));

describe('the parent of an activity', () => {
  it('is the innermost open one of its session where none is named', () => {
    const facts = [
      makeStart(1),
      makeStart(2, { level: 'agent', name: 'builder' }),
      makeStart(3, { session: 'other', name: '/elsewhere' }),
      makeStart(4, { level: 'skill', name: 'plan' }),
      makeEnd(4),
      makeEnd(2),
      makeNote(5),
    ];
    expect(outlineOf(facts)).toEqual([
      'command /c1 open',
      '  ! info : note 5',
      '  agent builder completed',
      '    skill plan completed',
      'command /elsewhere open',
    ]);
  });

  it('is none where null is named', () => {
    expect(outlineOf([makeStart(1), makeStart(2, { parent: null })])).toEqual(['command /c1 open', 'command /c2 open']);
  });

  it('that the journal does not know gives no parent event, and stays in the trace', () => {
    const { events } = foldToDocument([makeStart(1, { parent: span(9) })]);
    expect(events[0]).toMatchObject({
      parent_event_id: null,
      hierarchy: { depth: 0, path: [] },
      trace: { trace_id: TRACE, span_id: span(1), parent_span_id: span(9) },
    });
  });

  it('that comes later adopts what waited for it, with all below', () => {
    const facts = [
      makeStart(3, { parent: span(2) }),
      makeStart(2, { parent: span(1) }),
      makeStart(1, { parent: null }),
    ];
    expect(outlineOf(facts)).toEqual(['command /c1 open', '  command /c2 open', '    command /c3 open']);
    expect(foldToDocument(facts).events[0]?.hierarchy).toEqual({ depth: 2, path: ['/c1', '/c2'] });
  });

  it('is dropped where it would make a circle', () => {
    const facts = [makeStart(1, { parent: span(2) }), makeStart(2, { parent: span(1) })];
    expect(
      foldToDocument(facts)
        .events.map(event => event.hierarchy.depth)
        .sort(),
    ).toEqual([0, 1]);
  });
});

describe('an end', () => {
  it('without a span is that of the innermost open one with its level and name', () => {
    const named = { level: 'skill', name: 'plan' } as const;
    const facts = [makeStart(1, named), makeStart(2, named), makeStart(3, { level: 'skill', name: 'other' })];
    expect(outlineOf([...facts, makeEnd(undefined, named)])).toEqual([
      'skill plan open',
      '  skill plan completed',
      '    skill other abandoned',
    ]);
  });

  it('that nothing open answers to changes nothing', () => {
    const facts = [makeStart(1)];
    expect(foldToDocument([...facts, makeEnd(undefined, { level: 'skill' })])).toEqual(foldToDocument(facts));
  });

  it('before its start waits for it, and lasts no negative time', () => {
    const { events } = foldToDocument([makeEnd(1), makeStart(1, { at: NOON + 5000 })]);
    expect(events.at(-1)).toMatchObject({ event_type: 'command_end', status: 'completed', duration_ms: 0 });
  });

  it('carries outputs and error', () => {
    const error = { type: 'E', message: 'm', recovery: { action: 'skip' } };
    const { events } = foldToDocument([makeStart(1), makeEnd(1, { status: 'failed', outputs: { files: 2 }, error })]);
    expect(events.at(-1)).toMatchObject({
      status: 'failed',
      outputs: { files: 2 },
      error: { ...error, severity: 'high' },
    });
  });
});

describe('the context', () => {
  it('of an activity is its own, else that of its parent, else what was set', () => {
    const facts = [
      makeContext({ stage: 'set', system: 'Set', checkpoint: 3 }),
      makeStart(1),
      makeStart(2, { stage: 'own', level: 'agent' }),
      makeStart(3, { level: 'skill', system: 'Skill' }),
    ];
    expect(foldToDocument(facts).events.map(event => event.context)).toEqual([
      { stage: 'set', system_name: 'Set', checkpoint: 3 },
      { stage: 'own', system_name: 'Set', checkpoint: 3 },
      { stage: 'own', system_name: 'Skill', checkpoint: 3 },
    ]);
  });

  it('at the top is that of the last command that gave one, else what was set', () => {
    const set = makeContext({ stage: 'set', system: 'Set' });
    expect(foldToDocument([set, makeStart(1)])).toMatchObject({ stage: 'set', system_name: 'Set' });
    const given = [set, makeStart(1, { stage: 'a', system: 'A' }), makeEnd(1), makeStart(2)];
    expect(foldToDocument(given)).toMatchObject({ stage: 'a', system_name: 'A', current_context: { stage: 'a' } });
  });

  it('loses what is set to null', () => {
    const document = foldToDocument([makeContext({ stage: 'set', checkpoint: 1 }), makeContext({ stage: null })]);
    expect(document.current_context).toEqual({ stage: null, system_name: null, checkpoint: 1 });
  });

  it('has the checkpoint that began last', () => {
    const checkpoint = (number: number, name: string): Fact => makeStart(number, { level: 'checkpoint', name });
    const first = [checkpoint(1, '5'), makeEnd(1)];
    expect(foldToDocument(first).current_context.checkpoint).toBe(5);
    expect(foldToDocument(first).events.map(event => event.event_type)).toEqual(['checkpoint_start', 'checkpoint_end']);
    const later = [...first, checkpoint(2, 'review'), ...first];
    expect(foldToDocument(later).current_context.checkpoint).toBe('review');
  });
});

describe('pipeline_status', () => {
  it.each([
    ['idle', []],
    ['idle', [makeStart(1, { level: 'agent' }), makeEnd(1)]],
    ['running', [makeStart(1)]],
    ['running', [makeStart(1), makeStart(2, { parent: null }), makeEnd(2, { status: 'failed' })]],
    ['completed', [makeStart(1), makeEnd(1)]],
    ['failed', [makeStart(1), makeEnd(1, { status: 'failed' })]],
    ['cancelled', [makeStart(1), makeEnd(1, { status: 'cancelled' })]],
    ['failed', [makeStart(1), makeEnd(1, { status: 'abandoned' })]],
    ['completed', [makeStart(1), makeEnd(1, { status: 'failed' }), makeStart(2), makeEnd(2)]],
  ] as [string, Fact[]][])('is %s after %#', (status, facts) => {
    expect(foldToDocument(facts).pipeline_status).toBe(status);
  });
});

describe('the document', () => {
  it('has the keys that are promised, in their order', () => {
    expect(Object.keys(foldToDocument([makeStart(1)]))).toEqual([
      'schema_version',
      'system_name',
      'stage',
      'pipeline_started_at',
      'pipeline_updated_at',
      'pipeline_status',
      'current_context',
      'statistics',
      'active_activities',
      'through',
      'events',
    ]);
  });

  it('keeps any name as it is', () => {
    const names = [
      '__proto__',
      'constructor',
      'two\nlines',
      '"quoted\\',
      '\u2028',
      '\u001b[2J',
      'é😀',
      'x'.repeat(1e6),
    ];
    const { events } = foldToDocument(names.map((name, i) => makeStart(i + 1, { name })));
    expect(events.map(event => event.activity.name)).toEqual(names);
    expect(events.at(-1)?.hierarchy.path).toEqual(names.slice(0, -1));
  });

  it('sums the usage of requests upwards, once each', () => {
    const requests = [makeRequest(7, 1, 10), makeRequest(8, 2, 5), makeRequest(8, 2, 5)];
    const facts = [makeStart(1), makeStart(2, { level: 'agent' }), ...requests, makeEnd(2), makeEnd(1)];
    const { events } = foldToDocument(facts);
    expect(events.at(-1)?.usage).toMatchObject({
      self: { output_tokens: 10 },
      total: { output_tokens: 15, requests: 2 },
    });
  });
});

describe('an activity whose process is gone', () => {
  const lost = (number: number, at: number) =>
    ({ v: 1, at, source: 'hook', kind: 'lost', span: span(number) }) as const;

  it('ends at the last sign of life', () => {
    const facts = [
      makeStart(1),
      makeStart(2, { at: NOON + 10, level: 'agent', parent: span(1), name: 'builder' }),
      makeStart(3, { at: NOON + 20, level: 'skill', parent: span(2), name: 'shop' }),
      makeEnd(3, { at: NOON + 30 }),
      makeStart(4, { at: NOON + 40, parent: null }),
      lost(1, NOON + 90_000),
      lost(2, NOON + 90_000),
    ];
    const document = foldToDocument(facts);
    expect(outline(treeOf(document))).toEqual([
      'command /c1 abandoned',
      '  agent builder abandoned',
      '    skill shop completed',
      'command /c4 open',
    ]);
    const ends = document.events.filter(event => event.status === 'abandoned').map(event => event.timestamp);
    expect(ends).toEqual([30, 30].map(millis => new Date(NOON + millis).toISOString()));
    expect(outline(treeOf(foldToDocument([...facts, makeEnd(1, { at: NOON + 99 })])))).toContain(
      'command /c1 completed',
    );
  });
});

it('what is imported of an earlier time does not change what came last', () => {
  const facts = [
    makeStart(1, { stage: 'now', system: 'Now' }),
    makeEnd(1, { at: NOON + 10, status: 'failed' }),
    makeStart(2, { source: 'import', at: NOON - 1000, stage: 'then', system: 'Then' }),
    makeEnd(2, { source: 'import', at: NOON - 900 }),
  ];
  const { stage, system_name, pipeline_status, pipeline_updated_at } = foldToDocument(facts);
  expect([stage, system_name, pipeline_status]).toEqual(['now', 'Now', 'failed']);
  expect(pipeline_updated_at).toBe(new Date(NOON + 10).toISOString());
  const later = makeStart(3, { source: 'import', at: NOON + 20, stage: 'later' });
  expect(foldToDocument([...facts, later]).stage).toBe('later');
});
