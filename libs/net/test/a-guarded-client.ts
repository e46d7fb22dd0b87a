import { GuardedClient } from '../src/client/guarded-client.js';
import type { GuardedClientOptions } from '../src/client/guarded-client-options.js';
import { parseProxyUrl, type OutboundProxy } from '../src/connect/outbound-proxy.js';
import { EgressPolicy } from '../src/policy/egress-policy.js';

/** A client that may reach public addresses only, unless told otherwise. */
export function aGuardedClient(options: Partial<GuardedClientOptions> = {}): GuardedClient {
  return new GuardedClient({
    policy: new EgressPolicy(),
    userAgent: 'journeyman/test',
    maxConnectionsPerOrigin: 4,
    connectMs: 5_000,
    ...options,
  });
}

/** The proxy of a URL. @throws Error for a URL that is none of a proxy */
export function aProxy(url: string): OutboundProxy {
  const proxy = parseProxyUrl(url);
  if (proxy === null) throw new Error(url);
  return proxy;
}
