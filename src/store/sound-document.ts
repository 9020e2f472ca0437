/**
 * Whether a document says what its readers rely on. We wrote it, so it is not held against the schema, which would have
 * to be loaded; but a disk or a person may have changed it, and then it is written anew from the journal.
 */
import { SpanbookError } from '../errors.ts';
import { isCount } from '../model/count-of.ts';
import type { PipelineHead } from '../model/document-schema.ts';
import { END_STATUSES } from '../model/fact.ts';
import { readHead } from './archive.ts';

type Fields = Record<string, unknown>;
type Check = (value: unknown) => boolean;

const isText: Check = value => typeof value === 'string';
const isNumber: Check = value => typeof value === 'number' && Number.isFinite(value);
const isTime: Check = value => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const isObject: Check = value => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTextOrNumber: Check = value => isText(value) || isNumber(value);

const orNull =
  (check: Check): Check =>
  value =>
    value === null || check(value);
const orAbsent =
  (check: Check): Check =>
  value =>
    value === undefined || value === null || check(value);
const listOf =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check);

/** An object with all of these; others are allowed. */
function withAll(fields: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(fields);
  return value => isObject(value) && checks.every(([key, check]) => check((value as Fields)[key]));
}

const oneOf =
  (...values: unknown[]): Check =>
  value =>
    values.includes(value);

const isLevel = oneOf('command', 'agent', 'skill', 'checkpoint', 'error', 'warning', 'info');
const failure = withAll({ type: isText, message: isText, severity: isText });
const usageRow = withAll({
  ...Object.fromEntries(
    ['input', 'output', 'cache_read', 'cache_write_5m', 'cache_write_1h'].map(kind => [`${kind}_tokens`, isCount]),
  ),
  requests: isCount,
  cost: orAbsent(isNumber),
  unpriced_tokens: orAbsent(isCount),
});

const EVENT = withAll({
  event_id: isText,
  timestamp: isTime,
  level: isLevel,
  parent_event_id: orNull(isText),
  activity: withAll({
    type: isText,
    name: isText,
    label: orAbsent(isText),
    intent: orAbsent(isText),
    stage: orAbsent(isText),
  }),
  context: withAll({ stage: orNull(isText), system_name: orNull(isText), checkpoint: orAbsent(isTextOrNumber) }),
  hierarchy: withAll({ depth: isCount, path: listOf(isText) }),
  session_id: orAbsent(isText),
  source: isText,
  trace: withAll({ trace_id: orNull(isText), span_id: orNull(isText), parent_span_id: orNull(isText) }),
  attributes: orAbsent(isObject),
});

const END = withAll({
  related_start_event_id: isText,
  status: oneOf(...END_STATUSES),
  duration_ms: isNumber,
  outputs: orAbsent(isObject),
  error: orAbsent(failure),
  usage: orAbsent(withAll({ self: usageRow, total: usageRow })),
});

/** What an event has beside the others, by its type. */
const BY_TYPE = new Map<unknown, Check>([
  ...['command', 'agent_spawn', 'skill_invoke', 'checkpoint'].flatMap((level): [string, Check][] => [
    [`${level}_start`, () => true],
    [`${level}_end`, END],
  ]),
  ['error', withAll({ error: failure })],
  ['warning', withAll({ warning: failure })],
  ['info', withAll({ message: isText })],
]);

const isEvent: Check = value => EVENT(value) && (BY_TYPE.get((value as Fields).event_type)?.(value) ?? false);

/** All but the events. */
const isSoundHead: Check = withAll({
  system_name: orNull(isText),
  stage: orNull(isText),
  pipeline_started_at: orNull(isTime),
  pipeline_updated_at: orNull(isTime),
  pipeline_status: oneOf('idle', 'running', 'completed', 'failed', 'cancelled'),
  current_context: withAll({ stage: orNull(isText), system_name: orNull(isText), checkpoint: orNull(isTextOrNumber) }),
  statistics: withAll(
    Object.fromEntries(
      ['events', 'commands', 'agents_spawned', 'skills_invoked', 'errors', 'warnings'].map(kind => [
        `total_${kind}`,
        isCount,
      ]),
    ),
  ),
  active_activities: listOf(
    withAll({
      event_id: isText,
      level: isLevel,
      name: isText,
      label: orAbsent(isText),
      started_at: isTime,
      depth: isCount,
      path: listOf(isText),
      parent_event_id: orNull(isText),
      stage: orNull(isText),
      session_id: isText,
      trace_id: orAbsent(isText),
      process: orAbsent(withAll({ pid: isCount, started: isCount, boot: isText, host: isText, namespace: isText })),
    }),
  ),
  skipped: orAbsent(value => isObject(value) && Object.values(value as Fields).every(isCount)),
});

/** The whole of it. */
export const isSoundDocument: Check = value => isSoundHead(value) && listOf(isEvent)((value as Fields).events);

/**
 * The head of a document; null if there is no file.
 *
 * @throws SpanbookError `STATE_UNREADABLE` if it does not say what readers rely on.
 */
export function readSoundHead(path: string): PipelineHead | null {
  const head: object | null = readHead(path);
  if (head && !isSoundHead(head)) throw otherJson(path);
  return head as PipelineHead | null;
}

export const otherJson = (path: string): SpanbookError =>
  new SpanbookError('STATE_UNREADABLE', `${path}: expected a document of spanbook, got other JSON`);
