import { describe, expect, it } from 'vitest';
import {
  filterCount,
  filterQuery,
  filterSearch,
  filtersOf,
  NO_FILTERS,
} from '../../../src/dashboard/page/route/run-filters.ts';

describe('filters of runs', () => {
  it('are none where the address names none', () => {
    expect(filtersOf('')).toEqual(NO_FILTERS);
    expect(filterSearch(NO_FILTERS)).toBe('');
    expect(filterQuery(NO_FILTERS)).toEqual({ order: 'started' });
    expect(filterCount(NO_FILTERS)).toBe(0);
  });

  it('come back from the address as they were', () => {
    const filters = {
      ...NO_FILTERS,
      search: 'a&b=ü',
      status: 'failed',
      model: 'claude-x',
      problems: true,
      min_cost: '0.5',
      min_seconds: '1.5',
      since: '7d',
      order: 'cost' as const,
      ascending: true,
    };
    expect(filtersOf(`?${filterSearch(filters)}`)).toEqual(filters);
    expect(filterCount(filters)).toBe(6);
  });

  it.each([
    ['?min_cost=abc', 'min_cost', ''],
    ['?min_cost=-1', 'min_cost', ''],
    ['?min_cost=%20', 'min_cost', ''],
    ['?max_cost=0', 'max_cost', '0'],
    ['?order=size', 'order', 'started'],
    ['?order=duration', 'order', 'duration'],
    ['?problems=maybe', 'problems', false],
    ['?ascending=1', 'ascending', false],
  ] as const)('%s: %s is %s', (search, name, value) => {
    expect(filtersOf(search)[name]).toBe(value);
  });

  it('are asked in the units of the server', () => {
    expect(filterQuery({ ...NO_FILTERS, min_seconds: '1.5', problems: true })).toEqual({
      order: 'started',
      min_duration_ms: '1500',
      problems: 'true',
    });
  });
});
