/** What a receiver says, without what it was given to know us by: some repeat it in their errors. */
import { redact } from '../src/model/redact.ts';

const CUT = '[redacted]';
/** Shorter ones are no secrets, and would take parts out of words. */
const MIN_LENGTH = 4;

/** Takes values of these headers, and names, passwords and keys of this address, out of a text, and what looks like a secret. */
export function hideSecrets(url: string, headers: Readonly<Record<string, string>> = {}): (text: string) => string {
  const secrets = [...inAddress(url), ...Object.values(headers).flatMap(value => [value, ...value.split(/\s+/)])]
    .filter(secret => secret.length >= MIN_LENGTH)
    // A longer one may hold a shorter one.
    .sort((a, b) => b.length - a.length);
  return text => redact(secrets.reduce((clean, secret) => clean.replaceAll(secret, CUT), text));
}

function inAddress(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { username, password, search, searchParams } = new URL(url);
  const user = decodeURIComponent(username);
  const pass = decodeURIComponent(password);
  // As it is sent.
  const basic = username + password === '' ? '' : Buffer.from(`${user}:${pass}`).toString('base64');
  return [basic, username, user, password, pass, search.slice(1), ...searchParams.values()];
}
