/** Alerts by mail, over a mail server (SMTP) of one's own. */
import { systemErrorCode } from '../../errors.ts';
import type { AlertSettings } from '../../model/alert-settings-schema.ts';
import type { Alert } from '../../usage/alert.ts';
import { alertLines, alertTitle } from './alert-text.ts';
import type { Channel, NotifyDeps, SendResult } from './channel.ts';

type MailSettings = NonNullable<AlertSettings['mail']>;

const SERVER_MILLIS = 10_000;
const SUBMISSION_PORT = 587;
const TLS_PORT = 465;

export function mailChannel(settings: MailSettings, deps: NotifyDeps): Channel {
  return {
    id: 'mail',
    name: `mail by ${settings.host}`,
    takesOne: false,
    send: alerts => sendMail(settings, alerts, deps),
  };
}

async function sendMail(settings: MailSettings, alerts: readonly Alert[], deps: NotifyDeps): Promise<SendResult> {
  const { host, secure = false, user, password_env: variable = '' } = settings;
  const pass = deps.env[variable];
  if (user !== undefined && !pass) {
    return { ok: false, detail: `expected the password in the environment variable ${variable}, got none` };
  }
  const millis = deps.serverMillis ?? SERVER_MILLIS;
  const { createTransport } = await import('./mail-transport.ts');
  const transport = createTransport({
    host,
    port: settings.port ?? (secure ? TLS_PORT : SUBMISSION_PORT),
    secure,
    // A password must not go over a network in the clear.
    ...(user !== undefined && { auth: { user, pass }, requireTLS: !secure && !isLoopback(host) }),
    dnsTimeout: millis,
    connectionTimeout: millis,
    greetingTimeout: millis,
    socketTimeout: millis,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from: settings.from,
      to: settings.to,
      subject: alertTitle(alerts),
      text: `${alertLines(alerts).join('\n')}\n`,
      // Keeps answers of absent people out of the mailbox.
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    return { ok: true, detail: 'taken by the server' };
  } catch (error) {
    return { ok: false, detail: reasonOf(error) };
  } finally {
    transport.close();
  }
}

const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host);

/** What a server answers may repeat what was sent to it, so its numbers have to do. */
function reasonOf(error: unknown): string {
  const code = systemErrorCode(error) ?? 'no reason given';
  const answer = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0;
  const words = REASONS[code] ?? `not sent (${code})`;
  return answer > 0 ? `${words}; the server answered ${answer}` : words;
}

const REASONS: Readonly<Record<string, string>> = {
  EAUTH: 'the server refuses user or password',
  ECONNECTION: 'no connection to the server',
  EDNS: 'the server has no address',
  EENVELOPE: 'the server refuses sender or receiver',
  ESOCKET: 'no connection to the server',
  ETIMEDOUT: 'the server does not answer in time',
  ETLS: 'no encrypted connection with the server',
};
