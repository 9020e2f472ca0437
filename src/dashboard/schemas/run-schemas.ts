/** Shapes of what the page asks for: runs, their waterfall, what is going on. */
import { z } from 'zod';
import type { ConfigAnswer, FacetsAnswer, NowAnswer, RunAnswer, RunsAnswer } from '../answers.ts';
import {
  alert,
  budget,
  count,
  dollars,
  level,
  millis,
  pipelineStatus,
  share,
  status,
  timestamp,
  usageRow,
} from './shapes.ts';

const text = z.string();

const runShape = {
  event_id: text,
  level,
  name: text,
  label: text.nullable(),
  stage: text.nullable(),
  system_name: text.nullable(),
  session_id: text.nullable(),
  trace_id: text.nullable(),
  status,
  started_at: timestamp,
  ended_at: timestamp.nullable(),
  duration_ms: millis.describe('Until its end, or until now.'),
  agents: count,
  skills: count,
  checkpoints: count,
  errors: count.describe('Of the run and of all below it, as the warnings.'),
  warnings: count,
  usage: usageRow.nullable().describe('Of what has ended in it.'),
  agent_names: z.array(text),
  skill_names: z.array(text),
};
const run = z.strictObject(runShape).meta({ id: 'Run' });

const node = z
  .strictObject({
    event_id: text,
    level,
    name: text,
    label: text.nullable(),
    stage: text.nullable(),
    session_id: text.nullable(),
    status,
    started_at: timestamp,
    ended_at: timestamp.nullable(),
    duration_ms: millis,
    errors: count.describe('Of this activity itself, as the warnings.'),
    warnings: count,
    usage: usageRow.nullable().describe('With all below it, as far as it is known.'),
    get children() {
      return z.array(node);
    },
  })
  .meta({ id: 'Activity' });

const burn = z.strictObject({
  minutes: z.number(),
  tokens_per_minute: z.number(),
  output_tokens_per_minute: z.number(),
  cost_per_minute: dollars,
  requests: count,
});

const note = {
  event_id: text,
  level: z.enum(['error', 'warning', 'info']),
  at: timestamp,
  type: text.nullable(),
  message: text,
};
const isWhole = z.boolean().describe('False while older history is still read: then more may come.');

export const nowSchema = z.strictObject({
  status: z.strictObject(pipelineStatus),
  running: z.array(node).describe('Runs that are open, the oldest first.'),
  recent: z.array(run).describe('Runs that have ended, the newest first.'),
  burn: z.strictObject({ one: burn, five: burn }).describe('Of the last minute, and of the last five.'),
  today: z
    .strictObject({ cost: dollars, tokens: count, requests: count, unpriced_tokens: count })
    .nullable()
    .describe('Null before usage was read.'),
  alerts: z.array(alert).describe('Of the last day, the newest first.'),
  budgets: z.array(budget),
  problems: z
    .array(z.strictObject({ ...note, run_id: text.nullable(), activity: text }))
    .describe('Errors and warnings, the newest first.'),
  is_whole: isWhole,
});

export const runsSchema = z.strictObject({
  runs: z.array(run),
  matching: count.describe('Runs that fit, of which this is one page.'),
  total: count.describe('All that are read.'),
  total_commands: count.describe('Commands that were ever recorded.'),
  is_whole: isWhole,
  order: text,
});

const facets = z.array(z.strictObject({ name: text, runs: count }));
export const facetsSchema = z.strictObject({
  commands: facets,
  agents: facets,
  skills: facets,
  stages: facets,
  statuses: facets,
  models: z.array(text),
});

const kind = z.enum(['command', 'agent', 'skill', 'checkpoint', 'chat', 'tool', 'wait']);

const item = z
  .strictObject({
    id: text.describe('event_id of an activity; span id of a request, a tool call or a wait.'),
    parent_id: text.nullable(),
    kind,
    name: text,
    label: text.nullable(),
    depth: count,
    started_ms: z.number().describe('Milliseconds since 1970.'),
    ended_ms: z.number().nullable().describe('Null while it runs.'),
    status,
    error: text.nullable(),
    usage: usageRow.nullable(),
    notes: z.array(z.strictObject(note)),
    attributes: z.record(text, z.unknown()).nullable(),
  })
  .meta({ id: 'TimelineItem' });

export const bottleneckShape = {
  event_id: text,
  level,
  name: text,
  label: text.nullable(),
  status,
  started_at: timestamp,
  ended_at: timestamp.nullable(),
  duration_ms: millis,
  has_leaves: z.boolean().describe('True: requests and tools are known.'),
  path: z.array(
    z.strictObject({
      event_id: text,
      level: kind,
      name: text,
      started_at: timestamp,
      ended_at: timestamp,
      own_ms: millis,
      share,
    }),
  ),
  causes: z.array(z.strictObject({ level: kind, name: text, segments: count, own_ms: millis, share })),
  activities: z.array(
    z.strictObject({
      event_id: text,
      parent_event_id: text.nullable(),
      level,
      name: text,
      started_at: timestamp,
      duration_ms: millis,
      self_ms: millis,
      critical_ms: millis,
    }),
  ),
};

export const runSchema = z.strictObject({
  run,
  event_id: text.describe('The activity that was asked for.'),
  items: z.array(item).describe('Each before what is below it.'),
  critical_path: z.strictObject(bottleneckShape),
  content: z
    .strictObject({
      cwd: text.nullable(),
      transcript_path: text.nullable(),
      agent_transcript_path: text.nullable(),
    })
    .describe('Prompts and results are not kept; here is who keeps them.'),
  jaeger_url: text.nullable(),
  has_leaves: z.boolean(),
});

export const configSchema = z.strictObject({
  version: text,
  state_dir: text,
  time_zone: text,
  jaeger_url: text.nullable(),
});

/** The types and the shapes say the same, or this does not compile. */
export type ShapesFit = [
  Fits<z.infer<typeof nowSchema>, NowAnswer>,
  Fits<z.infer<typeof runsSchema>, RunsAnswer>,
  Fits<z.infer<typeof facetsSchema>, FacetsAnswer>,
  Fits<z.infer<typeof runSchema>, RunAnswer>,
  Fits<z.infer<typeof configSchema>, ConfigAnswer>,
];
type Fits<Shape extends object, Answer extends Shape> = [Shape, Answer];
