/** Every price of the package against the price list, in USD per million tokens. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pricingSchema } from '../../src/model/pricing-schema.ts';
import { RULE_DEFAULTS, recommendationsOf } from '../../src/model/recommendation-rules.ts';
import { shippedPricing } from '../helpers/prices.ts';
import { ROOT } from '../helpers/run-program.ts';

const pricing = shippedPricing();

/** Input, cache write of 5 minutes and of 1 hour, cache read, output. */
type PerMillion = readonly [number, number, number, number, number];
type Entry = NonNullable<typeof pricing.models>[string];
type Row = Exclude<Entry, readonly unknown[]>;
type Prices = Pick<Row, 'input' | 'output' | 'cache_read' | 'cache_write_5m' | 'cache_write_1h'>;

const FABLE_5_1: PerMillion = [10, 12.5, 20, 0.25, 50];
const FABLE_5: PerMillion = [10, 12.5, 20, 1, 50];
const OPUS: PerMillion = [5, 6.25, 10, 0.5, 25];
const OPUS_4: PerMillion = [15, 18.75, 30, 1.5, 75];
const SONNET: PerMillion = [3, 3.75, 6, 0.3, 15];
const SONNET_LONG: PerMillion = [6, 7.5, 12, 0.6, 22.5];

const LIST: readonly [id: string, name: string, day: string, prices: PerMillion][] = [
  ['claude-fable-5-2', 'Claude Fable 5.2', '2026-11-22', [8, 10, 16, 0.2, 40]],
  ['claude-fable-5-1', 'Claude Fable 5.1', '2026-11-22', FABLE_5_1],
  ['claude-mythos-5-1', 'Claude Mythos 5.1', '2026-11-22', FABLE_5_1],
  ['claude-fable-5', 'Claude Fable 5', '2026-11-22', FABLE_5],
  ['claude-mythos-5', 'Claude Mythos 5', '2026-11-22', FABLE_5],
  ['claude-opus-5-5', 'Claude Opus 5.5', '2026-11-22', [4, 5, 8, 0.2, 20]],
  ['claude-opus-5', 'Claude Opus 5', '2026-11-22', OPUS],
  ['claude-opus-4-8', 'Claude Opus 4.8', '2026-11-22', OPUS],
  ['claude-opus-4-7', 'Claude Opus 4.7', '2026-11-22', OPUS],
  ['claude-opus-4-6', 'Claude Opus 4.6', '2026-03-12', OPUS],
  ['claude-opus-4-6', 'Claude Opus 4.6', '2026-03-13', OPUS],
  ['claude-opus-4-6', 'Claude Opus 4.6', '2026-11-22', OPUS],
  ['claude-opus-4-5', 'Claude Opus 4.5', '2026-11-22', OPUS],
  ['claude-opus-4-1', 'Claude Opus 4.1', '2026-11-22', OPUS_4],
  ['claude-opus-4', 'Claude Opus 4', '2026-11-22', OPUS_4],
  ['claude-sonnet-5-5', 'Claude Sonnet 5.5', '2026-10-06', [2, 2.5, 4, 0.2, 10]],
  ['claude-sonnet-5-5', 'Claude Sonnet 5.5', '2026-10-07', [2, 2.5, 4, 0.1, 10]],
  ['claude-sonnet-5', 'Claude Sonnet 5', '2026-11-22', [2, 2.5, 4, 0.2, 10]],
  ['claude-sonnet-4-6', 'Claude Sonnet 4.6', '2026-03-12', SONNET],
  ['claude-sonnet-4-6', 'Claude Sonnet 4.6', '2026-11-22', SONNET],
  ['claude-sonnet-4-5', 'Claude Sonnet 4.5', '2026-11-22', SONNET],
  ['claude-sonnet-4', 'Claude Sonnet 4', '2026-11-22', SONNET],
  ['claude-haiku-5-5', 'Claude Haiku 5.5', '2026-11-22', [0.1, 0.125, 0.2, 0.01, 0.5]],
  ['claude-haiku-4-5', 'Claude Haiku 4.5', '2026-11-22', [1, 1.25, 2, 0.1, 5]],
  ['claude-3-5-haiku', 'Claude Haiku 3.5', '2026-11-22', [0.8, 1, 1.6, 0.08, 4]],
];

