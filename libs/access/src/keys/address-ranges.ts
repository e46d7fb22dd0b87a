import { BlockList, isIP, isIPv4 } from 'node:net';

/** Address ranges that a key may be used from. */
export class AddressRanges {
  private readonly ranges = new BlockList();

  /** @param ranges in CIDR notation; a bare address stands for itself, and malformed ranges hold no address */
  constructor(ranges: readonly string[]) {
    for (const range of ranges) this.add(range.trim());
  }

  /** An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) is in the ranges of its IPv4 address. */
  has(address: string): boolean {
    const plain = plainAddress(address);
    return isIP(plain) !== 0 && this.ranges.check(plain, familyOf(plain));
  }

  private add(range: string): void {
    const [net = '', bits, ...rest] = range.split('/');
    const width = isIPv4(net) ? 32 : 128;
    const length = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : Infinity;
    if (isIP(net) !== 0 && rest.length === 0 && length <= width) this.ranges.addSubnet(net, length, familyOf(net));
  }
}

/**
 * An address without its zone, and an IPv4 address where it is only mapped into IPv6: sockets name clients in different ways,
 * depending on how they listen.
 */
export function plainAddress(address: string): string {
  const [bare = ''] = address.split('%', 1);
  const mapped = /^::ffff:([\d.]+)$/i.exec(bare)?.[1];
  return mapped !== undefined && isIPv4(mapped) ? mapped : bare;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
