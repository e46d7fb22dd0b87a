import { isIP, type LookupFunction } from 'node:net';
import { OutboundError } from '../client/outbound-error.js';

/** More addresses than a name has in good faith; a longer answer is refused as a whole. */
const MAX_ADDRESSES = 64;

/** Whether an address may be reached; null: every address may. */
export type AddressGuard = ((ip: string) => boolean) | null;

/** Whether a host is an address that may not be reached. */
export function isRefused(guard: AddressGuard, hostname: string): boolean {
  return guard !== null && isIP(hostname) !== 0 && !guard(hostname);
}

/** A look-up whose answer is refused as a whole where one of its addresses may not be reached. */
export function guardedLookup(guard: NonNullable<AddressGuard>, lookup: LookupFunction): LookupFunction {
  return (hostname, options, done) => {
    const refuse = (error: OutboundError): void => done(error, []);
    lookup(hostname, { ...options, all: true }, (error, answer) => {
      if (error) return refuse(new OutboundError('dns', 'connect', error.code ?? null));
      const addresses = typeof answer === 'string' ? [{ address: answer, family: isIP(answer) }] : answer;
      if (addresses.length === 0) return refuse(new OutboundError('dns', 'connect', 'empty'));
      if (addresses.length > MAX_ADDRESSES || !addresses.every(({ address }) => guard(address))) {
        return refuse(new OutboundError('blocked', 'connect', 'dns'));
      }
      if (options.all) done(null, addresses);
      else done(null, addresses[0].address, addresses[0].family);
    });
  };
}
