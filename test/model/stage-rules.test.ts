/** Which name gets which stage. */
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stageOf } from '../../src/model/stage-rules.ts';

describe('stageOf', () => {
  it.each([
    ['/prototype', '/prototype', true],
    ['/prototype*', '/prototype-ui', true],
    ['/prototype*', 'prototype-ui', false],
    ['prototype*', '/prototype-ui', true],
    ['prototype*', 'prototype-builder', true],
    ['*', '', true],
    ['?', '', false],
    ['te?t*', 'test-runner', true],
    ['*-*-*', 'a-b', false],
    ['*-*-*', 'a-b-c-d', true],
    ['a.c', 'abc', false],
    ['[a]', 'a', false],
    ['Tester', 'tester', false],
    ['plugin:*', 'plugin:review', true],
  ])('%j fits %j: %s', (pattern, name, fits) => {
    expect(stageOf([[pattern, 'x']], name)).toBe(fits ? 'x' : undefined);
  });

  it('takes the first that fits', () => {
    const rules = [
      ['test*', 'testing'],
      ['*', 'other'],
    ] as const;
    expect([stageOf(rules, 'tester'), stageOf(rules, 'builder'), stageOf([], 'tester')]).toEqual([
      'testing',
      'other',
      undefined,
    ]);
  });

  it('agrees with a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (like, name) => {
        const expected = new RegExp(`^${like.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
        expect(stageOf([[like, 'x']], name) === 'x').toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes its time with no pattern', () => {
    const began = performance.now();
    expect(stageOf([[`${'*a'.repeat(100)}b`, 'x']], 'a'.repeat(4096))).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
