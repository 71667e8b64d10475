import { BlockList, isIP, isIPv4 } from 'node:net';

/**
 * Ranges that are not the public internet: IANA's special-purpose registries (RFC 6890 and its updates,
 * https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry), multicast (RFC 5771, RFC 4291), and the forms of IPv6
 * that carry an IPv4 address in them (mapped, NAT64, 6to4, Teredo), which would lead around the IPv4 ranges.
 */
const NOT_PUBLIC = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** Addresses and ranges in CIDR notation (`10.0.0.0/8`, `fd00::1`). @throws {RangeError} for anything else */
export function openRanges(texts: readonly string[]): { has(address: string): boolean } {
  // A list for each family: Node's own would find an IPv4 address in an IPv6 range of mapped addresses, and the other way round.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const text of texts) {
    const [address = '', prefix] = text.split('/');
    const family = familyOf(address);
    const bits = prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix);
    if (!family || !/^\d{1,3}$/.test(prefix ?? '0') || bits > (family === 'ipv4' ? 32 : 128)) {
      throw new RangeError(`${text} is no address and no range such as 10.0.0.0/8`);
    }
    lists[family].addSubnet(address, bits, family);
  }
  return {
    has: (address) => {
      const family = familyOf(address);
      return family !== undefined && lists[family].check(address, family);
    },
  };
}

/** Whether an address belongs to the public internet. */
export function isPublicAddress(address: string): boolean {
  return isIP(address) !== 0 && !notPublic.has(address);
}

const notPublic = openRanges(NOT_PUBLIC);

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (isIP(address) === 0) return undefined;
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
