import { describe, expect, it } from 'vitest';
import type { Leaf } from '../../../src/model/leaf.ts';
import { criticalPieces, findBottlenecks } from '../../../src/query/analysis/critical-path.ts';
import type { PathNode } from '../../../src/query/analysis/path-tree.ts';
import { makeRow, NOON, type RowOverrides, tableOf } from '../../helpers/activity-rows.ts';

const id = (number: number): string => makeRow(number).id;
const query = { now: NOON + 100 };

type Below = [number: number, parent: number, from: number, to: number | null, more?: RowOverrides];

/** A run from 0 to 100, or as `run` says, with activities named by their numbers. */
function bottlenecks(below: readonly Below[], run: RowOverrides = {}, leaves: readonly Partial<Leaf>[] = []) {
  const root = makeRow(0, { to: 100, level: 'command', name: '0', ...run });
  const rows = below.map(([number, parent, from, to, more]) =>
    makeRow(number, { name: String(number), from, to, parentId: id(parent), ...more }),
  );
  const table = tableOf([root, ...rows]);
  const bySpan = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const whole = { kind: 'tool', session: null, attributes: {}, name: 'x', span: 'l', ...leaf } as Leaf;
    const owner = whole.session ?? whole.parent;
    bySpan.set(owner, [...(bySpan.get(owner) ?? []), whole]);
  }
  const found = table.rows.get(root.id);
  if (!found) throw new Error('no root');
  return findBottlenecks(table, found, { ...query, leaves: bySpan });
}

const pathOf = ({ path }: ReturnType<typeof findBottlenecks>): string =>
  path.map(({ name, started_at, ended_at }) => `${name}:${since(started_at)}-${since(ended_at)}`).join(' ');
const since = (text: string): number => Date.parse(text) - NOON;

describe('the critical path', () => {
  it.each<[string, Below[], string]>([
    ['is the run itself where nothing is below it', [], '0:0-100'],
    [
      'goes through what runs one after the other',
      [
        [1, 0, 10, 40],
        [2, 0, 50, 90],
      ],
      '0:0-10 1:10-40 0:40-50 2:50-90 0:90-100',
    ],
    [
      'takes the last to end of those side by side',
      [
        [1, 0, 10, 90],
        [2, 0, 10, 60],
      ],
      '0:0-10 1:10-90 0:90-100',
    ],
    [
      'goes on with what ended last before',
      [
        [1, 0, 0, 30],
        [2, 0, 0, 40],
        [3, 0, 40, 100],
      ],
      '2:0-40 3:40-100',
    ],
    [
      'goes down into children of children',
      [
        [1, 0, 0, 100],
        [2, 1, 20, 60],
      ],
      '1:0-20 2:20-60 1:60-100',
    ],
    [
      'fills a gap with what still ran then',
      [
        [1, 0, 0, 80],
        [2, 0, 50, 100],
      ],
      '1:0-50 2:50-100',
    ],
    [
      'keeps what caused the next one before what still ran',
      [
        [1, 0, 0, 80],
        [2, 0, 30, 50],
        [3, 0, 50, 100],
      ],
      '1:0-30 2:30-50 3:50-100',
    ],
    ['cuts a child that outlives its parent', [[1, 0, 60, 300]], '0:0-60 1:60-100'],
    ['cuts a child that began before its parent', [[1, 0, -50, 20]], '1:0-20 0:20-100'],
    [
      'leaves out a child of another time',
      [
        [1, 0, -50, -20],
        [2, 0, 200, 300],
      ],
      '0:0-100',
    ],
    ['takes one that ends before it starts for nothing', [[1, 0, 50, 20]], '0:0-100'],
    ['sees what still runs as running until now', [[1, 0, 50, null]], '0:0-50 1:50-100'],
  ])('%s', (_, below, expected) => {
    expect(pathOf(bottlenecks(below))).toBe(expected);
  });

  it('goes until now while the run runs', () => {
    const found = bottlenecks([[1, 0, 20, null]], { to: null });
    expect(found).toMatchObject({ status: 'running', ended_at: null, duration_ms: 100 });
    expect(pathOf(found)).toBe('0:0-20 1:20-100');
  });

  it('covers a run that took no time with nothing', () => {
    expect(bottlenecks([[1, 0, 0, 0]], { to: 0 })).toMatchObject({ duration_ms: 0, path: [], causes: [] });
  });

  it('knows which requests, tools and persons were waited for', () => {
    const span = id(0).slice(4);
    const found = bottlenecks([[1, 0, 60, 90]], {}, [
      { kind: 'chat', name: 'chat opus', span: 'a', parent: span, startAt: NOON, endAt: NOON + 20 },
      { name: 'execute_tool Bash', span: 'b', parent: span, startAt: NOON + 20, endAt: NOON + 60 },
      { kind: 'wait', name: 'wait', span: 'c', parent: 'b', session: span, startAt: NOON + 25, endAt: NOON + 35 },
      { kind: 'chat', name: 'chat opus', span: 'd', parent: span, startAt: NOON + 90, endAt: NOON + 100 },
    ]);
    expect(pathOf(found)).toBe('opus:0-20 Bash:20-25 wait:25-35 Bash:35-60 1:60-90 opus:90-100');
    expect(found.has_leaves).toBe(true);
    expect(found.causes.map(({ level, name, own_ms, segments }) => [level, name, own_ms, segments])).toEqual([
      ['chat', 'opus', 30, 2],
      ['tool', 'Bash', 30, 2],
      ['agent', '1', 30, 1],
      ['wait', 'wait', 10, 1],
    ]);
    expect(found.path.every(({ event_id }) => [id(0), id(1)].includes(event_id))).toBe(true);
    expect(found.activities).toMatchObject([
      { name: '0', self_ms: 70, critical_ms: 70 },
      { name: '1', self_ms: 30, critical_ms: 30 },
    ]);
  });

  it('counts as time of its own that in which nothing below ran, once for those side by side', () => {
    const { activities } = bottlenecks([
      [1, 0, 10, 50],
      [2, 0, 30, 70],
      [3, 1, 10, 20],
    ]);
    expect(activities.map(({ name, self_ms }) => [name, self_ms])).toEqual([
      ['0', 40],
      ['2', 40],
      ['1', 30],
      ['3', 10],
    ]);
  });

  it('is found in a run as deep as a document can be, and in a wide one', () => {
    const root: PathNode = { eventId: '0', level: 'agent', name: '0', from: 0, to: 100, children: [] };
    let last = root;
    for (let depth = 1; depth <= 50_000; depth++) {
      const below: PathNode = { ...root, name: String(depth), children: [] };
      last.children.push(below);
      last = below;
    }
    expect(criticalPieces(root)).toEqual([{ node: last, from: 0, to: 100 }]);
    const wide = Array.from({ length: 5000 }, (_, index): Below => [index + 1, 0, index % 100, (index % 100) + 1]);
    expect(bottlenecks(wide).path).toHaveLength(100);
  });
});
