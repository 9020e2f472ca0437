/** Tells whether costs that were counted with some prices still hold. */
import type { Pricing } from '../model/pricing-schema.ts';

/** To be changed when the same prices are to give other costs. */
const RULES_VERSION = 1;

/** What costs depend on in a row of prices and in its tiers. */
const COST_KEYS = [
  ...['valid_from', 'valid_until', 'input', 'output', 'cache_read', 'cache_write_5m', 'cache_write_1h'],
  ...['tiers', 'above_tokens', 'fast_multiplier', 'geo_multipliers'],
];

/** All that costs depend on, as text. Names, notes, limits, budgets and recommendations do not change it: they change no cost. */
export function priceFingerprint({ models = {}, aliases = {}, web_search }: Pricing): string {
  const ids = Object.keys(models).sort();
  // One that is alone may stand without a list.
  const rows = ids.map(id => [models[id] ?? []].flat());
  const places = rows.flat().flatMap(row => Object.keys(row.geo_multipliers ?? {}));
  const renamed = Object.entries(aliases).sort(([a], [b]) => (a < b ? -1 : 1));
  // A list of keys makes the engine leave out the others, which it does sooner than code that copies what is wanted.
  return JSON.stringify([RULES_VERSION, web_search, renamed, ids, rows], [...COST_KEYS, ...places]);
}
