/** Whatever the times are: the path covers the run once, and nobody stands on it while he did not run. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findBottlenecks } from '../../../src/query/analysis/critical-path.ts';
import { makeRow, NOON, tableOf } from '../../helpers/activity-rows.ts';

const time = fc.integer({ min: -50, max: 150 });
const arbitraryRun = fc.record({
  end: fc.option(fc.integer({ min: 0, max: 120 })),
  below: fc.array(fc.record({ above: fc.nat(), from: time, to: fc.option(time), leaf: fc.boolean() }), {
    maxLength: 25,
  }),
});

it('covers the run, each moment once', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ end, below }) => {
      const rows = [makeRow(0, { to: end, level: 'command' })];
      for (const [index, { above, from, to }] of below.entries()) {
        const parentId = rows[above % rows.length]?.id ?? null;
        rows.push(makeRow(index + 1, { parentId, from, to, name: `a${index % 4}` }));
      }
      const leaves = new Map(
        below.map(({ leaf, from, to }, index) => [
          makeRow(index).id.slice(4),
          leaf
            ? [
                {
                  kind: 'chat' as const,
                  span: `l${index}`,
                  parent: makeRow(index).id.slice(4),
                  session: null,
                  name: 'chat m',
                  startAt: NOON + from,
                  endAt: NOON + (to ?? 90),
                  attributes: {},
                },
              ]
            : [],
        ]),
      );
      const table = tableOf(rows);
      const [root] = table.roots;
      if (!root) throw new Error('no root');
      const found = findBottlenecks(table, root, { now: NOON + 100, leaves });
      const duration = Math.max(0, (end ?? 100) - 0);
      expect(found.duration_ms).toBe(duration);
      const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
      expect(sum(found.path.map(({ own_ms }) => own_ms))).toBe(duration);
      expect(sum(found.causes.map(({ own_ms }) => own_ms))).toBe(duration);
      expect(sum(found.activities.map(({ critical_ms }) => critical_ms))).toBe(duration);
      expect(sum(found.path.map(({ share }) => share))).toBeCloseTo(duration > 0 ? 1 : 0, 9);
      let at = found.started_at;
      for (const segment of found.path) {
        expect(segment.started_at).toBe(at);
        expect(segment.own_ms).toBeGreaterThan(0);
        at = segment.ended_at;
        const { startedAt, endedAt } = table.rows.get(segment.event_id) ?? makeRow(99);
        expect(startedAt).toBeLessThanOrEqual(Date.parse(segment.started_at));
        expect(endedAt ?? NOON + 100).toBeGreaterThanOrEqual(Date.parse(segment.ended_at));
      }
      for (const { self_ms, duration_ms } of found.activities) {
        expect(self_ms).toBeGreaterThanOrEqual(0);
        expect(self_ms).toBeLessThanOrEqual(duration_ms);
      }
    }),
    { numRuns: 500 },
  );
});
