import { expect, it } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import { lastHookAt } from '../../src/store/last-hook.ts';
import { end, makeState, start, T0 } from '../helpers/run-cli.ts';

it.each<[string, Fact[], number | null]>([
  ['of a hook is its time', [start(1), end(1)], T0 + 1000],
  ['of programs is none: they need no hooks', [start(1, { source: 'span' }), end(1, { source: 'span' })], null],
  ['of spanbook exec is none either', [start(1, { program: true }), end(1, { program: true })], null],
  ['of both is that of the hook', [start(1), start(2, { at: T0 + 5, program: true })], T0],
])('the last sign %s', (_what, facts, expected) => {
  expect(lastHookAt(makeState(facts))).toBe(expected);
});
