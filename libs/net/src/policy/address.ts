import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

type Prefix4 = [ipaddr.IPv4, number];
type Prefix6 = [ipaddr.IPv6, number];

/** IPv4 ranges that are not the public Internet (IANA special-purpose registry, RFC 6890 and its updates). */
const DENIED_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map((range): Prefix4 => ipaddr.IPv4.parseCIDR(range));

/** The only IPv6 range handed out for global unicast (RFC 4291). */
const GLOBAL_6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Special ranges inside 2000::/3: protocol assignments with Teredo and ORCHID, documentation, 6to4, AS112. */
const DENIED_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', '2620:4f:8000::/48'].map((range): Prefix6 =>
  ipaddr.IPv6.parseCIDR(range),
);

/**
 * Reads a textual address strictly: dotted quad or IPv6, without the octal, hex and short forms that ipaddr.js
 * would take, and without a zone.
 */
export function parseAddress(ip: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (isIPv4(ip)) return ipaddr.IPv4.parse(ip);
  if (isIPv6(ip) && !ip.includes('%')) return ipaddr.IPv6.parse(ip);
  return null;
}

/**
 * Whether an address belongs to the public Internet. A text that is no plain IPv4 or IPv6 address does not.
 *
 * IPv6 passes only inside 2000::/3: `range() === 'unicast'` of ipaddr.js lets IPv4-compatible addresses and ISATAP
 * interface ids through. IPv4-mapped addresses never pass, whatever they carry.
 */
export function isPublicAddress(ip: string): boolean {
  const address = parseAddress(ip);
  if (address === null) return false;
  if (address instanceof ipaddr.IPv4) return !DENIED_4.some(([net, bits]) => address.match(net, bits));
  return (
    address.match(...GLOBAL_6) && !DENIED_6.some(([net, bits]) => address.match(net, bits)) && !hasIsatapId(address)
  );
}

/** ISATAP (RFC 5214) carries an IPv4 address behind an interface id of 0000:5efe or 0200:5efe. */
function hasIsatapId({ parts }: ipaddr.IPv6): boolean {
  return (parts[4] === 0x0000 || parts[4] === 0x0200) && parts[5] === 0x5efe;
}
