/** Shapes of what commands about usage answer, by the path under which they are served. */
import { z } from 'zod';
import { alert, budget, count, dollars, month, range, share, timestamp, usageColumns } from './shapes.ts';

const text = z.string();
const columns = z.strictObject(usageColumns).meta({ id: 'UsageColumns' });
const methods = z.strictObject({ exact: count, inherited: count, 'time-window': count });

const breakdownRow = z
  .strictObject({
    key: text.nullable().describe('`(main)`: no agent; `(none)`: no skill; null: not known.').optional(),
    keys: z.array(text.nullable()).describe('In the place of `key` if there are two dimensions.').optional(),
    model_name: text.nullable().optional(),
    ...usageColumns,
    share,
    method: z.enum(['exact', 'inherited', 'time-window']),
    methods,
  })
  .meta({ id: 'BreakdownRow' });
const breakdown = { by: z.array(text), ...range, rows: z.array(breakdownRow), total: columns };
const period = z
  .strictObject({ start: timestamp, end: timestamp, label: text, ...usageColumns })
  .meta({ id: 'Period' });
const seriesValues = { cost: z.array(dollars), tokens: z.array(count), requests: z.array(count) };
const periods = z.strictObject({
  time_zone: text.nullable(),
  rows: z.array(period),
  total: columns,
  by: text.optional(),
  series: z
    .array(z.strictObject({ key: text.nullable(), model_name: text.optional(), ...seriesValues }))
    .describe('With `by`: one number a row of `rows`. What is not named is in `others`.')
    .optional(),
  others: z
    .strictObject({ ...seriesValues, count })
    .nullable()
    .optional(),
});
const totals = {
  ...range,
  totals: z.strictObject({
    total_tokens_input: count,
    total_tokens_output: count,
    total_tokens_cache_read: count,
    total_tokens_cache_write_5m: count,
    total_tokens_cache_write_1h: count,
    total_cost: dollars,
    currency: z.literal('USD'),
    sessions_tracked: count,
    requests: count,
    unpriced_tokens: count,
    output_incomplete_requests: count,
    web_searches: count,
  }),
  first_at: timestamp.nullable(),
  last_at: timestamp.nullable(),
  unpriced_models: z.array(z.strictObject({ model: text.nullable(), tokens: count })),
  skipped: z.strictObject({ damaged: count, unreadable_files: count }),
};
const trend = z.strictObject({
  points: z.array(
    z.strictObject({
      start: timestamp,
      label: text,
      cost: dollars,
      unpriced_tokens: count,
      requests: count,
      in_trend: z.boolean(),
    }),
  ),
  slope_per_day: z.number().describe('USD by which a day costs more than the one before it.'),
  direction: z.enum(['rising', 'falling', 'flat']),
  average_per_day: dollars,
});
const byEach = {
  by_model: z.array(breakdownRow),
  by_stage: z.array(breakdownRow),
  by_command: z.array(breakdownRow),
  by_agent: z.array(breakdownRow),
  by_skill: z.array(breakdownRow),
};

export const USAGE_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  '/api/usage/totals': z.strictObject(totals),
  '/api/usage/breakdown': z.strictObject(breakdown),
  '/api/usage/hourly': periods,
  '/api/usage/daily': periods,
  '/api/usage/top': z.strictObject({ ...breakdown, more: count }),
  '/api/usage/trend': trend.extend({ time_zone: text.nullable() }),
  '/api/usage/alerts': z.looseObject({ alerts: z.array(alert) }),
  '/api/usage/reconcile': z.looseObject({ sources: z.array(z.unknown()), differences: z.array(z.unknown()) }),
  '/api/usage/report': z.looseObject({
    generated_at: timestamp,
    ...totals,
    total: columns,
    ...byEach,
    by_project: z.array(breakdownRow),
    daily: z.array(period),
    trend,
    month,
    alerts: z.array(alert),
    budgets: z.array(budget),
    recommendations: z.array(z.looseObject({ rule: text, subject: text.nullable(), message: text })),
  }),
  '/api/attribution/report': z.looseObject({ ...range, total: columns, ...byEach }),
  '/api/attribution/top-models': z.looseObject(breakdown),
  '/api/attribution/top-stages': z.looseObject(breakdown),
  '/api/attribution/top-commands': z.looseObject(breakdown),
  '/api/attribution/top-agents': z.looseObject(breakdown),
  '/api/attribution/top-skills': z.looseObject(breakdown),
};
