/**
 * The valid parts of prices that a person wrote, for readers that must not fail. It takes and refuses what the schema
 * takes and refuses, without loading it; the command line says what is wrong.
 */
import type { Pricing } from './pricing-schema.ts';
import { isRecommendation } from './recommendation-rules.ts';

type Check = (value: unknown) => boolean;

const isText: Check = value => typeof value === 'string';
const isName: Check = value => typeof value === 'string' && value !== '';
const isAmount: Check = value => Number.isFinite(value) && (value as number) >= 0;
const isPrice: Check = value => typeof value === 'number' && value >= 0 && value <= 1000;
const isFactor: Check = value => typeof value === 'number' && value > 0 && value <= 100;
const isTokens: Check = value => Number.isSafeInteger(value) && (value as number) >= 1;

const isDay: Check = value => {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const at = Date.parse(value);
  // The engine takes February 30 for the first of March.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(value);
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isRecordOf =
  (check: Check): Check =>
  value =>
    isObject(value) && Object.entries(value).every(([key, entry]) => isName(key) && check(entry));

interface Shape {
  readonly required: Readonly<Record<string, Check>>;
  readonly optional: Readonly<Record<string, Check>>;
}

/** An object with all that is required and nothing that is not known. */
const fits =
  ({ required, optional }: Shape): Check =>
  value =>
    isObject(value) &&
    Object.keys(required).every(key => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, entry]) => {
      if (Object.hasOwn(required, key)) return required[key]?.(entry);
      return Object.hasOwn(optional, key) && optional[key]?.(entry);
    });

const requiredPrices = { input: isPrice, output: isPrice };
const optionalPrices = { cache_read: isPrice, cache_write_5m: isPrice, cache_write_1h: isPrice };

const isTier = fits({ required: { above_tokens: isTokens, ...requiredPrices }, optional: optionalPrices });

const fitsRow = fits({
  required: requiredPrices,
  optional: {
    ...optionalPrices,
    model_name: isName,
    valid_from: isDay,
    valid_until: isDay,
    tiers: value => Array.isArray(value) && value.every(isTier),
    fast_multiplier: isFactor,
    geo_multipliers: isRecordOf(isFactor),
    source: isText,
    note: isText,
    unconfirmed: isText,
  },
});

const isRow: Check = value => {
  if (!fitsRow(value)) return false;
  const { valid_from, valid_until } = value as { valid_from?: string; valid_until?: string };
  return valid_from === undefined || valid_until === undefined || valid_from <= valid_until;
};

const isModel: Check = value => (Array.isArray(value) ? value.length > 0 && value.every(isRow) : isRow(value));

const OWNERS = ['stage', 'command', 'agent', 'skill', 'model'] as const;

const fitsBudget = fits({
  required: {
    period: value => value === 'day' || value === 'week' || value === 'month',
    limit: value => isAmount(value) && value !== 0,
  },
  optional: { name: isName, ...Object.fromEntries(OWNERS.map(owner => [owner, isName])) },
});

const isBudget: Check = value =>
  fitsBudget(value) && OWNERS.filter(owner => Object.hasOwn(value as object, owner)).length <= 1;

const THRESHOLDS: readonly string[] = ['hourly_cost', 'daily_cost', 'hourly_tokens'].flatMap(limit => [
  `${limit}_warning`,
  `${limit}_critical`,
]);

const SECTIONS: readonly string[] = [
  ...['$schema', 'schema_version', 'currency', 'web_search', 'models', 'aliases'],
  ...['alert_thresholds', 'budgets', 'recommendations'],
];

export interface ValidPricing {
  /** A model whose entry is wrong has no price at all, instead of one that the person did not mean. */
  readonly pricing: Pricing;
  /** What was left out, as `models.claude-x` or `budgets.0`; an empty text is the whole file. */
  readonly ignored: readonly string[];
}

/** None of its amounts may be taken for dollars. */
function inAnotherCurrency({ models }: Record<string, unknown>): ValidPricing {
  const ids = isObject(models) ? Object.keys(models) : [];
  return { pricing: { models: Object.fromEntries(ids.map(id => [id, []])) } as Pricing, ignored: ['currency'] };
}

/** Called with the parsed file, or with undefined for one that is no JSON. */
export function keepValidPricing(value: unknown): ValidPricing {
  if (!isObject(value)) return { pricing: {}, ignored: [''] };
  if (Object.hasOwn(value, 'currency') && value.currency !== 'USD') return inAnotherCurrency(value);
  const ignored = Object.keys(value).filter(key => !SECTIONS.includes(key));
  const kept = (path: string, isValid: boolean): boolean => {
    if (!isValid) ignored.push(path);
    return isValid;
  };
  const entriesOf = (key: string): [string, unknown][] => {
    const section = Object.hasOwn(value, key) ? value[key] : {};
    return kept(key, isObject(section)) ? Object.entries(section as object) : [];
  };
  const listOf = (key: string, check: Check): unknown[] | undefined => {
    const list = Object.hasOwn(value, key) ? value[key] : undefined;
    if (list === undefined) return undefined;
    if (!kept(key, Array.isArray(list))) return undefined;
    return (list as unknown[]).filter((entry, index) => kept(`${key}.${index}`, check(entry)));
  };
  const models = entriesOf('models').map(([id, entry]) => [
    id,
    kept(`models.${id}`, isName(id) && isModel(entry)) ? entry : [],
  ]);
  const aliases = entriesOf('aliases').filter(([id, to]) => kept(`aliases.${id}`, isName(id) && isName(to)));
  const thresholds = entriesOf('alert_thresholds').filter(([key, limit]) =>
    kept(`alert_thresholds.${key}`, THRESHOLDS.includes(key) && isAmount(limit)),
  );
  const search = value.web_search;
  const hasSearch = search !== undefined && kept('web_search', isAmount(search) && (search as number) <= 100_000);
  const pricing = {
    ...(hasSearch ? { web_search: search } : {}),
    models: Object.fromEntries(models),
    aliases: Object.fromEntries(aliases),
    alert_thresholds: Object.fromEntries(thresholds),
    budgets: listOf('budgets', isBudget),
    recommendations: listOf('recommendations', isRecommendation),
  };
  return { pricing: pricing as Pricing, ignored };
}
