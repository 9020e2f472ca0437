/** Where a webhook goes: the addresses of its host, checked before the connection and then held to. */
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { addressKind } from './allowed-address.ts';
import type { HostLookup } from './channel.ts';

export interface WebhookTarget {
  readonly url: URL;
  /** For the connection: it answers with the addresses that were checked, whatever the name says by then. */
  readonly lookup: LookupFunction;
}

export interface TargetOptions {
  allowPrivate: boolean;
  lookup?: HostLookup | undefined;
}

/** The target, or the reason in words why nothing is sent there. Rejects if the name cannot be resolved. */
export async function webhookTarget(
  text: string,
  { allowPrivate, lookup }: TargetOptions,
): Promise<WebhookTarget | string> {
  if (!URL.canParse(text)) return 'the address is no URL';
  const url = new URL(text);
  if (!['http:', 'https:'].includes(url.protocol)) return 'only http and https are allowed';
  if (url.username !== '' || url.password !== '') return 'a user name or password in the address is not allowed';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const resolve = lookup ?? (name => systemLookup(name, { all: true, verbatim: true }));
  const addresses = isIP(host) > 0 ? [host] : (await resolve(host)).map(({ address }) => address);
  if (addresses.length === 0) return 'the host has no address';
  // One bad address is enough: the name is not to be trusted, and which one is taken is chance.
  const kinds = addresses.map(addressKind);
  if (kinds.includes('forbidden'))
    return 'the host is link-local, or where a cloud hands out credentials: never allowed';
  if (kinds.includes('private') && !allowPrivate)
    return 'the host is loopback or private; allow it with alerts.webhook.allow_private';
  return { url, lookup: pinnedLookup(addresses) };
}

function pinnedLookup(addresses: readonly string[]): LookupFunction {
  const all = addresses.map(address => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    const fitting = all.filter(
      ({ family }) => !options.family || options.family === family || options.family === `IPv${family}`,
    );
    const [first] = fitting;
    if (!first) callback(Object.assign(new Error('no address of this family'), { code: 'ENOTFOUND' }), '', 0);
    else if (options.all) callback(null, fitting);
    else callback(null, first.address, first.family);
  };
}
