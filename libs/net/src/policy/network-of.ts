import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { parseAddress } from './address.js';

/** NAT64 (RFC 6052): the last 32 bits of an address are an IPv4 address, each of another owner. */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
/** The least that one customer is given (RFC 6177): addresses inside cost no more than ports. */
const CUSTOMER_BITS = 64;

/**
 * The network by which an address is counted in quotas: IPv4 as itself, also mapped into IPv6 or behind NAT64;
 * IPv6 by its /64. A text that is no address counts as itself.
 */
export function networkOf(ip: string): string {
  if (isIPv4(ip)) return ip;
  const address = parseAddress(ip);
  if (!(address instanceof ipaddr.IPv6)) return ip;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address().toString();
  if (address.match(...NAT64)) return new ipaddr.IPv4(address.toByteArray().slice(12)).toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${CUSTOMER_BITS}`).toString()}/${CUSTOMER_BITS}`;
}
