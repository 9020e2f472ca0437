import { describe, expect, it } from 'vitest';
import { problemTypes } from '../../../src/dashboard/page/health/problem-types.ts';
import { sortRows } from '../../../src/dashboard/page/health/sort-rows.ts';
import { shownLines, shownText } from '../../../src/dashboard/page/ui/shown-text.ts';
import { monthDays } from '../../../src/dashboard/page/usage/month-days.ts';
import { usageChoice } from '../../../src/dashboard/page/usage/usage-choice.ts';

describe('usageChoice', () => {
  it.each([
    ['', { range: '30d', by: 'model', measure: 'cost', unit: 'day' }],
    ['?range=24h', { range: '24h', by: 'model', measure: 'cost', unit: 'hour' }],
    ['?range=24h&unit=day', { range: '24h', by: 'model', measure: 'cost', unit: 'day' }],
    ['?range=7d&unit=hour&by=agent&measure=tokens', { range: '7d', by: 'agent', measure: 'tokens', unit: 'hour' }],
    // A bar for each hour of a year would be none.
    ['?range=365d&unit=hour', { range: '365d', by: 'model', measure: 'cost', unit: 'day' }],
    ['?range=1s&by=colour&measure=weight', { range: '30d', by: 'model', measure: 'cost', unit: 'day' }],
  ])('%s', (search, expected) => {
    const { range, ...rest } = usageChoice(search);
    expect({ range: range.id, ...rest }).toEqual(expected);
  });
});

describe('monthDays', () => {
  it('names the days of the month that were, and those to come', () => {
    const rows = ['2026-01-31', '2026-02-01', '2026-02-02'].map(label => ({
      start: `${label}T00:00:00.000Z`,
      label,
      cost: 1,
    }));
    const { days, daysAhead } = monthDays(rows, { period_start: '2026-02-01T00:00:00.000Z' });
    expect(days.map(({ label }) => label)).toEqual(['2026-02-01', '2026-02-02']);
    expect([daysAhead.length, daysAhead[0], daysAhead.at(-1)]).toEqual([26, '2026-02-03', '2026-02-28']);
  });

  it('has nothing to say of no days', () => {
    expect(monthDays([], { period_start: '2026-02-01T00:00:00.000Z' })).toEqual({ days: [], daysAhead: [] });
  });
});

describe('sortRows', () => {
  const rows = [{ n: 2 }, { n: null }, { n: 10 }];

  it.each([
    [true, [2, 10, null]],
    [false, [10, 2, null]],
  ])('ascending %s: %o', (ascending, values) => {
    const sorted = sortRows(rows, { column: 'n', ascending }, row => row.n);
    expect(sorted.map(({ n }) => n)).toEqual(values);
  });
});

describe('problemTypes', () => {
  const warning = (type: string, timestamp: string) => ({
    timestamp,
    parent_event_id: `evt-${timestamp}`,
    warning: { type, message: `m${timestamp}`, severity: 'low' },
  });

  it('counts them, the most frequent first, with the last of each', () => {
    const found = problemTypes({
      errors: [],
      warnings: [warning('A', '1'), warning('B', '3'), warning('B', '2')],
    } as unknown as Parameters<typeof problemTypes>[0]);
    expect(found).toEqual([
      { type: 'B', level: 'warning', count: 2, last: { message: 'm3', at: '3', owner: 'evt-3' } },
      { type: 'A', level: 'warning', count: 1, last: { message: 'm1', at: '1', owner: 'evt-1' } },
    ]);
  });
});

describe('text from outside', () => {
  it.each([
    [null, ''],
    ['<b>&', '<b>&'],
    ['\u001b[31mred', '\\x1b[31mred'],
    ['a\u202eb', 'a\\u202eb'],
    ['x'.repeat(300), `${'x'.repeat(240)}…`],
  ])('is shown so that nothing obeys it: %j', (text, shown) => {
    expect(shownText(text)).toBe(shown);
  });

  it('of several lines stays lines', () => {
    expect(shownLines('a\n\tb')).toBe('a\n\\x09b');
    expect(shownLines('abcdef', 3)).toBe('abc…\n(3 more characters)');
  });
});
