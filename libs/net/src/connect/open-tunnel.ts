import type { Socket } from 'node:net';
import { openHttpTunnel } from './http-tunnel.js';
import { isSocks, type OutboundProxy } from './outbound-proxy.js';
import { openSocksTunnel } from './socks-tunnel.js';

/** The host and port that a connection is to lead to. */
export interface Destination {
  /** An address, or a name, which the proxy then looks up. */
  host: string;
  port: number;
}

export interface TunnelOptions {
  /** Deadline of the connection to the proxy and from there to the destination, ms. */
  timeoutMs: number;
  /** PEM roots trusted instead of Node's. */
  ca?: string;
}

/**
 * Opens a connection to a destination through a proxy, which only passes on what is sent afterwards, TLS included.
 *
 * @throws OutboundError of phase `connect`
 */
export function openTunnel(proxy: OutboundProxy, to: Destination, options: TunnelOptions): Promise<Socket> {
  return isSocks(proxy.protocol) ? openSocksTunnel(proxy, to, options) : openHttpTunnel(proxy, to, options);
}
