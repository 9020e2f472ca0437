/** Golden transcripts → what a person would say that they come to, in whatever way they are read. */
import { describe, expect, it } from 'vitest';
import { AGENTS } from '../helpers/golden-agents.ts';
import { COSTS } from '../helpers/golden-costs.ts';
import { COPIES, LAYOUTS } from '../helpers/golden-requests.ts';
import { SESSIONS } from '../helpers/golden-sessions.ts';
import {
  allAnswers,
  ownersOf,
  readAtOnce,
  readInPieces,
  removeIndex,
  requestsBy,
  sums,
  sumsOf,
} from '../helpers/usage-cases.ts';

const GOLDEN = { ...COPIES, ...LAYOUTS, ...COSTS, ...SESSIONS, ...AGENTS };
const cases = Object.entries(GOLDEN).map(([name, golden]) => ({ name, golden }));

describe('a golden transcript', () => {
  it.each(cases)('$name', ({ golden }) => {
    const { view } = readAtOnce(golden);
    expect(sumsOf(view)).toEqual(sums(golden.sums));
    if (golden.owners) expect(ownersOf(view)).toEqual(golden.owners);
    for (const dimension of ['model', 'session', 'instance', 'project', 'branch'] as const) {
      const expected = golden.by?.[dimension];
      if (expected) expect(requestsBy(view, dimension)).toEqual(expected);
    }
  });
});

describe('a golden transcript gives the same', () => {
  it.each(cases)('read twice, and after the index was removed: $name', ({ golden }) => {
    const { world, view } = readAtOnce(golden);
    const first = allAnswers(view);
    const again = world.read();
    expect([again.news, allAnswers(again.view)]).toEqual([null, first]);
    removeIndex(world);
    const anew = world.read();
    expect([anew.news?.requests, allAnswers(anew.view)]).toEqual([0, first]);
  });

  it.each(cases)('read line by line as it is written: $name', ({ golden }) => {
    expect(allAnswers(readInPieces(golden))).toEqual(allAnswers(readAtOnce(golden).view));
  });
});
