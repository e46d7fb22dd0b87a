import { isIP } from 'node:net';
import { type NameLookup, networkOf } from '#libs/net';

/** Addresses of receivers. The in-flight quota is shared by them, because ports and names cost nothing and addresses do. */
export class ReceiverAddresses {
  constructor(private readonly names: Pick<NameLookup, 'known' | 'find'>) {}

  /** The address of a receiver (host and port); null: its name has to be looked up first. */
  of(host: string): string | null {
    const name = nameOf(host);
    if (isIP(name) !== 0) return networkOf(name);
    const known = this.names.known(name);
    if (known === undefined) return null;
    return addressOf(name, known ?? []);
  }

  /** The address of a receiver after a look-up; a name that does not resolve is its own address. Never throws. */
  async find(host: string): Promise<string> {
    const name = nameOf(host);
    const found = await this.names.find(name).catch(() => []);
    return addressOf(name, found);
  }
}

/** A host without its port and brackets. */
export function nameOf(host: string): string {
  return host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

/** The first of several addresses in sorted order, so that the order of a name server's answer makes no difference. */
function addressOf(name: string, found: readonly { address: string }[]): string {
  const [least = name] = found.map(({ address }) => networkOf(address)).sort();
  return least;
}
