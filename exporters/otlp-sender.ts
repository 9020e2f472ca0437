/**
 * Sends one request by OTLP/HTTP, and says what came of it. The stock exporter takes a page of a web server for success
 * and drops what a busy one refuses; here nothing counts as delivered that is not proved.
 */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { systemErrorCode } from '../src/errors.ts';
import { hideSecrets } from './hide-secrets.ts';

const TIMEOUT_MILLIS = 10_000;
/** Answers are a few bytes; more is read by nobody. */
const MAX_ANSWER_BYTES = 65_536;
const MAX_RETRY_AFTER_MILLIS = 300_000;
const SHOWN_CHARACTERS = 120;
const MAX_REASON = 1000;
/** The receiver is there and says: later. */
const BUSY = [429, 502, 503, 504];
/** The receiver does not take these bytes, whoever sends them. */
const REFUSED = [400, 413, 422];

/**
 * `delivered`: all of it. `partial`: but for a number of spans, which it does not name. `refused`: not these bytes; less
 * of them, perhaps. `later`: as it is, at another time. `wrong`: whoever answers takes no spans, or not ours.
 */
export type SendResult =
  | { kind: 'delivered' }
  | { kind: 'partial'; rejected: number; reason: string }
  | { kind: 'refused'; reason: string }
  | { kind: 'later'; reason: string; afterMillis?: number | undefined }
  | { kind: 'wrong'; reason: string };

export interface OtlpSender {
  /** Never rejects. */
  send(body: Uint8Array): Promise<SendResult>;
  /** True: a request under way is no reason for the process to go on. Default: false. */
  isIdle: boolean;
  close(): void;
}

export interface OtlpSenderOptions {
  /** The whole URL, as `http://127.0.0.1:4318/v1/traces`. */
  url: string;
  headers?: Readonly<Record<string, string>> | undefined;
  timeoutMillis?: number | undefined;
}

export function createSender({ url, headers, timeoutMillis = TIMEOUT_MILLIS }: OtlpSenderOptions): OtlpSender {
  const isSecure = url.startsWith('https:');
  const hide = hideSecrets(url, headers);
  // One request at a time is the rule of the relay, and a socket that stays open spares most of its time.
  const agent = isSecure
    ? new HttpsAgent({ keepAlive: true, maxSockets: 1 })
    : new HttpAgent({ keepAlive: true, maxSockets: 1 });
  const attempt = (body: Uint8Array): Promise<SendResult> =>
    new Promise(resolve => {
      const post = isSecure ? httpsRequest : httpRequest;
      const outgoing = post(url, {
        method: 'POST',
        agent,
        headers: { ...headers, 'content-type': 'application/json', 'content-length': body.length },
      });
      const timer = setTimeout(
        () => outgoing.destroy(new Error(`no answer within ${timeoutMillis / 1000} s`)),
        timeoutMillis,
      );
      if (sender.isIdle) timer.unref();
      const done = (result: SendResult): void => {
        clearTimeout(timer);
        resolve(result);
      };
      outgoing.on('socket', socket => (sender.isIdle ? socket.unref() : socket.ref()));
      outgoing.on('error', error => done({ kind: 'later', reason: reasonOf(error) }));
      outgoing.on('response', response => {
        readAnswer(response).then(
          answer => done(resultOf(response, answer, hide)),
          (error: unknown) => done({ kind: 'later', reason: reasonOf(error) }),
        );
      });
      outgoing.end(body);
    });
  const sender: OtlpSender = {
    isIdle: false,
    // A header that is not allowed, as one with a line end, is found out when the request is made.
    send: body => attempt(body).catch((error: unknown) => ({ kind: 'wrong', reason: withoutValues(error) })),
    close: () => agent.destroy(),
  };
  return sender;
}

/** Messages of Node.js may repeat headers, and those are secret. */
const withoutValues = (error: unknown): string =>
  `the request cannot be made: ${systemErrorCode(error) ?? 'no reason given'}`;

async function readAnswer(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

type Hide = (text: string) => string;

function resultOf({ statusCode = 0, headers }: IncomingMessage, answer: Buffer, hide: Hide): SendResult {
  const type = headers['content-type'] ?? '';
  const said = type.includes('html') ? '' : hide(answer.toString('utf8')).slice(0, SHOWN_CHARACTERS);
  const reason = `HTTP ${statusCode}${type === '' ? '' : ` (${type})`}${said === '' ? '' : `: ${said}`}`;
  if (BUSY.includes(statusCode)) return { kind: 'later', reason, afterMillis: retryAfter(headers['retry-after']) };
  // Whoever answers with a page is no receiver that looked at the spans.
  if (REFUSED.includes(statusCode) && !type.includes('html')) return { kind: 'refused', reason };
  if (statusCode < 200 || statusCode > 299) return { kind: 'wrong', reason };
  return (
    proved(type, answer, hide) ?? {
      kind: 'wrong',
      reason: `expected the JSON answer of an OTLP receiver, got ${reason}`,
    }
  );
}

/** Null if this is not how a receiver of OTLP answers. */
function proved(type: string, answer: Buffer, hide: Hide): SendResult | null {
  if (!/^application\/json\b/i.test(type)) return null;
  let value: unknown;
  try {
    value = answer.length === 0 ? {} : JSON.parse(answer.toString('utf8'));
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const partial = (value as { partialSuccess?: { rejectedSpans?: unknown; errorMessage?: unknown } | null })
    .partialSuccess;
  // A 64-bit number is a text in the JSON of protobuf.
  const told = partial?.rejectedSpans;
  const rejected = typeof told === 'string' || typeof told === 'number' ? Number(told) : 0;
  if (!(rejected > 0)) return { kind: 'delivered' };
  const reason = typeof partial?.errorMessage === 'string' ? partial.errorMessage : 'no reason given';
  return { kind: 'partial', rejected, reason: hide(reason).slice(0, MAX_REASON) };
}

/** Milliseconds from a header in seconds or with a date; undefined if it says neither. */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const millis = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(millis) ? Math.min(Math.max(0, millis), MAX_RETRY_AFTER_MILLIS) : undefined;
}

function reasonOf(error: unknown): string {
  const code = systemErrorCode(error);
  const message = error instanceof Error && error.message !== '' ? error.message : String(code ?? error);
  return code !== undefined && !message.includes(code) ? `${code}: ${message}` : message;
}
