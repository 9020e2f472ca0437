/** Shapes of what commands answer, by the path under which they are served. */
import { z } from 'zod';
import { documentSchema } from '../../model/document-schema.ts';
import { bottleneckShape } from './run-schemas.ts';
import {
  count,
  dollars,
  level,
  millis,
  pipelineStatus,
  range,
  share,
  statistics,
  status,
  timestamp,
  usageRow,
} from './shapes.ts';
import { USAGE_SCHEMAS } from './usage-schemas.ts';

const text = z.string();
/** Events are documented with the file that they stand in. */
const event = documentSchema.shape.events.element.meta({ id: 'Event' });
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
  ...USAGE_SCHEMAS,
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
