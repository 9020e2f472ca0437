/** What real clients posted to `/v1/logs`, and events as they would post them. */
import { readFileSync } from 'node:fs';
import { ROOT } from './run-program.ts';

/** The bodies that a version of the client posted, in order. */
export const recordedLogs = (version: '2.1.197' | '2.1.332'): string[] => linesOf(`otlp-logs-${version}.jsonl`);

/**
 * What a version posted of its decisions about five calls: Bash allowed, Bash refused, Write by a rule of the person's own
 * settings, Bash by another rule, and a Bash that was asked about when the one before it was done.
 */
export const recordedDecisions = (version: '2.1.197' | '2.1.332'): string[] =>
  linesOf(`tool-decisions-${version}.jsonl`);

export interface Usage {
  input_tokens: number;
  output_tokens: number;
  cache_read_input_tokens: number;
  cache_creation_input_tokens: number;
}

/** The usage of each answered request of the session that 2.1.197 posted, in order. */
export const answeredRequests = (): { n: number; usage: Usage }[] =>
  linesOf('recorded-requests.jsonl').map(line => JSON.parse(line));

const linesOf = (name: string): string[] => readFileSync(`${ROOT}test/fixtures/${name}`, 'utf8').trimEnd().split('\n');

const REQUEST = {
  'event.name': 'api_request',
  'event.timestamp': '2026-11-22T06:47:24.596Z',
  'event.sequence': 23,
  'session.id': 'session-1',
  'prompt.id': 'prompt-1',
  model: 'claude-sonnet-4-5-20250929',
  input_tokens: 1001,
  output_tokens: 51,
  cache_read_tokens: 3000,
  cache_creation_tokens: 200,
  cost_usd: 0.005418,
  cost_usd_micros: 5418,
  duration_ms: 32,
  request_id: 'req_1',
  speed: 'normal',
  query_source: 'sdk',
};

/** A log record of an `api_request`; an undefined takes an attribute out. */
export const requestRecord = (attributes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
  recordOf('claude_code.api_request', { ...REQUEST, ...attributes });

const DECISION = {
  'event.name': 'tool_decision',
  'event.timestamp': '2026-11-22T06:47:24.596Z',
  'event.sequence': 26,
  'session.id': 'session-1',
  'prompt.id': 'prompt-1',
  decision: 'accept',
  source: 'user_temporary',
  tool_name: 'Bash',
  tool_use_id: 'toolu_1',
};

/** The same of a `tool_decision`. */
export const decisionRecord = (attributes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
  recordOf('claude_code.tool_decision', { ...DECISION, ...attributes });

const recordOf = (name: string, attributes: object): Record<string, unknown> => ({
  timeUnixNano: '1795330044596000000',
  body: { stringValue: name },
  attributes: Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ key, value: otlpValue(value) })),
});

function otlpValue(value: unknown): unknown {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value !== 'number') return value;
  return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
}

/** The body of an export of these records. */
export const logsOf = (...logRecords: unknown[]): object => ({
  resourceLogs: [{ scopeLogs: [{ scope: { name: 'com.anthropic.claude_code.events' }, logRecords }] }],
});
