import { describe, expect, it } from 'vitest';
import { scrollToRow, virtualWindow } from '../../../src/dashboard/page/ui/virtual-window.ts';

describe('virtualWindow', () => {
  it.each([
    ['nothing', { count: 0, scrollTop: 0 }, { first: 0, end: 0, before: 0, after: 0 }],
    ['less than fits', { count: 3, scrollTop: 0 }, { first: 0, end: 3, before: 0, after: 0 }],
    ['the top', { count: 10_000, scrollTop: 0 }, { first: 0, end: 13, before: 0, after: 199_740 }],
    ['the middle', { count: 10_000, scrollTop: 100_000 }, { first: 4998, end: 5013, before: 99_960, after: 99_740 }],
    ['the bottom', { count: 10_000, scrollTop: 199_800 }, { first: 9988, end: 10_000, before: 199_760, after: 0 }],
    ['beyond the end', { count: 50, scrollTop: 9_000 }, { first: 39, end: 50, before: 780, after: 0 }],
    ['bounced above the top', { count: 50, scrollTop: -80 }, { first: 0, end: 13, before: 0, after: 740 }],
  ])('%s', (_, place, window) => {
    expect(virtualWindow({ rowHeight: 20, height: 200, spare: 2, ...place })).toEqual(window);
  });

  it('is always as high as all rows together', () => {
    for (let scrollTop = -50; scrollTop < 3000; scrollTop += 37) {
      const { first, end, before, after } = virtualWindow({ count: 100, rowHeight: 26, scrollTop, height: 333 });
      expect(before + after + (end - first) * 26).toBe(2600);
    }
  });
});

describe('scrollToRow', () => {
  it.each([
    [0, 100, 0],
    [4, 100, 80],
    [5, 100, null],
    [14, 100, null],
    [15, 100, 120],
  ])('row %i from %i: %s', (row, scrollTop, top) => {
    expect(scrollToRow(row, { rowHeight: 20, scrollTop, height: 200 })).toBe(top);
  });
});
