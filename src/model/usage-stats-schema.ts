/** The documented shape of `usage_stats.json`. Only its types are needed at run time: zod is for tests and editors. */
import { z } from 'zod';

const timestamp = z.string().regex(/^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const count = z.int().min(0);
const dollars = z.number().min(0);

const columns = {
  input_tokens: count.describe('Uncached input.'),
  output_tokens: count,
  cache_read_tokens: count,
  cache_write_5m_tokens: count,
  cache_write_1h_tokens: count,
  cost: dollars.describe('USD at list prices, of everything that has a price.'),
  unpriced_tokens: count.describe('Tokens whose price is not known; they are in the other columns too.'),
  requests: count,
  output_incomplete_requests: count.describe('Requests whose final usage the client never wrote.'),
};

const rowSchema = z.object({ model_name: z.string().optional(), ...columns });
const rows = (what: string) => z.record(z.string(), rowSchema).describe(`By ${what}; "unattributed" is not known.`);

const periodSchema = z.object({
  start: timestamp,
  end: timestamp,
  label: z.string().describe('The start as the clocks of the zone show it.'),
  ...columns,
});

const totalsSchema = z.object({
  total_tokens_input: count.describe('Uncached input.'),
  total_tokens_output: count,
  total_tokens_cache_read: count,
  total_tokens_cache_write_5m: count,
  total_tokens_cache_write_1h: count,
  total_cost: dollars.describe('At list prices: not money spent on a subscription.'),
  currency: z.literal('USD'),
  sessions_tracked: count,
  requests: count,
  unpriced_tokens: count,
  output_incomplete_requests: count,
  web_searches: count,
});

const alertSchema = z.object({
  key: z.string().describe('The same crossing has the same key.'),
  kind: z.string(),
  level: z.enum(['info', 'warning', 'critical']),
  at: timestamp,
  noted_at: timestamp,
  period_start: timestamp,
  period: z.enum(['hour', 'day', 'week', 'month']),
  subject: z.string().nullable().describe('What it is about; null is all usage.'),
  value: z.number(),
  limit: z.number(),
  message: z.string(),
});

/** The whole document. Keys that it does not know are allowed: adding is free within a schema version. */
export const usageStatsSchema = z.object({
  schema_version: z.literal('1.0.0'),
  monitoring_started_at: timestamp.nullable(),
  last_updated_at: timestamp.nullable(),
  poll_interval_seconds: z.number().min(1),
  totals: totalsSchema,
  skipped: z.object({ damaged: count, unreadable_files: count }).describe('Lines and files that gave nothing.'),
  by_model: rows('model id'),
  by_stage: rows('stage'),
  by_command: rows('command'),
  by_agent: rows('type of agent; "(main)" is outside of any'),
  by_skill: rows('skill; "(none)" is outside of any'),
  hourly_breakdown: z.array(periodSchema).describe('The last 48 hours, the current one last.'),
  daily_breakdown: z.array(periodSchema).describe('The last 90 days, today last.'),
  snapshots: z.array(z.object({ at: timestamp, ...totalsSchema.shape })).describe('The totals as they were.'),
  alerts: z.array(alertSchema).describe('Limits and budgets that were crossed.'),
});

export type UsageStats = z.infer<typeof usageStatsSchema>;
export type UsageStatsRow = z.infer<typeof rowSchema>;
