import type { Socket } from 'node:net';
import { openHttpTunnel } from './http-tunnel.js';
import { isSocks, type OutboundProxy } from './outbound-proxy.js';
import { openSocksTunnel } from './socks-tunnel.js';

/** Where a connection is to lead. */
export interface Destination {
  /** A name, which the proxy then looks up, or an address. */
  host: string;
  port: number;
}

export interface TunnelOptions {
  /** To the proxy, and from there to the destination, ms. */
  timeoutMs: number;
  /** PEM roots trusted instead of Node's. */
  ca?: string;
}

/**
 * A connection through a proxy, as far as the destination: what is said on it now, TLS among it, the proxy only passes on.
 *
 * @throws OutboundError of phase `connect`
 */
export function openTunnel(proxy: OutboundProxy, to: Destination, options: TunnelOptions): Promise<Socket> {
  return isSocks(proxy.protocol) ? openSocksTunnel(proxy, to, options) : openHttpTunnel(proxy, to, options);
}