const rowsOf = (entry: Entry | undefined): Row[] => (Array.isArray(entry) ? entry : entry ? [entry] : []);
const allRows = Object.entries(pricing.models ?? {}).flatMap(([id, entry]) => rowsOf(entry).map(row => ({ id, row })));

/** What a file gives for 1,000 tokens, for a million. */
const perMillion = (prices: Prices): number[] =>
  [prices.input, prices.cache_write_5m, prices.cache_write_1h, prices.cache_read, prices.output].map(price =>
    Number(((price ?? Number.NaN) * 1000).toFixed(9)),
  );

describe('the prices of the package', () => {
  it('pass the schema that the prices of a person must pass', () => {
    expect(pricingSchema.safeParse(pricing).error).toBeUndefined();
  });

  it.each(LIST)('%s (%s) on %s', (id, name, day, prices) => {
    const valid = rowsOf(pricing.models?.[id]).filter(
      row => (row.valid_from ?? day) <= day && day <= (row.valid_until ?? day),
    );
    expect(valid.map(perMillion)).toEqual([prices]);
    expect(valid.map(row => row.model_name)).toEqual([name]);
  });

  it('are those of the list and no others, each with its source', () => {
    expect(allRows.map(({ id }) => id).sort()).toEqual(LIST.map(([id]) => id).sort());
    for (const { id, row } of allRows) expect(row.source, id).toMatch(/2026-\d\d/);
  });

  it('have tiers where long prompts cost more', () => {
    const tiers = allRows.flatMap(
      ({ id, row }) => row.tiers?.map(tier => [id, row.valid_until, tier.above_tokens, perMillion(tier)]) ?? [],
    );
    expect(tiers).toEqual([
      ['claude-opus-4-6', '2026-03-12', 200_000, [10, 12.5, 20, 1, 37.5]],
      ['claude-sonnet-4-6', '2026-03-12', 200_000, SONNET_LONG],
      ['claude-sonnet-4-5', undefined, 200_000, SONNET_LONG],
      ['claude-sonnet-4', undefined, 200_000, SONNET_LONG],
      ['claude-haiku-5-5', undefined, 100_000, [0.5, 0.625, 1, 0.05, 2.5]],
    ]);
  });

  it('have a multiplier for the United States from version 4.6 on, and for no other place', () => {
    const before = new Set(LIST.map(([id]) => id).filter(id => /-(?:4|4-1|4-5|3-5-haiku)$/.test(id)));
    expect(before.size).toBe(7);
    for (const { id, row } of allRows)
      expect(row.geo_multipliers, id).toEqual(before.has(id) ? undefined : { us: 1.1 });
  });

  it('say what was not read from the vendor', () => {
    const unconfirmed = allRows.flatMap(({ id, row }) =>
      row.unconfirmed ? [`${id} ${row.valid_from ?? ''}`.trim()] : [],
    );
    expect(unconfirmed).toEqual([
      'claude-fable-5-2',
      'claude-opus-5-5',
      'claude-opus-4-6',
      'claude-opus-4-6 2026-03-13',
      'claude-sonnet-5-5 2026-10-07',
      'claude-sonnet-4-6',
      'claude-haiku-5-5',
    ]);
  });

  it('come with the limits of the original, no budgets, and every rule with its defaults', () => {
    expect(pricing.web_search).toBe(10);
    expect(pricing.alert_thresholds).toEqual({
      hourly_cost_warning: 10,
      hourly_cost_critical: 25,
      daily_cost_warning: 50,
      daily_cost_critical: 100,
      hourly_tokens_warning: 50_000,
      hourly_tokens_critical: 100_000,
    });
    expect(pricing.budgets).toEqual([]);
    expect(pricing.recommendations).toEqual(Object.entries(RULE_DEFAULTS).map(([rule, rest]) => ({ rule, ...rest })));
    expect(recommendationsOf(pricing.recommendations ?? []).rules).toEqual(pricing.recommendations);
  });

  it('stand in the documentation as they are', () => {
    const page = readFileSync(`${ROOT}docs/prices.md`, 'utf8');
    const shown = [...page.matchAll(/^\| `(claude-[\w-]+)`.*\|$/gm)].map(([line, id]) => {
      const cells = line
        .split('|')
        .slice(2, 7)
        .map(cell => Number(cell.replaceAll('(?)', '')));
      return [id, cells];
    });
    expect(shown).toEqual(allRows.map(({ id, row }) => [id, perMillion(row)]));
  });
});
