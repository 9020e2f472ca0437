/** What the client says of a session, held against what counts: which parts differ, and why. */
import { describe, expect, it } from 'vitest';
import { type Amounts, NO_AMOUNTS, plus } from '../../../src/query/usage/amounts.ts';
import { compareClaim } from '../../../src/query/usage/compare-claim.ts';
import type { UsedItem } from '../../../src/query/usage/used-items.ts';
import type { ClaimTelling, ClientClaim } from '../../../src/usage/client-claim.ts';

const SONNET = 'claude-sonnet-4-5';

/** The number-th request: each has other tokens. */
const item = (number: number, more: Partial<UsedItem> = {}): UsedItem => ({
  at: number * 1000,
  model: SONNET,
  amounts: { input: 100 + number, output: 10 * number, cache_read: 1000, cache_write: 0, cost: 5000 + number },
  requests: 1,
  incomplete: 0,
  isUnpriced: false,
  ...more,
});
const five = [1, 2, 3, 4, 5].map(number => item(number));

const tell = (items: readonly UsedItem[], model = SONNET, more: Partial<Amounts> = {}): ClaimTelling => {
  const sum = { ...items.reduce((all, { amounts }) => plus(all, amounts), NO_AMOUNTS), ...more };
  return { cost: sum.cost, models: { [model]: sum } };
};
const claim = (tellings: readonly ClaimTelling[], more: Partial<ClientClaim> = {}): ClientClaim => ({
  session: 's1',
  from: 'result',
  tellings,
  hasUnknownCost: false,
  repeats: {},
  ...more,
});
const compare = (of: ClientClaim, used: Record<string, readonly UsedItem[]> = { s1: five }) =>
  compareClaim(of, session => used[session] ?? []);
const kinds = (of: ClientClaim, used?: Record<string, readonly UsedItem[]>) =>
  compare(of, used).differences.map(({ kind, requests }) => [kind, requests]);

describe('compareClaim', () => {
  it('agrees on one total, whatever mark the model has', () => {
    const { differences, reading, client, counted } = compare(claim([tell(five, `${SONNET}-20250929[1m]`)]));
    expect([differences, reading]).toEqual([[], null]);
    expect(client).toEqual(counted);
  });

  it.each([
    ['each_alone', [tell(five.slice(0, 2)), tell(five.slice(2, 4)), tell(five.slice(4))]],
    ['continued', [tell(five.slice(0, 2)), tell(five.slice(0, 4)), tell(five)]],
  ])('reads several results as they agree: %s', (reading, tellings) => {
    const compared = compare(claim(tellings));
    expect([compared.reading, compared.differences]).toEqual([reading, []]);
  });

  it('takes parts of a nano-dollar for none, and more for other prices', () => {
    const { cost } = five.reduce((all, { amounts }) => plus(all, amounts), NO_AMOUNTS);
    expect(kinds(claim([tell(five, SONNET, { cost: cost + 6 })]))).toEqual([]);
    expect(kinds(claim([tell(five, SONNET, { cost: cost + 7 })]))).toEqual([['client_price', 5]]);
    expect(kinds(claim([tell(five, SONNET, { cost: cost - 7 })]))).toEqual([['client_price', 5]]);
    expect(kinds(claim([tell(five, SONNET, { cost: cost + 20_000_000 })]))).toEqual([['web_searches', 5]]);
  });

  it('says of a model without a price who has none', () => {
    const unpriced = five.map(used => ({ ...used, amounts: { ...used.amounts, cost: 0 }, isUnpriced: true }));
    expect(kinds(claim([tell(five)]), { s1: unpriced })).toEqual([['unpriced', 5]]);
    const guessed = tell(five, SONNET, { cost: 99_999 });
    expect(kinds(claim([guessed], { hasUnknownCost: true }))).toEqual([['guessed', 5]]);
  });

  it('finds what came after the client counted, before it began anew, or both', () => {
    expect(kinds(claim([tell(five.slice(0, 3))]))).toEqual([['later', 2]]);
    expect(kinds(claim([tell(five.slice(3))]))).toEqual([['restarted', 3]]);
    expect(kinds(claim([tell(five.slice(1, 3))]))).toEqual([
      ['restarted', 1],
      ['later', 2],
    ]);
  });

  it('names models that no source told of', () => {
    const telling = tell(five);
    const title = { input: 50, output: 5, cache_read: 0, cache_write: 0, cost: 75 };
    const models = { ...telling.models, 'claude-haiku-4-5': title, 'claude-idle': NO_AMOUNTS };
    const { differences } = compare(claim([{ cost: telling.cost + 75, models }]));
    expect(differences).toEqual([
      { kind: 'untold', session: 's1', requests: 0, model: 'claude-haiku-4-5', client: title, difference: title },
    ]);
  });

  it('knows that the output of requests without a final usage is too low', () => {
    const open = [...five.slice(0, 4), item(5, { incomplete: 1 })];
    const { output } = five.reduce((all, { amounts }) => plus(all, amounts), NO_AMOUNTS);
    const telling = tell(five, SONNET, { output: output + 40 });
    expect(kinds(claim([telling]), { s1: open })).toEqual([['no_final_usage', 5]]);
    expect(kinds(claim([telling]))).toEqual([['client_more', 5]]);
    const less = tell(five, SONNET, { output: output - 1 });
    expect(kinds(claim([less]), { s1: open })).toEqual([['client_less', 5]]);
  });

  it('lets a fork count on from what it repeats, or not', () => {
    const own = [item(7), item(8)];
    const used = { s1: own, parent: five };
    const repeats = { parent: 3000 };
    expect(kinds(claim([tell(own)], { repeats }), used)).toEqual([]);
    const whole = compare(claim([tell([...five.slice(0, 3), ...own])], { repeats }), used);
    expect(whole.differences).toEqual([]);
    expect(whole.counted.input).toBe(101 + 102 + 103 + 107 + 108);
  });

  it('says where nothing of the session is recorded, and where the cost alone was told', () => {
    expect(kinds(claim([tell(five)]), {})).toEqual([['no_requests', 0]]);
    expect(kinds(claim([{ cost: 0, models: {} }]), {})).toEqual([]);
    const { cost } = five.reduce((all, { amounts }) => plus(all, amounts), NO_AMOUNTS);
    expect(kinds(claim([{ cost, models: {} }]))).toEqual([]);
    expect(kinds(claim([{ cost: cost + 500, models: {} }]))).toEqual([['client_price', 5]]);
  });

  it('has no cause where the client counts what nobody told of', () => {
    const more = tell(five, SONNET, { input: 9999 });
    const { differences } = compare(claim([more]));
    expect(differences).toMatchObject([{ kind: 'client_more', model: SONNET }]);
    expect(kinds(claim([tell([item(1)], 'claude-opus-5')]))).toEqual([
      ['untold', 0],
      ['client_less', 5],
    ]);
  });

  it('whatever they are, the differences add up', () => {
    const opus = [item(6, { model: 'claude-opus-5' }), item(7)];
    const cases: [ClientClaim, readonly UsedItem[]][] = [
      [claim([tell(five.slice(1, 3))]), five],
      [claim([tell(five, SONNET, { input: 1, cost: 77 })]), [...five, ...opus]],
      [claim([tell(five), tell(opus, 'claude-haiku-4-5')]), five],
      [claim([tell(five)]), []],
    ];
    for (const [of, used] of cases) {
      const { client, counted, differences } = compare(of, { s1: used });
      const sum = differences.reduce((all, { difference }) => plus(all, difference), NO_AMOUNTS);
      expect(sum).toEqual(plus(client, counted, -1));
    }
  });
});
