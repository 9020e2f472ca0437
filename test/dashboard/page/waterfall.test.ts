import { describe, expect, it } from 'vitest';
import { criticalMarks } from '../../../src/dashboard/page/run/critical-marks.ts';
import { parallelLanes } from '../../../src/dashboard/page/run/parallel-lanes.ts';
import { foldedFrom, unfoldedTo, waterfallRows } from '../../../src/dashboard/page/run/waterfall-rows.ts';
import type { PathSegment } from '../../../src/query/analysis/critical-path.ts';
import type { TimelineItem } from '../../../src/query/runs/run-timeline.ts';

const item = (id: string, depth: number, more: Partial<TimelineItem> = {}): TimelineItem => ({
  id,
  parent_id: null,
  kind: 'agent',
  name: id,
  label: null,
  depth,
  started_ms: 0,
  ended_ms: 10,
  status: 'completed',
  error: null,
  usage: null,
  notes: [],
  attributes: null,
  ...more,
});

const ITEMS = [
  item('run', 0, { kind: 'command' }),
  item('a', 1, { parent_id: 'run' }),
  item('a1', 2, { parent_id: 'a', kind: 'chat', name: 'claude-x' }),
  item('a2', 2, { parent_id: 'a', kind: 'tool', name: 'Bash', status: 'failed', error: 'command not found' }),
  item('b', 1, { parent_id: 'run' }),
  item('b1', 2, { parent_id: 'b', kind: 'chat', name: 'claude-x' }),
];

describe('waterfallRows', () => {
  const shown = (folded: string[], search = ''): string[] =>
    waterfallRows(ITEMS, { folded: new Set(folded), search }).map(({ item: { id } }) => id);

  it.each([
    [[], ['run', 'a', 'a1', 'a2', 'b', 'b1']],
    [['a'], ['run', 'a', 'b', 'b1']],
    [
      ['a', 'b'],
      ['run', 'a', 'b'],
    ],
    [['run'], ['run']],
    // What has nothing below it cannot be folded.
    [['a1'], ['run', 'a', 'a1', 'a2', 'b', 'b1']],
  ])('folded %o: %o', (folded, ids) => {
    expect(shown(folded)).toEqual(ids);
  });

  it.each([
    ['bash', ['run', 'a', 'a2']],
    ['NOT found', ['run', 'a', 'a2']],
    ['request', ['run', 'a', 'a1', 'b', 'b1']],
    ['nothing like it', []],
  ])('searched for %s: with the way to it, folded or not', (search, ids) => {
    expect(shown(['a', 'run'], search)).toEqual(ids);
  });

  it('tells what fits from the way to it', () => {
    const rows = waterfallRows(ITEMS, { folded: new Set(), search: 'bash' });
    expect(rows.map(({ isMatch }) => isMatch)).toEqual([false, false, true]);
  });

  it('finds what to fold for an outline, and what to unfold to see one item', () => {
    const folded = foldedFrom(ITEMS, 0);
    expect([...folded]).toEqual(['run', 'a', 'b']);
    expect([...unfoldedTo(ITEMS, 'a2', folded)]).toEqual(['b']);
  });

  it('lays out five thousand items with a megabyte in each tenth in no time', () => {
    const long = 'x'.repeat(1_000_000);
    const many = Array.from({ length: 5000 }, (_, index) => item(`i${index}`, 1, index % 10 ? {} : { name: long }));
    const start = performance.now();
    expect(waterfallRows(many, { folded: new Set(), search: 'xxx' }).length).toBe(500);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('criticalMarks', () => {
  const segment = (event_id: string, level: PathSegment['level'], name: string, from: number, to: number) => ({
    event_id,
    level,
    name,
    started_at: new Date(from).toISOString(),
    ended_at: new Date(to).toISOString(),
    own_ms: to - from,
    share: 0,
  });

  it('finds the line of an activity, and of a request inside it', () => {
    const marks = criticalMarks(ITEMS, [
      segment('run', 'command', 'run', 0, 1),
      segment('a', 'chat', 'claude-x', 1, 5),
      segment('b', 'agent', 'b', 5, 7),
      segment('b', 'agent', 'b', 8, 10),
      segment('gone', 'agent', 'gone', 8, 10),
    ]);
    expect(Object.fromEntries(marks)).toEqual({
      run: [{ from: 0, to: 1 }],
      a1: [{ from: 1, to: 5 }],
      b: [
        { from: 5, to: 7 },
        { from: 8, to: 10 },
      ],
    });
  });

  it('marks the activity where no request fits the time', () => {
    expect([...criticalMarks(ITEMS, [segment('a', 'chat', 'claude-x', 5, 50)]).keys()]).toEqual(['a']);
  });
});

describe('parallelLanes', () => {
  const at = (id: string, from: number, to: number | null) => item(id, 0, { started_ms: from, ended_ms: to });

  it('puts what goes on at a time one above the other', () => {
    const items = [at('a', 0, 10), at('b', 2, 4), at('c', 4, 8), at('d', 5, null), at('e', 20, 30)];
    const { bars, most } = parallelLanes(items, { now: 15, lanes: 8 });
    expect(bars.map(({ item: { id }, lane }) => [id, lane])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 1],
      ['d', 2],
      ['e', 0],
    ]);
    expect(most).toBe(3);
  });

  it('counts what has something below it there, and waits not at all', () => {
    const items = [item('run', 0), item('x', 1), item('w', 1, { kind: 'wait' })];
    expect(parallelLanes(items, { now: 10, lanes: 8 }).bars.map(({ item: { id } }) => id)).toEqual(['x']);
  });

  it('has the last lane shared by what is too much', () => {
    const items = Array.from({ length: 5 }, (_, index) => at(`i${index}`, index, 100));
    const { bars, most } = parallelLanes(items, { now: 100, lanes: 2 });
    expect(bars.map(({ lane }) => lane)).toEqual([0, 1, 1, 1, 1]);
    expect(most).toBe(5);
  });
});
