/** The documented shape of `pipeline_progress.json`. Only its types are needed at run time: zod is for tests and editors. */
import { z } from 'zod';

const timestamp = z.string().regex(/^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const eventId = z.string().min(1);
const count = z.int().min(0);
const json = z.record(z.string(), z.unknown());

const contextSchema = z.object({
  stage: z.string().nullable(),
  system_name: z.string().nullable(),
  checkpoint: z.union([z.string(), z.number()]).nullable().optional(),
});

const usageRowSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_tokens: count,
  cache_write_5m_tokens: count,
  cache_write_1h_tokens: count,
  requests: count,
  cost: z.number().describe('List price in USD; absent if no price is known.').optional(),
  unpriced_tokens: count.describe('Tokens of models without a known price.').optional(),
});

const usageSchema = z.object({ self: usageRowSchema, total: usageRowSchema });

/** What every event has. A note that belongs to no known activity has the activity `unknown` and no span. */
const eventBase = {
  event_id: eventId,
  timestamp,
  parent_event_id: eventId.nullable(),
  activity: z.object({
    type: z.enum(['command', 'agent', 'skill', 'checkpoint', 'unknown']),
    name: z.string(),
    label: z.string().optional(),
    intent: z.string().optional(),
    stage: z.string().optional(),
  }),
  context: contextSchema,
  hierarchy: z.object({ depth: count, path: z.array(z.string()) }),
  session_id: z.string().optional(),
  source: z.enum(['span', 'hook', 'import']),
  trace: z.object({
    trace_id: z.string().nullable(),
    span_id: z.string().nullable(),
    parent_span_id: z.string().nullable(),
  }),
  attributes: json.optional(),
};

const activityLevel = z.enum(['command', 'agent', 'skill', 'checkpoint']);
const failure = { type: z.string(), message: z.string(), severity: z.string() };

const startSchema = z.object({
  event_type: z.enum(['command_start', 'agent_spawn_start', 'skill_invoke_start', 'checkpoint_start']),
  level: activityLevel,
  ...eventBase,
});

const endSchema = z.object({
  event_type: z.enum(['command_end', 'agent_spawn_end', 'skill_invoke_end', 'checkpoint_end']),
  level: activityLevel,
  ...eventBase,
  related_start_event_id: eventId,
  status: z.enum(['completed', 'failed', 'cancelled', 'abandoned']),
  duration_ms: z.number().min(0),
  outputs: json.optional(),
  error: z.object({ ...failure, recovery: z.unknown().optional() }).optional(),
  usage: usageSchema.optional(),
});

const errorSchema = z.object({
  event_type: z.literal('error'),
  level: z.literal('error'),
  ...eventBase,
  error: z.object({ ...failure, recovery: z.unknown().optional() }),
});

const warningSchema = z.object({
  event_type: z.literal('warning'),
  level: z.literal('warning'),
  ...eventBase,
  warning: z.object(failure),
});

const infoSchema = z.object({
  event_type: z.literal('info'),
  level: z.literal('info'),
  ...eventBase,
  message: z.string(),
});

const eventSchema = z.discriminatedUnion('event_type', [
  startSchema,
  endSchema,
  errorSchema,
  warningSchema,
  infoSchema,
]);

const activeActivitySchema = z.object({
  event_id: eventId,
  level: activityLevel,
  name: z.string(),
  label: z.string().optional(),
  started_at: timestamp,
  depth: count,
  path: z.array(z.string()),
  parent_event_id: eventId.nullable(),
  stage: z.string().nullable(),
  session_id: z.string(),
  trace_id: z.string().describe('The trace that it has in the events.').optional(),
  process: z
    .object({ pid: z.int(), started: z.int(), boot: z.string(), host: z.string(), namespace: z.string() })
    .describe('The program or client that runs it, on the outermost activity; absent where nobody can tell.')
    .optional(),
  is_program: z.boolean().describe('True: `spanbook exec` runs it, and hands it to its children.').optional(),
});

const statisticsSchema = z.object({
  total_events: count,
  total_commands: count,
  total_agents_spawned: count,
  total_skills_invoked: count,
  total_errors: count,
  total_warnings: count,
});

/** The whole document. Keys that it does not know are allowed: adding is free within a schema version. */
export const documentSchema = z.object({
  schema_version: z.literal('1.0.0'),
  system_name: z.string().nullable(),
  stage: z.string().nullable(),
  pipeline_started_at: timestamp.nullable(),
  pipeline_updated_at: timestamp.nullable(),
  pipeline_status: z.enum(['idle', 'running', 'completed', 'failed', 'cancelled']),
  current_context: contextSchema.required(),
  statistics: statisticsSchema,
  active_activities: z.array(activeActivitySchema),
  through: z.array(z.object({ segment: z.int().min(1), offset: count })),
  skipped: z
    .object({ damaged: count, unknown: count, unreadable_inputs: count, unknown_hook_events: count })
    .optional(),
  events: z.array(eventSchema),
});

export type PipelineDocument = z.infer<typeof documentSchema>;
/** A document without its events: what `status` and `active` are answered from. */
export type PipelineHead = Omit<PipelineDocument, 'events'>;
export type ActiveActivity = z.infer<typeof activeActivitySchema>;
export type PipelineStatistics = z.infer<typeof statisticsSchema>;
export type UsageRow = z.infer<typeof usageRowSchema>;
export type UsagePair = z.infer<typeof usageSchema>;
export type PipelineEvent = z.infer<typeof eventSchema>;
export type StartEvent = z.infer<typeof startSchema>;
export type EndEvent = z.infer<typeof endSchema>;
export type ErrorEvent = z.infer<typeof errorSchema>;
export type WarningEvent = z.infer<typeof warningSchema>;
export type InfoEvent = z.infer<typeof infoSchema>;
