/** Every way to write an address that must not be reached. */
import { describe, expect, it } from 'vitest';
import { addressKind } from '../../../src/monitor/notify/allowed-address.ts';
import { webhookTarget } from '../../../src/monitor/notify/webhook-target.ts';

describe('addresses', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['100.63.255.255', 'public'],
    ['172.32.0.1', 'public'],
    ['2606:4700:4700::1111', 'public'],
    ['64:ff9b::808:808', 'public'],
    ['2002:808:808::1', 'public'],
    ['127.0.0.1', 'private'],
    ['127.255.255.254', 'private'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['198.19.0.1', 'private'],
    ['::1', 'private'],
    ['fc00::1', 'private'],
    ['fdff::1', 'private'],
    ['fec0::1', 'private'],
    ['::ffff:127.0.0.1', 'private'],
    ['::ffff:7f00:1', 'private'],
    ['0:0:0:0:0:ffff:10.0.0.1', 'private'],
    ['::127.0.0.1', 'private'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['2002:7f00:1::', 'private'],
    ['2002:c0a8:1::1', 'private'],
    ['169.254.169.254', 'forbidden'],
    ['169.254.0.1', 'forbidden'],
    ['100.100.100.200', 'forbidden'],
    ['168.63.129.16', 'forbidden'],
    ['192.0.0.192', 'forbidden'],
    ['0.0.0.0', 'forbidden'],
    ['0.1.2.3', 'forbidden'],
    ['224.0.0.1', 'forbidden'],
    ['255.255.255.255', 'forbidden'],
    ['::', 'forbidden'],
    ['fe80::1', 'forbidden'],
    ['fe80::1%eth0', 'forbidden'],
    ['ff02::1', 'forbidden'],
    ['fd00:ec2::254', 'forbidden'],
    ['fd20:ce::254', 'forbidden'],
    ['::ffff:169.254.169.254', 'forbidden'],
    ['::ffff:a9fe:a9fe', 'forbidden'],
    ['::ffff:0.0.0.0', 'forbidden'],
    ['64:ff9b::169.254.169.254', 'forbidden'],
    ['2002:a9fe:a9fe::', 'forbidden'],
    ['2001:0:a9fe:a9fe::', 'forbidden'],
    ['not an address', 'forbidden'],
    ['', 'forbidden'],
  ])('%s is %s', (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });
});

describe('the target of a webhook', () => {
  const lookup = (addresses: readonly string[]) => async () => addresses.map(address => ({ address }));
  const PRIVATE = 'the host is loopback or private; allow it with alerts.webhook.allow_private';
  const FORBIDDEN = 'the host is link-local, or where a cloud hands out credentials: never allowed';

  it.each([
    ['http://127.0.0.1/', PRIVATE],
    ['http://2130706433/', PRIVATE],
    ['http://0x7f.1/', PRIVATE],
    ['http://0177.0.0.1/', PRIVATE],
    ['http://127.1/', PRIVATE],
    ['http://①②⑦.⓪.⓪.①/', PRIVATE],
    ['http://127.0.0.1./', PRIVATE],
    ['http://[::1]/', PRIVATE],
    ['http://[::ffff:127.0.0.1]/', PRIVATE],
    ['http://[0:0:0:0:0:ffff:7f00:1]/', PRIVATE],
    ['http://169.254.169.254/latest/meta-data', FORBIDDEN],
    ['http://[::ffff:169.254.169.254]/', FORBIDDEN],
    ['http://[fe80::1]/', FORBIDDEN],
    ['http://0/', FORBIDDEN],
    ['http://user:pass@example.com/', 'a user name or password in the address is not allowed'],
    ['http://user@example.com/', 'a user name or password in the address is not allowed'],
    ['file:///etc/passwd', 'only http and https are allowed'],
    ['gopher://example.com/', 'only http and https are allowed'],
    ['example.com/hook', 'the address is no URL'],
  ])('%s is refused', async (url, reason) => {
    expect(await webhookTarget(url, { allowPrivate: false, lookup: lookup(['8.8.8.8']) })).toBe(reason);
  });

  it.each([
    [['127.0.0.1'], PRIVATE],
    [['8.8.8.8', '10.0.0.1'], PRIVATE],
    [['2606:4700::1', '::1'], PRIVATE],
    [['8.8.8.8', '169.254.169.254'], FORBIDDEN],
    [[], 'the host has no address'],
  ])('a name with the addresses %j is refused', async (addresses, reason) => {
    for (const host of ['example.com', 'localhost.', 'LOCALHOST']) {
      expect(await webhookTarget(`http://${host}/`, { allowPrivate: false, lookup: lookup(addresses) })).toBe(reason);
    }
  });

  it.each([
    ['http://169.254.169.254/', []],
    ['http://[fe80::1]/', []],
    ['http://metadata.google.internal/', ['169.254.169.254']],
    ['http://mixed.example/', ['127.0.0.1', '169.254.169.254']],
  ])('%s stays refused when private addresses are allowed', async (url, addresses) => {
    expect(await webhookTarget(url, { allowPrivate: true, lookup: lookup(addresses) })).toBe(FORBIDDEN);
  });

  it('is asked for by name once, and the connection gets that answer', async () => {
    let asked = 0;
    const rebinding = async () => [{ address: ++asked === 1 ? '93.184.216.34' : '127.0.0.1' }];
    const target = await webhookTarget('https://example.com/x', { allowPrivate: false, lookup: rebinding });
    if (typeof target === 'string') throw new Error(target);
    const answers: unknown[] = [];
    target.lookup('example.com', { all: true }, (error, addresses) => answers.push(error, addresses));
    target.lookup('example.com', {}, (error, address, family) => answers.push(error, address, family));
    expect(answers).toEqual([null, [{ address: '93.184.216.34', family: 4 }], null, '93.184.216.34', 4]);
    target.lookup('example.com', { family: 6 }, error => answers.push(error?.code));
    expect(answers.at(-1)).toBe('ENOTFOUND');
    expect(asked).toBe(1);
  });
});
