/** The prices, limits and hints that a person may write into `usage_pricing.json`. */
import { z } from 'zod';
import { rule, section } from './schema-rules.ts';

const price = 'a price in USD per 1,000 tokens, 0 or more';
const amount = 'a number, 0 or more';
const money = 'an amount in USD above 0';
const tokens = 'a whole number of tokens, 1 or more';
const day = 'a date as 2026-01-31';
const name = z.string(rule('a text')).min(1, rule('a text that is not empty'));

const priceField = z.number(rule(price)).min(0, rule(price));
const amountField = z.number(rule(amount)).min(0, rule(amount)).optional();
const dateField = z.iso.date(rule(day));

const prices = {
  input: priceField.describe('Uncached input.'),
  output: priceField,
  cache_read: priceField.optional(),
  cache_write_5m: priceField.optional(),
  cache_write_1h: priceField.optional(),
};

const tier = section({
  above_tokens: z
    .int(rule(tokens))
    .min(1, rule(tokens))
    .describe('The prices of this tier hold for a whole request whose prompt is longer than this.'),
  ...prices,
});

const model = section({
  model_name: name.optional(),
  ...prices,
  valid_from: dateField.describe('First day (UTC) that the prices hold.').optional(),
  valid_until: dateField.describe('Last day (UTC) that the prices hold.').optional(),
  tiers: z.array(tier, rule('a list of tiers')).optional(),
});

const budget = section({
  period: z.enum(['day', 'week', 'month'], rule('"day", "week" or "month"')),
  limit: z.number(rule(money)).positive(rule(money)),
  stage: name.optional(),
  command: name.optional(),
  agent: name.optional(),
  skill: name.optional(),
  model: name.optional(),
});

export const pricingSchema = section({
  $schema: z.string(rule('a text')).optional(),
  schema_version: z.string(rule('a text')).optional(),
  currency: z.literal('USD', rule('"USD"')).optional(),
  models: z
    .record(
      name,
      z.union([model, z.array(model).min(1, rule('at least one price'))], rule('prices, or a list of dated prices')),
      rule('model ids with their prices'),
    )
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
  recommendations: z.array(name, rule('a list of texts')).optional(),
});

export type Pricing = z.infer<typeof pricingSchema>;
