import { describe, expect, it } from 'vitest';
import { parseRoute, runPath } from '../../../src/dashboard/page/route/parse-route.ts';

describe('parseRoute', () => {
  it.each([
    ['/', { view: 'now' }],
    ['/now', { view: 'now' }],
    ['/runs', { view: 'runs' }],
    ['/runs/', { view: 'runs' }],
    ['/runs/evt-1', { view: 'run', id: 'evt-1' }],
    ['/usage', { view: 'usage' }],
    ['/health', { view: 'health' }],
    ['/usage/evt-1', { view: 'unknown' }],
    ['/runs/evt-1/more', { view: 'unknown' }],
    ['/else', { view: 'unknown' }],
  ])('%s', (path, route) => {
    expect(parseRoute(path)).toEqual(route);
  });

  it('finds the id that a path was made of, whatever is in it', () => {
    const id = 'a/b?c#d %';
    expect(parseRoute(runPath(id))).toEqual({ view: 'run', id });
  });

  it('takes a path that is encoded wrongly as it stands', () => {
    expect(parseRoute('/runs/%E0%A4%A')).toEqual({ view: 'run', id: '%E0%A4%A' });
  });

  it('names the item behind the path', () => {
    expect(runPath('evt-1', 'a&b')).toBe('/runs/evt-1?item=a%26b');
    expect(runPath('evt-1', null)).toBe('/runs/evt-1');
  });
});
