import ipaddr from 'ipaddr.js';
import { isPublicAddress, parseAddress } from './address.js';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Which addresses a guarded call may reach: the public Internet and the ranges that the operator opened. */
export class EgressPolicy {
  private readonly ranges: readonly Range[];

  /**
   * @param allowed the operator's ranges in CIDR notation (`10.1.0.0/16`, `fd00::/8`); an address alone is itself
   * @throws Error that names the first entry which is no such range
   */
  constructor(allowed: readonly string[] = []) {
    this.ranges = allowed.map(parseRange);
  }

  /** Whether the operator opened any range, so that a name may lead to a private address. */
  get opensAny(): boolean {
    return this.ranges.length > 0;
  }

  /** Whether the address lies in a range that the operator opened. An IPv4-mapped IPv6 address counts as its IPv4. */
  opens(ip: string): boolean {
    const parsed = parseAddress(ip);
    if (parsed === null) return false;
    const address = parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress() ? parsed.toIPv4Address() : parsed;
    return this.ranges.some(([net, bits]) => address.kind() === net.kind() && address.match(net, bits));
  }

  /** Whether the address may be reached at all: public, or opened. */
  allows(ip: string): boolean {
    return isPublicAddress(ip) || this.opens(ip);
  }
}

function parseRange(entry: string): Range {
  const [, host = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(entry.trim()) ?? [];
  const address = parseAddress(host);
  if (address === null) throw new Error(`"${entry}" is not a CIDR range such as 10.0.0.0/8 or fd00::/8`);
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()) {
    throw new Error(`"${entry}" is an IPv4-mapped range: write it as IPv4`);
  }
  const width = address.kind() === 'ipv4' ? 32 : 128;
  const length = bits === undefined ? width : Number(bits);
  if (length > width) throw new Error(`"${entry}" is not a CIDR range: its prefix is longer than ${width} bits`);
  return [address, length];
}
