/** A trace as OTLP JSON, written by hand and not by the product: a command, its agent, and a request of the agent. */
import { randomBytes } from 'node:crypto';

export interface HandSpan {
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** Milliseconds after the start of the trace. */
  start: number;
  end: number;
  kind?: number;
  attributes?: Record<string, string | number>;
}

export const ROOT_SPAN = 'a000000000000001';
export const AGENT_SPAN = 'a000000000000002';
export const CHAT_SPAN = 'a000000000000003';

export const SPANS: readonly HandSpan[] = [
  {
    spanId: ROOT_SPAN,
    name: 'invoke_workflow /simple',
    start: 0,
    end: 900,
    attributes: { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': '/simple' },
  },
  {
    spanId: AGENT_SPAN,
    parentSpanId: ROOT_SPAN,
    name: 'invoke_agent builder',
    start: 100,
    end: 800,
    attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'builder' },
  },
  {
    spanId: CHAT_SPAN,
    parentSpanId: AGENT_SPAN,
    name: 'chat claude-sonnet-4-5',
    start: 200,
    end: 700,
    kind: 3,
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 12_345 },
  },
];

export const newTraceId = (): string => randomBytes(16).toString('hex');

export interface HandTrace {
  traceId: string;
  session?: string;
  spans?: readonly HandSpan[];
  startMillis?: number;
}

/** Sends it and gives the status of the answer. */
export async function postTrace(otlpUrl: string, trace: HandTrace): Promise<number> {
  const response = await fetch(`${otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(otlpOf(trace)),
  });
  await response.arrayBuffer();
  return response.status;
}

function otlpOf({ traceId, session = 's1', spans = SPANS, startMillis = Date.now() - 60_000 }: HandTrace): object {
  const nanos = (millis: number): string => `${startMillis + millis}000000`;
  const resource = { attributes: pairs({ 'service.name': 'spanbook', 'host.name': 'dev' }) };
  const written = spans.map(({ start, end, kind = 1, attributes = {}, ...span }) => ({
    ...span,
    traceId,
    kind,
    startTimeUnixNano: nanos(start),
    endTimeUnixNano: nanos(end),
    attributes: pairs({ 'session.id': session, ...attributes }),
    status: {},
  }));
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'spanbook' }, spans: written }] }] };
}

const pairs = (attributes: Record<string, string | number>): object[] =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
