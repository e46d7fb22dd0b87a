import ipaddr from 'ipaddr.js';
import { parseAddress } from './address.js';

const LOCAL_NAME = /^(?:.+\.)?localhost\.?$/i;

/**
 * Whether the host of a URL is the machine that asks for it: localhost and names below it (RFC 6761), 127.0.0.0/8, ::1, and
 * the unspecified addresses, by which systems reach themselves. Names are not looked up.
 * @param hostname as URL gives it, an IPv6 address in brackets
 */
export function isLoopbackHost(hostname: string): boolean {
  if (LOCAL_NAME.test(hostname)) return true;
  const address = parseAddress(hostname.replace(/^\[(.*)\]$/, '$1'));
  if (address === null) return false;
  const plain = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
  return plain.range() === 'loopback' || plain.range() === 'unspecified';
}
