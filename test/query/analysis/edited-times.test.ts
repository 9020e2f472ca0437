/** A document that somebody edited: what has no times is left out, and stops nothing. */
import { describe, expect, it } from 'vitest';
import { activityDurations } from '../../../src/query/analysis/activity-durations.ts';
import { comparePeriods } from '../../../src/query/analysis/compare-periods.ts';
import { findBottlenecks } from '../../../src/query/analysis/critical-path.ts';
import { findAnomalies } from '../../../src/query/analysis/find-anomalies.ts';
import { makeRow, NOON, rowMap, tableOf } from '../../helpers/activity-rows.ts';
import { zoneCalendar } from '../../helpers/zone-calendar.ts';

const now = NOON + 1000;

describe.each([{ startedAt: Number.NaN }, { endedAt: Number.NaN }])('%j', edited => {
  const rows = [makeRow(1), { ...makeRow(2), ...edited }, makeRow(3, { to: 100 })];

  it('is left out', () => {
    expect(activityDurations(rowMap(rows), { calendar: zoneCalendar(), now })).toMatchObject([{ count: 2 }]);
    expect(findAnomalies(rows, { now })).toMatchObject({ examined: 2 });
    expect(comparePeriods(rows, { at: NOON, now }).totals.after.runs).toBe(2);
  });

  it('is no part of a path, and has none', () => {
    const table = tableOf([makeRow(1, { to: 50 }), makeRow(2, { parentId: makeRow(1).id })]);
    const [root, child] = [...table.rows.values()];
    if (!root || !child) throw new Error('no rows');
    Object.assign(child, edited);
    expect(findBottlenecks(table, root, { now }).path).toMatchObject([{ event_id: root.id, own_ms: 50 }]);
    expect(findBottlenecks(table, child, { now })).toMatchObject({ duration_ms: 0, path: [] });
  });
});
