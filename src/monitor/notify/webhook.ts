/** Alerts by HTTP to a chat or another program. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { systemErrorCode } from '../../errors.ts';
import type { AlertSettings } from '../../model/alert-settings-schema.ts';
import type { Alert } from '../../usage/alert.ts';
import type { Channel, NotifyDeps, SendResult } from './channel.ts';
import { webhookBody } from './webhook-body.ts';
import { type WebhookTarget, webhookTarget } from './webhook-target.ts';

type WebhookSettings = NonNullable<AlertSettings['webhook']>;

const ANSWER_MILLIS = 10_000;
/** Of an answer that is a refusal. */
const MAX_ANSWER_LENGTH = 200;

export function webhookChannel(settings: WebhookSettings, deps: NotifyDeps): Channel {
  // The path of such an address is often its secret.
  const shown = URL.canParse(settings.url) ? new URL(settings.url).origin : 'no URL';
  return {
    id: 'webhook',
    name: `webhook ${shown}`,
    takesOne: false,
    send: alerts => sendWebhook(settings, alerts, deps),
  };
}

async function sendWebhook(settings: WebhookSettings, alerts: readonly Alert[], deps: NotifyDeps): Promise<SendResult> {
  const millis = deps.serverMillis ?? ANSWER_MILLIS;
  const signal = AbortSignal.timeout(millis);
  try {
    const { allow_private: allowPrivate = false } = settings;
    const target = await beforeAbort(webhookTarget(settings.url, { allowPrivate, lookup: deps.lookup }), signal);
    if (typeof target === 'string') return { ok: false, detail: target };
    return await post({ target, headers: settings.headers ?? {}, body: webhookBody(alerts), signal });
  } catch (error) {
    return { ok: false, detail: signal.aborted ? `no answer within ${millis / 1000} s` : reasonOf(error) };
  }
}

/** A name server that does not answer must not hold us up. */
function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}

interface Post {
  target: WebhookTarget;
  headers: Readonly<Record<string, string>>;
  body: string;
  signal: AbortSignal;
}

function post({ target: { url, lookup }, headers, body, signal }: Post): Promise<SendResult> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      // No connection of before, and no proxy: either would lead past the addresses that were checked.
      agent: false,
      lookup,
      signal,
    });
    sent.once('error', reject);
    sent.once('response', response => {
      const { statusCode = 0 } = response;
      if (statusCode >= 200 && statusCode < 300) {
        resolve({ ok: true, detail: `answered ${statusCode}` });
        response.destroy();
        return;
      }
      let answer = '';
      response.setEncoding('utf8').on('data', text => {
        answer += text;
        if (answer.length > MAX_ANSWER_LENGTH) response.destroy();
      });
      response
        .once('error', reject)
        .once('close', () => resolve({ ok: false, detail: refusalText(statusCode, answer) }));
    });
    sent.end(body);
  });
}

function refusalText(status: number, answer: string): string {
  if (status >= 300 && status < 400) return `answered ${status}; redirects are not followed, set the final address`;
  // Slack's word for the reason. Anything longer may repeat what was sent, headers included.
  const word = answer.trim();
  return `answered ${status}${/^[a-z_]{3,40}$/.test(word) ? ` (${word})` : ''}`;
}

/** Messages of errors may hold the address, so the code has to do. */
function reasonOf(error: unknown): string {
  const code = systemErrorCode(error);
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host has no address, or no name server answers';
  return code ?? 'the connection failed';
}
