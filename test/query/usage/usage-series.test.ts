import { describe, expect, it } from 'vitest';
import { usageSeries } from '../../../src/query/usage/usage-series.ts';
import { viewOf } from '../../helpers/usage-view.ts';
import { zoneCalendar } from '../../helpers/zone-calendar.ts';

const query = {
  unit: 'day',
  count: 2,
  calendar: zoneCalendar(),
  now: Date.parse('2026-11-26T10:20:00Z'),
} as const;

describe('series of usage', () => {
  it('come by cost, what is not known last, and the rest in one', () => {
    const view = viewOf([
      { at: '2026-11-25T08:00:00Z', agent: 'cheap', cost: 1, input: 7 },
      { at: '2026-11-26T08:00:00Z', agent: 'dear', cost: 9, input: 1 },
      { at: '2026-11-26T08:00:00Z', agent: null, cost: 50 },
      { at: '2026-11-26T09:00:00Z', agent: 'middle', cost: 4 },
    ]);
    const { series, others, labels } = usageSeries(view, { ...query, by: 'agent', limit: 2 });
    expect(labels).toEqual(['2026-11-25', '2026-11-26']);
    expect(series.map(({ key, cost }) => [key, cost])).toEqual([
      ['dear', [0, 9e-9]],
      ['middle', [0, 4e-9]],
      [null, [0, 50e-9]],
    ]);
    expect(others).toEqual({ count: 1, cost: [1e-9, 0], tokens: [7, 0], requests: [1, 0] });
  });

  it('name models, and have no others where all are named', () => {
    const view = viewOf([{ at: '2026-11-26T08:00:00Z' }]);
    const { series, others } = usageSeries(view, { ...query, by: 'model' });
    expect(series).toMatchObject([{ key: 'claude-sonnet-4-5', model_name: 'Claude Sonnet 4.5', requests: [0, 1] }]);
    expect(others).toBeNull();
  });

  it('are none without usage', () => {
    expect(usageSeries(viewOf([]), { ...query, by: 'skill' })).toMatchObject({ series: [], others: null });
  });
});
