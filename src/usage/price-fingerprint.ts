/** Tells whether costs that were counted with some prices still hold. */
import type { Pricing } from '../model/pricing-schema.ts';

/** To be changed when the same prices are to give other costs. */
const RULES_VERSION = 1;

type Row = Exclude<NonNullable<Pricing['models']>[string], readonly unknown[]>;

/** All that costs depend on, as text. Names, notes, limits, budgets and recommendations do not change it: they change no cost. */
export function priceFingerprint({ models, aliases, web_search }: Pricing): string {
  const rows = sortedEntries(models).map(([id, entry]) => [id, (Array.isArray(entry) ? entry : [entry]).map(essence)]);
  return JSON.stringify([RULES_VERSION, web_search, sortedEntries(aliases), rows]);
}

const essence = (row: Row): unknown[] => [
  row.valid_from,
  row.valid_until,
  pricesOf(row),
  row.fast_multiplier,
  sortedEntries(row.geo_multipliers),
  (row.tiers ?? []).map(tier => [tier.above_tokens, pricesOf(tier)]),
];

const pricesOf = (prices: Pick<Row, 'input' | 'output' | 'cache_read' | 'cache_write_5m' | 'cache_write_1h'>) => [
  prices.input,
  prices.cache_read,
  prices.cache_write_5m,
  prices.cache_write_1h,
  prices.output,
];

const sortedEntries = <T>(record: Readonly<Record<string, T>> | undefined): [string, T][] =>
  Object.entries(record ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
