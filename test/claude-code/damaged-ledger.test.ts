/** Ledgers that killed writers left damaged: nothing is lost, nothing counts twice. */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NOON } from '../helpers/client-facts.ts';
import { MAIN, removeIndex, sums, sumsOf, type UsageWorld, usageWorld } from '../helpers/usage-cases.ts';
import { usageRound } from '../helpers/usage-rounds.ts';
import { transcript, used } from '../helpers/write-transcripts.ts';

const FIRST = { message: { stop_reason: null } };

describe('a ledger', () => {
  const ledger = ({ stateDir }: UsageWorld): string => `${stateDir}/usage/requests-00000001.jsonl`;
  const started = (): UsageWorld => {
    const world = usageWorld();
    world.append(...usageRound(0));
    world.read();
    return world;
  };
  const ROUND = { requests: 3, input: 21, output: 42, cost: 0.000231 };

  it('that ends in half a line, or half a character, goes on behind it', () => {
    const world = started();
    const text = readFileSync(ledger(world));
    const umlaut = text.indexOf(Buffer.from('ü'));
    appendFileSync(ledger(world), text.subarray(text.lastIndexOf(0x0a, umlaut) + 1, umlaut + 1));
    expect(sumsOf(world.read().view)).toEqual(sums(ROUND));
    const t = transcript(undefined, NOON + 90_000);
    world.append([MAIN, t.prompt('grüße', 'p9')], [MAIN, { ...t.answer('x', used(1, 1), FIRST), cwd: '/home/jürgen' }]);
    world.read();
    removeIndex(world);
    world.read();
    world.append([MAIN, t.answer('x', used(1, 3))], [MAIN, t.answer('y', used(1, 0))]);
    const expected = sums({ requests: 5, input: 23, output: 45, cost: 0.000248 });
    expect(sumsOf(world.read().view)).toEqual(expected);
    removeIndex(world);
    expect(sumsOf(world.read().view)).toEqual(expected);
  });

  it('that ends in half a line is no news for ever', () => {
    const world = started();
    appendFileSync(ledger(world), '{"id":"msg_to');
    world.read();
    expect(world.read().news).toBeNull();
  });

  it('with lines that are none counts the others', () => {
    const world = started();
    const lines = readFileSync(ledger(world), 'utf8').split('\n');
    const odd = ['{"id":"x"}', '{"id":"y","at":"no","model":5,"t":[],"o":{"src":0}}', '\0\0', 'null', '{"id":"z'];
    writeFileSync(ledger(world), [...odd, ...lines, ...odd, ''].join('\n'));
    removeIndex(world);
    expect(sumsOf(world.read().view)).toEqual(sums(ROUND));
  });

  it('that nobody can find is told by the transcripts', () => {
    const world = started();
    rmSync(ledger(world));
    expect(sumsOf(world.read().view)).toEqual(sums(ROUND));
  });
});
