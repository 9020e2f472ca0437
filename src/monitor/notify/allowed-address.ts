/** Which addresses a webhook may go to, so that settings cannot be used to reach into a network. */
import { BlockList, isIP, isIPv4 } from 'node:net';

/**
 * `private`: loopback and networks of one's own, allowed on demand. `forbidden`: link-local addresses and those under
 * which clouds hand out credentials, and what is no address of a host at all.
 */
export type AddressKind = 'public' | 'private' | 'forbidden';

const FORBIDDEN = blockList([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Metadata of Alibaba, Azure and Oracle.
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  '::/128',
  'fe80::/10',
  'ff00::/8',
  // Metadata of AWS and Google.
  'fd00:ec2::/32',
  'fd20:ce::/32',
  // Teredo hides an address in its bits.
  '2001::/32',
]);

const PRIVATE = blockList([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '::1/128',
  '64:ff9b:1::/48',
  '100::/64',
  '2001:db8::/32',
  'fc00::/7',
  'fec0::/10',
]);

export function addressKind(address: string): AddressKind {
  const plain = address.replace(/%.*$/, '');
  if (isIP(plain) === 0) return 'forbidden';
  const all = [plain, ...embeddedIpv4(plain)];
  if (all.some(one => contains(FORBIDDEN, one))) return 'forbidden';
  return all.some(one => contains(PRIVATE, one)) ? 'private' : 'public';
}

const contains = (list: BlockList, address: string): boolean => list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return list;
}

/** The IPv4 address that an IPv6 one stands for: mapped, compatible, NAT64, 6to4. */
function embeddedIpv4(address: string): string[] {
  if (isIPv4(address)) return [];
  const groups = ipv6Groups(address);
  const dotted = (at: number): string =>
    [groups[at] ?? 0, groups[at + 1] ?? 0].flatMap(group => [group >> 8, group & 0xff]).join('.');
  const startsWith = (...prefix: number[]): boolean => prefix.every((group, index) => groups[index] === group);
  if (startsWith(0x2002)) return [dotted(1)];
  const isMapped = startsWith(0, 0, 0, 0, 0) && (groups[5] === 0xffff || groups[5] === 0);
  // All of `::/96` but the loopback address, which is `::1`.
  const isLoopback = startsWith(0, 0, 0, 0, 0, 0, 0, 1);
  return (isMapped && !isLoopback) || startsWith(0x64, 0xff9b, 0, 0, 0, 0) ? [dotted(6)] : [];
}

/** The eight numbers of an IPv6 address. */
function ipv6Groups(address: string): number[] {
  // The parser of URLs brings every way to write it into one.
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::');
  const numbers = (part: string): number[] =>
    part === '' ? [] : part.split(':').map(group => Number.parseInt(group, 16));
  if (tail === undefined) return numbers(head);
  const [before, after] = [numbers(head), numbers(tail)];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}
