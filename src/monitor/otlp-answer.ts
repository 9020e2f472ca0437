/** Request to the OTLP receiver → answer. Only programs on this machine are heard, and no web page. */
import type { IncomingMessage } from 'node:http';
import { apiRequestEvents } from '../claude-code/api-request-event.ts';
import { toolWaitFacts } from '../claude-code/tool-decision-event.ts';
import type { ToolWaitFact } from '../model/client-fact.ts';
import { type OtlpRequest, otlpRequest } from '../usage/otlp-request.ts';
import { type Body, type BodyBudget, readBody } from './read-body.ts';

export interface OtlpAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface OtlpReceiving {
  /** That the receiver listens on. */
  port: number;
  budget: BodyBudget;
  /** Keeps the requests for good before it returns; what it throws has the sender send them again. */
  onRequests(requests: readonly OtlpRequest[]): void;
  /** The same of what a person decided about tools. */
  onWaits(waits: readonly ToolWaitFact[]): void;
  /** The requests could not be kept. */
  onFailure(error: unknown): void;
  /** Events that tell nothing that could be true. */
  onDamaged(count: number): void;
}

/** Stands in `Server`, so that `doctor` knows whom it has reached. */
export const RECEIVER_NAME = 'spanbook';

const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/x-protobuf';
const LOGS = '/v1/logs';
/** Taken and dropped, so that a client that sends everything meets no errors. */
const DROPPED = ['/v1/traces', '/v1/metrics'];
const RETRY_SECONDS = '1';
/** Codes of `google.rpc.Status`, in which OTLP tells errors. */
const RPC = { invalid: 3, notFound: 5, denied: 7, exhausted: 8, unimplemented: 12, unavailable: 14 } as const;

/** The answer to a request, or null if its sender is gone. */
export async function answerOtlp(request: IncomingMessage, receiving: OtlpReceiving): Promise<OtlpAnswer | null> {
  const refusal = strangerOf(request, receiving.port);
  if (refusal) return refusal;
  const path = (request.url ?? '').split('?')[0] ?? '';
  if (path !== LOGS && !DROPPED.includes(path)) {
    return failure(404, RPC.notFound, `${LOGS} takes the logs of Claude Code; nothing else is here`);
  }
  if (request.method !== 'POST') return failure(405, RPC.unimplemented, 'expected POST', { allow: 'POST' });
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (path !== LOGS) return (await isReadToEnd(request)) ? dropped(type) : null;
  if (type !== JSON_TYPE) return wrongType(type);
  const body = await readBody(request, receiving.budget);
  return body.status === 'whole' ? keep(body.bytes, receiving) : refusedBody(body, receiving.budget);
}

const MAX_HEADERS = 100;
/** Browsers send one of these with what a page asks for, and no program does. */
const PAGE_HEADERS = ['origin', 'sec-fetch-site'];

/** A page in a browser can post to this machine: it gives itself away by its origin, or by a name of its own. */
function strangerOf({ headers, rawHeaders, httpVersionMajor }: IncomingMessage, port: number): OtlpAnswer | null {
  if (httpVersionMajor !== 1) return failure(505, RPC.invalid, 'expected HTTP 1');
  // Node drops those behind the two thousandth, which may be the ones that are looked at.
  if (rawHeaders.length > 2 * MAX_HEADERS) return failure(431, RPC.invalid, `expected at most ${MAX_HEADERS} headers`);
  const mark = PAGE_HEADERS.find(name => headers[name] !== undefined);
  if (mark) return failure(403, RPC.denied, `expected a program, got a web page (${mark})`);
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  const allowed = ['127.0.0.1', 'localhost', '[::1]'].map(name => `${name}:${port}`);
  if (hosts.length === 1 && allowed.includes(headers.host?.toLowerCase() ?? '')) return null;
  return failure(403, RPC.denied, `expected the Host ${allowed.join(' or ')}`);
}

async function isReadToEnd(request: IncomingMessage): Promise<boolean> {
  request.resume();
  await new Promise<void>(resolve => {
    request.once('close', resolve);
    request.once('end', resolve);
  });
  return request.complete;
}

function dropped(type: string | undefined): OtlpAnswer {
  if (type === PROTOBUF_TYPE) return { status: 200, headers: { 'content-type': PROTOBUF_TYPE }, body: '' };
  return success({});
}

function keep(bytes: Buffer, { onRequests, onWaits, onFailure, onDamaged }: OtlpReceiving): OtlpAnswer {
  let payload: unknown;
  try {
    payload = JSON.parse(bytes.toString('utf8'));
  } catch {
    // Said below.
  }
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return failure(400, RPC.invalid, 'expected an ExportLogsServiceRequest as a JSON object');
  }
  const { events, damaged } = apiRequestEvents(payload);
  const waits = toolWaitFacts(payload);
  try {
    // If the second cannot be kept, both come again, and count once.
    if (waits.length > 0) onWaits(waits);
    if (events.length > 0) onRequests(events.map(otlpRequest));
  } catch (error) {
    onFailure(error);
    return failure(503, RPC.unavailable, 'the requests could not be written; send them again', RETRY);
  }
  if (damaged === 0) return success({});
  onDamaged(damaged);
  const errorMessage = 'api_request events without a time, a model or counts of tokens that can be true';
  // A 64-bit number is a text in the JSON of protobuf.
  return success({ partialSuccess: { rejectedLogRecords: String(damaged), errorMessage } });
}

const RETRY = { 'retry-after': RETRY_SECONDS };

function wrongType(type: string | undefined): OtlpAnswer {
  const got = type === PROTOBUF_TYPE ? 'protobuf' : 'something else';
  const remedy = 'Set OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=http/json; in a Collector, "encoding: json"';
  return failure(415, RPC.invalid, `expected the content type ${JSON_TYPE}, got ${got}. ${remedy}`);
}

function refusedBody({ status }: Body, { maxBytes }: BodyBudget): OtlpAnswer | null {
  if (status === 'gone') return null;
  if (status === 'too-large') return failure(413, RPC.exhausted, `expected at most ${maxBytes} bytes, inflated or not`);
  if (status === 'busy') return failure(503, RPC.unavailable, 'too much at once; send it again', RETRY);
  if (status === 'damaged') return failure(400, RPC.invalid, 'expected gzip, got something else');
  const accepted = { 'accept-encoding': 'gzip, identity' };
  return failure(415, RPC.invalid, 'expected the content encoding gzip or none', accepted);
}

const success = (body: object): OtlpAnswer => ({
  status: 200,
  headers: { 'content-type': JSON_TYPE },
  body: JSON.stringify(body),
});

function failure(status: number, code: number, message: string, headers: OtlpAnswer['headers'] = {}): OtlpAnswer {
  return { status, headers: { 'content-type': JSON_TYPE, ...headers }, body: JSON.stringify({ code, message }) };
}
