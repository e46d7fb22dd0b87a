import type { LookupFunction } from 'node:net';
import type { buildConnector } from 'undici';
import type { OutboundProxy } from './outbound-proxy.js';

export interface ConnectorOptions {
  /** Resolves a name, with the signature of `dns.lookup`. */
  lookup: LookupFunction;
  /** From the look-up to the connected socket, with TLS to the finished handshake, ms. */
  connectMs: number;
  /** PEM roots trusted instead of Node's. */
  ca?: string;
  /** The proxy of connections, called for each; null: none. */
  proxy?: () => OutboundProxy | null;
}

export function tlsOptions({ connectMs, ca }: ConnectorOptions): buildConnector.BuildOptions {
  // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment has no effect here.
  return { timeout: connectMs, allowH2: false, rejectUnauthorized: true, ca };
}
