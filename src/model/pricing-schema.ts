/** The prices, limits and hints that a person may write into `usage_pricing.json`. */
import { z } from 'zod';
import { RULE_DEFAULTS } from './recommendation-rules.ts';
import { rule, section } from './schema-rules.ts';

const price = 'a price in USD per 1,000 tokens, 0 or more';
const searchPrice = 'a price in USD per 1,000 searches, 0 or more';
const factor = 'a number above 0, at most 100';
const amount = 'a number, 0 or more';
const share = 'a number from 0 to 1';
const money = 'an amount in USD above 0';
const tokens = 'a whole number of tokens, 1 or more';
const day = 'a date as 2026-01-31';
const name = z.string(rule('a text')).min(1, rule('a text that is not empty'));
const text = z.string(rule('a text'));

/** So that the cost of any request is an exact integer. It also refuses the worst slips of the decimal point. */
const MAX_PRICE = 1000;
const tooMuch = rule(`at most ${MAX_PRICE}: prices are per 1,000 tokens, not per million`);

const priceField = z.number(rule(price)).min(0, rule(price)).max(MAX_PRICE, tooMuch);
const factorField = z.number(rule(factor)).positive(rule(factor)).max(100, rule(factor));
const amountField = z.number(rule(amount)).min(0, rule(amount)).optional();
const dateField = z.iso.date(rule(day));

const prices = {
  input: priceField.describe('Uncached input.'),
  output: priceField,
  cache_read: priceField.describe('Without it 0.1 times input.').optional(),
  cache_write_5m: priceField.describe('Without it 1.25 times input.').optional(),
  cache_write_1h: priceField.describe('Without it 2 times input.').optional(),
};

const tier = section({
  above_tokens: z
    .int(rule(tokens))
    .min(1, rule(tokens))
    .describe('The prices of this tier hold for a whole request whose prompt is longer than this.'),
  ...prices,
});

const model = section({
  model_name: name.describe('Name for people.').optional(),
  ...prices,
  valid_from: dateField.describe('First day (UTC) that the prices hold.').optional(),
  valid_until: dateField.describe('Last day (UTC) that the prices hold.').optional(),
  tiers: z
    .array(tier, rule('a list of tiers'))
    .describe(
      'Prices of long prompts: uncached input, cache reads and cache writes together. The highest that fits holds.',
    )
    .optional(),
  fast_multiplier: factorField.describe('What a request in fast mode costs, times the usual. Without it 1.').optional(),
  geo_multipliers: z
    .record(name, factorField, rule('places of inference with their multipliers, as {"us": 1.1}'))
    .describe('By the place of inference (inference_geo). A place that is not here costs the usual.')
    .optional(),
  source: text.describe('Where the prices were read, and when.').optional(),
  note: text.optional(),
  unconfirmed: text.describe('What of the prices was not read from the vendor itself. Absent: nothing.').optional(),
}).refine(({ valid_from, valid_until }) => !valid_from || !valid_until || valid_from <= valid_until, {
  path: ['valid_until'],
  ...rule('a day that is not before valid_from'),
});

const OWNERS = ['stage', 'command', 'agent', 'skill', 'model'] as const;

const budget = section({
  name: name.describe('How alerts call it.').optional(),
  period: z.enum(['day', 'week', 'month'], rule('"day", "week" or "month"')),
  limit: z.number(rule(money)).positive(rule(money)),
  stage: name.optional(),
  command: name.optional(),
  agent: name.optional(),
  skill: name.optional(),
  model: name.optional(),
}).refine(given => OWNERS.filter(owner => given[owner] !== undefined).length <= 1, {
  ...rule(`at most one of ${OWNERS.join(', ')}`),
});

const enabled = z.boolean(rule('true or false')).describe('Default true.').optional();
const number = (value: number): z.ZodOptional<z.ZodNumber> =>
  z.number(rule(amount)).min(0, rule(amount)).describe(`Default ${value}.`).optional();

const { cheaper_model_for_small_agents, cache_never_read, long_cache_not_needed, expensive_prompts } = RULE_DEFAULTS;
const recommendation = z.discriminatedUnion(
  'rule',
  [
    section({
      rule: z.literal('cheaper_model_for_small_agents'),
      enabled,
      to_model: name.describe(`Default ${cheaper_model_for_small_agents.to_model}.`).optional(),
      max_average_input_tokens: number(cheaper_model_for_small_agents.max_average_input_tokens),
      max_average_output_tokens: number(cheaper_model_for_small_agents.max_average_output_tokens),
      min_requests: number(cheaper_model_for_small_agents.min_requests),
    }),
    section({
      rule: z.literal('cache_never_read'),
      enabled,
      min_cache_write_tokens: number(cache_never_read.min_cache_write_tokens),
      max_reads_per_write: number(cache_never_read.max_reads_per_write),
    }),
    section({
      rule: z.literal('long_cache_not_needed'),
      enabled,
      min_cache_write_1h_tokens: number(long_cache_not_needed.min_cache_write_1h_tokens),
      max_session_minutes: number(long_cache_not_needed.max_session_minutes),
    }),
    section({
      rule: z.literal('expensive_prompts'),
      enabled,
      min_average_prompt_tokens: number(expensive_prompts.min_average_prompt_tokens),
      min_requests: number(expensive_prompts.min_requests),
      min_cost_share: z
        .number(rule(share))
        .min(0, rule(share))
        .max(1, rule(share))
        .describe(`Default ${expensive_prompts.min_cost_share}.`)
        .optional(),
    }),
  ],
  rule(`a text, or a rule: ${Object.keys(RULE_DEFAULTS).join(', ')}`),
);

export const pricingSchema = section({
  $schema: text.optional(),
  schema_version: text.optional(),
  currency: z.literal('USD', rule('"USD"')).optional(),
  web_search: z
    .number(rule(searchPrice))
    .min(0, rule(searchPrice))
    .max(100_000, rule('at most 100000'))
    .describe('Price in USD of 1,000 web searches.')
    .optional(),
  models: z
    .record(
      name,
      z.union([model, z.array(model).min(1, rule('at least one price'))], rule('prices, or a list of dated prices')),
      rule('model ids with their prices'),
    )
    .describe('Prices in USD per 1,000 tokens. Of several that hold at a time, the first counts.')
    .optional(),
  aliases: z
    .record(name, name, rule('model ids with the id whose prices hold for them'))
    .describe('Other ids of a model, as a gateway may call it.')
    .optional(),
  alert_thresholds: section({
    hourly_cost_warning: amountField,
    hourly_cost_critical: amountField,
    daily_cost_warning: amountField,
    daily_cost_critical: amountField,
    hourly_tokens_warning: amountField,
    hourly_tokens_critical: amountField,
  }).optional(),
  budgets: z.array(budget, rule('a list of budgets')).optional(),
  recommendations: z
    .array(z.union([name, recommendation], rule('a text, or an object with a rule')), rule('a list of texts and rules'))
    .optional(),
});

export type Pricing = z.infer<typeof pricingSchema>;
