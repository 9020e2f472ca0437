/** Shapes of what commands answer, by the path under which they are served. */
import { z } from 'zod';
import { documentSchema } from '../../model/document-schema.ts';
import { bottleneckShape } from './run-schemas.ts';
import {
  alert,
  budget,
  count,
  dollars,
  level,
  millis,
  month,
  pipelineStatus,
  range,
  share,
  statistics,
  status,
  timestamp,
  usageColumns,
  usageRow,
} from './shapes.ts';

const text = z.string();
/** Events are documented with the file that they stand in. */
const event = documentSchema.shape.events.element.meta({ id: 'Event' });
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
const hierarchyNode = z
  .looseObject({
    event_id: text,
    level,
    name: text,
    status,
    started_at: timestamp,
    duration_ms: millis,
    errors: count,
    warnings: count,
    get children() {
      return z.array(hierarchyNode);
    },
  })
  .meta({ id: 'HierarchyNode' });
const figures = {
  count,
  ended: count,
  failed: count,
  failure_share: share.nullable(),
  timed: count,
  p50_ms: millis.nullable(),
  p95_ms: millis.nullable(),
  longest_ms: millis.nullable(),
  total_ms: millis,
  total_cost: dollars,
  p50_cost: dollars.nullable(),
  p95_cost: dollars.nullable(),
  tokens: count,
};
const anomaly = z
  .strictObject({
    event_id: text,
    level,
    name: text,
    status,
    started_at: timestamp,
    ended_at: timestamp.nullable(),
    kind: text,
    value: z.number(),
    usual: z.number(),
    low: z.number(),
    high: z.number(),
    score: z.number(),
    history: count,
    reason: text,
  })
  .meta({ id: 'Anomaly' });
const side = z.looseObject({ count, ended: count, failed: count });
const change = z.looseObject({ verdict: z.enum(['up', 'down', 'noise', 'too_little_data']) });

export const COMMAND_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  '/api/pipeline/status': z.strictObject(pipelineStatus),
  '/api/pipeline/active': z.strictObject({
    activities: z.array(
      z.strictObject({
        event_id: text,
        level,
        name: text,
        label: text.optional(),
        started_at: timestamp,
        elapsed_ms: millis,
        depth: count,
        path: z.array(text),
        parent_event_id: text.nullable(),
        stage: text.nullable(),
        session_id: text,
      }),
    ),
  }),
  '/api/pipeline/events': z.strictObject({ events: z.array(event) }),
  '/api/pipeline/hierarchy': z.looseObject({ roots: z.array(hierarchyNode).optional() }),
  '/api/pipeline/show': z.looseObject({ event_id: text, level, name: text, status, content: z.looseObject({}) }),
  '/api/pipeline/sessions': z.strictObject({
    sessions: z.array(
      z.strictObject({
        session_id: text,
        title: text.nullable(),
        cwd: text.nullable(),
        branch: text.nullable(),
        started_at: timestamp,
        last_at: timestamp,
        ended_at: timestamp.nullable(),
        commands: count,
        active_count: count,
        transcript_path: text.nullable(),
      }),
    ),
  }),
  '/api/pipeline/stats': z.strictObject({ statistics }),
  '/api/pipeline/summary': z.looseObject({ statistics, usage: usageRow.optional() }),
  '/api/pipeline/errors': z.strictObject({ errors: z.array(event), warnings: z.array(event) }),
  '/api/pipeline/durations': z.looseObject({
    rows: z.array(
      z.strictObject({
        level,
        name: text,
        ...figures,
        periods: z.array(z.strictObject({ start: timestamp, label: text, ...figures })),
      }),
    ),
  }),
  '/api/pipeline/bottlenecks': z.strictObject({ run: z.strictObject(bottleneckShape).nullable() }),
  '/api/pipeline/anomalies': z.looseObject({
    anomalies: z.array(anomaly),
    found: count,
    examined: count,
    judged: count,
  }),
  '/api/pipeline/compare': z.looseObject({
    at: timestamp,
    ...range,
    totals: z.strictObject({ before: z.looseObject({ runs: count }), after: z.looseObject({ runs: count }) }),
    rows: z.array(
      z.looseObject({ level, name: text, before: side, after: side, duration: change, cost: change, failures: change }),
    ),
  }),
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
  '/api/context/show': z.looseObject({}),
  '/api/monitor/status': z.looseObject({
    running: z.boolean(),
    pid: count.nullable(),
    since: timestamp.nullable(),
    last_poll_at: timestamp.nullable(),
    relay: z.looseObject({ endpoint: text, state: text, lag_events: count }).nullable(),
    hooks: z.strictObject({ last_seen_at: timestamp.nullable() }),
  }),
};
