/** Prices made ready for counting: integers instead of decimals, and each model id looked up once. */
import type { TokenCounts } from '../model/fact.ts';
import type { Pricing } from '../model/pricing-schema.ts';
import { modelIdForms } from './model-id.ts';

/**
 * Price of one token of each kind: whole nano-dollars, and millionths of a nano-dollar that are left. That is
 * 1e-15 USD, twelve decimals of a price per 1,000 tokens.
 */
export interface Rates {
  readonly whole: Readonly<TokenCounts>;
  readonly part: Readonly<TokenCounts>;
}

/** Rates by the place of inference. */
interface RatesByPlace {
  readonly anywhere: Rates;
  readonly places: ReadonlyMap<string, Rates>;
}

interface PriceTier {
  /** Holds for prompts of more tokens than this. */
  readonly above: number;
  readonly usual: RatesByPlace;
  readonly fast: RatesByPlace;
}

interface PriceRow {
  /** Milliseconds since 1970: the first that it holds, and the first that it does not. */
  readonly from: number;
  readonly until: number;
  /** The highest first; the last holds for every prompt. */
  readonly tiers: readonly PriceTier[];
}

export interface PricedModel {
  readonly id: string;
  /** For people. */
  readonly name: string | null;
  readonly rows: readonly PriceRow[];
}

export interface PriceTable {
  /** The model that an id means; null for an unknown one. */
  find(id: string): PricedModel | null;
  /** Nano-dollars of one web search; null if it has no price. */
  readonly webSearch: number | null;
}

type ModelEntry = NonNullable<Pricing['models']>[string];
type RowEntry = Exclude<ModelEntry, readonly unknown[]>;
type Prices = Pick<RowEntry, 'input' | 'output' | 'cache_read' | 'cache_write_5m' | 'cache_write_1h'>;

const DAY_MILLIS = 86_400_000;

/** Made once for a set of prices, by whoever reads them. A model is made ready when it is first asked for. */
export function priceTableOf(pricing: Pricing): PriceTable {
  const entries = new Map(Object.entries(pricing.models ?? {}));
  const aliases = new Map(Object.entries(pricing.aliases ?? {}));
  const known = new Map<string, PricedModel | null>();
  const ready = new Map<string, PricedModel>();
  const modelOf = (id: string): PricedModel | null => {
    const entry = entries.get(id);
    if (entry === undefined) return null;
    const model = ready.get(id) ?? pricedModel(id, entry);
    ready.set(id, model);
    return model;
  };
  const lookUp = (id: string): PricedModel | null => {
    for (const form of modelIdForms(id)) {
      const model = modelOf(form);
      if (model !== null) return model;
      const alias = aliases.get(form);
      // An alias of an alias is none.
      if (alias !== undefined) return modelOf(modelIdForms(alias).find(other => entries.has(other)) ?? alias);
    }
    return null;
  };
  return {
    webSearch: pricing.web_search === undefined ? null : Math.round(pricing.web_search * 1e6),
    find: id => {
      let model = known.get(id);
      if (model === undefined) {
        model = lookUp(id);
        known.set(id, model);
      }
      return model;
    },
  };
}

/** Name for people of a model id, as `Claude Sonnet 4.5`; the id itself where none is known. */
export const modelNameOf = (table: PriceTable, id: string): string => table.find(id)?.name ?? id;

function pricedModel(id: string, entry: ModelEntry): PricedModel {
  const rows = Array.isArray(entry) ? entry : [entry];
  const name = rows.find(row => row.model_name !== undefined)?.model_name ?? null;
  return { id, name, rows: rows.map(priceRow) };
}

function priceRow(row: RowEntry): PriceRow {
  const tiers = [...(row.tiers ?? [])]
    .sort((a, b) => b.above_tokens - a.above_tokens)
    .map(tier => priceTier(row, { ...tier, above: tier.above_tokens }));
  return {
    from: row.valid_from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(row.valid_from),
    until: row.valid_until === undefined ? Number.POSITIVE_INFINITY : Date.parse(row.valid_until) + DAY_MILLIS,
    tiers: [...tiers, priceTier(row, { ...row, above: -1 })],
  };
}

function priceTier(row: RowEntry, prices: Prices & { above: number }): PriceTier {
  const byPlace = (factor: number): RatesByPlace => ({
    anywhere: ratesTimes(prices, factor),
    places: new Map(
      Object.entries(row.geo_multipliers ?? {}).map(([place, geo]) => [place, ratesTimes(prices, factor * geo)]),
    ),
  });
  return { above: prices.above, usual: byPlace(1), fast: byPlace(row.fast_multiplier ?? 1) };
}

function ratesTimes(prices: Prices, factor: number): Rates {
  const { input, output } = prices;
  // Exact for every decimal of up to twelve places below 1,000: the error of the floats stays below a half.
  const units = (price: number): number => Math.round(price * factor * 1e12);
  const all: TokenCounts = {
    input: units(input),
    cache_read: units(prices.cache_read ?? input * 0.1),
    cache_write_5m: units(prices.cache_write_5m ?? input * 1.25),
    cache_write_1h: units(prices.cache_write_1h ?? input * 2),
    output: units(output),
  };
  const each = (change: (value: number) => number): TokenCounts => ({
    input: change(all.input),
    cache_read: change(all.cache_read),
    cache_write_5m: change(all.cache_write_5m),
    cache_write_1h: change(all.cache_write_1h),
    output: change(all.output),
  });
  return { whole: each(value => Math.floor(value / 1e6)), part: each(value => value % 1e6) };
}
