/** Parts that many answers have in common. Only tests and the build load these files: at run time nothing is checked. */
import { z } from 'zod';

export const timestamp = z.string().describe('RFC 3339 in UTC, with milliseconds.');
export const count = z.int().min(0);
export const millis = z.number().min(0).describe('Milliseconds.');
export const dollars = z.number().describe('USD at list prices: not money spent on a subscription.');
export const share = z.number().describe('0 to 1.');
export const level = z.enum(['command', 'agent', 'skill', 'checkpoint']);
export const status = z.enum(['running', 'completed', 'failed', 'cancelled', 'abandoned']);

const tokens = {
  input_tokens: count.describe('Uncached input.'),
  output_tokens: count,
  cache_read_tokens: count,
  cache_write_5m_tokens: count,
  cache_write_1h_tokens: count,
};

/** Of an activity or a request. */
export const usageRow = z
  .strictObject({
    ...tokens,
    requests: count,
    cost: dollars.optional(),
    unpriced_tokens: count.describe('Tokens of models without a known price.').optional(),
  })
  .describe('Absent cost: no price is known.')
  .meta({ id: 'UsageRow' });

/** Of a report: every column is there. */
export const usageColumns = {
  ...tokens,
  cost: dollars,
  unpriced_tokens: count.describe('Tokens whose price is not known; they are in the other columns too.'),
  requests: count,
  output_incomplete_requests: count.describe('Requests whose final usage the client never wrote.'),
};

export const range = { since: timestamp.nullable(), until: timestamp.nullable() };

export const statistics = z.strictObject({
  total_events: count,
  total_commands: count,
  total_agents_spawned: count,
  total_skills_invoked: count,
  total_errors: count,
  total_warnings: count,
});

export const pipelineStatus = {
  system_name: z.string().nullable(),
  stage: z.string().nullable(),
  pipeline_status: z.enum(['idle', 'running', 'completed', 'failed', 'cancelled']),
  pipeline_started_at: timestamp.nullable(),
  pipeline_updated_at: timestamp.nullable(),
  current_context: z.strictObject({
    stage: z.string().nullable(),
    system_name: z.string().nullable(),
    checkpoint: z.union([z.string(), z.number()]).nullable(),
  }),
  statistics,
  active_count: count,
  skipped: z
    .strictObject({ damaged: count, unknown: count, unreadable_inputs: count, unknown_hook_events: count })
    .describe('Lines of the journal that gave no event; absent if there are none.')
    .optional(),
};

export const alert = z
  .strictObject({
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
  })
  .meta({ id: 'Alert' });

const forecast = z
  .strictObject({
    expected: dollars,
    low: dollars,
    high: dollars,
    basis: z.enum(['weekdays', 'recent']),
    days: count.describe('Past days that it was worked out from.'),
  })
  .describe('Eight of ten periods end between low and high. Null: too little history.')
  .nullable();

export const budget = z
  .strictObject({
    name: z.string(),
    subject: z.string().nullable(),
    period: z.enum(['hour', 'day', 'week', 'month']),
    period_start: timestamp,
    period_end: timestamp,
    limit: dollars,
    used: dollars,
    share,
    level: z.enum(['ok', 'info', 'warning', 'critical']),
    forecast,
  })
  .meta({ id: 'Budget' });

export const month = z.strictObject({ period_start: timestamp, period_end: timestamp, used: dollars, forecast });
