/** Whose work a request is: what a person would say, whatever the client stamps on it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { spanIdOf } from '../../src/model/ids.ts';
import { agentSpan, runSpan } from '../../src/model/owner.ts';
import { fromLedgerLine } from '../../src/usage/ledger-line.ts';
import { STAMPS } from '../helpers/attribution-cases.ts';
import { SKILLS } from '../helpers/skill-cases.ts';
import {
  allAnswers,
  ownersOf,
  readAtOnce,
  readInPieces,
  removeIndex,
  type UsageWorld,
} from '../helpers/usage-cases.ts';

const CASES = { ...STAMPS, ...SKILLS };
const cases = Object.entries(CASES).map(([name, stamped]) => ({ name, stamped: { sums: {}, ...stamped } }));

/** The span that each request hangs on, by the id that the case gives it. */
function spansIn({ stateDir }: UsageWorld): Record<string, string | null> {
  const lines = readFileSync(`${stateDir}/usage/requests-00000001.jsonl`, 'utf8').split('\n');
  const requests = lines.flatMap(line => fromLedgerLine(line)?.request ?? []);
  return Object.fromEntries(requests.map(({ id, span }) => [id.slice('msg_'.length, id.indexOf(':')), span]));
}

const spansOf = (name: string) =>
  spansIn(readAtOnce({ sums: {}, ...CASES[name], lines: CASES[name]?.lines ?? [] }).world);

describe('a request', () => {
  it.each(cases)('$name', ({ stamped }) => {
    const { world, view } = readAtOnce(stamped);
    expect(ownersOf(view)).toEqual(stamped.owners);
    removeIndex(world);
    expect(allAnswers(world.read().view)).toEqual(allAnswers(view));
  });

  it.each(cases)('read line by line: $name', ({ stamped }) => {
    expect(ownersOf(readInPieces(stamped))).toEqual(stamped.owners);
  });
});

describe('the span of a request', () => {
  it('is its skill in the main transcript, and its agent in that of an agent, unless that has a skill of its own', () => {
    const run = runSpan('p1');
    const plan = spanIdOf('skill', 't1');
    const agent = agentSpan('a1', 'p1');
    expect(spansOf('3. agents work for the skill of their caller, unless they call one themselves')).toEqual({
      m1: run,
      m2: plan,
      a1: agent,
      a2: agent,
      a3: spanIdOf('skill', 't3'),
      m3: plan,
    });
  });

  it('is the run for a skill that was typed, or that goes on after one that an agent did', () => {
    expect(spansOf('5. a skill that is typed is a command and a skill').a).toBe(runSpan('p1'));
    const name = 'a skill that an agent of its own does is the work of that agent, and the one before goes on';
    expect(spansOf(name)).toMatchObject({ m2: spanIdOf('skill', 't1'), m3: runSpan('p1'), m4: runSpan('p1') });
  });

  it('is the agent as it was started by its last prompt', () => {
    const name = 'an agent that is resumed belongs to who resumed it, and not to the skill of its first caller';
    expect(spansOf(name)).toMatchObject({ a1: agentSpan('a1', 'p1'), a2: agentSpan('a1', 'p2') });
  });
});
