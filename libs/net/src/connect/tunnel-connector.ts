import { isIP, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import { tlsOptions, type ConnectorOptions } from './connector-options.js';
import { isRefused, guardedLookup, type AddressGuard } from './guarded-lookup.js';
import { OutboundError } from '../client/outbound-error.js';
import { openTunnel } from './open-tunnel.js';
import type { OutboundProxy } from './outbound-proxy.js';

/** Addresses of one name that a proxy is asked for, one after the other. */
const MAX_TUNNELS = 3;

const ANY = (): boolean => true;

type Target = Parameters<buildConnector.connector>[0];

/**
 * Connects through a proxy: to a checked address or, without a guard, to the name. A `socks5:` proxy always gets an address
 * that was looked up here, as its users expect. TLS is spoken with the target, under its own name. The errors of the
 * promise are still to be classified.
 */
export function tunnelledConnector(
  guard: AddressGuard,
  options: ConnectorOptions,
): (proxy: OutboundProxy, target: Target) => Promise<Socket> {
  const secure = buildConnector(tlsOptions(options));
  return async (proxy, target) => {
    const { hostname, protocol } = target;
    const port = Number(target.port) || (protocol === 'https:' ? 443 : 80);
    const isNamed = guard === null && proxy.protocol !== 'socks5:';
    const hosts = isNamed ? [hostname] : await guardedAddresses(guard ?? ANY, hostname, options);
    const socket = await tunnelToOne(proxy, hosts.slice(0, MAX_TUNNELS), port, options);
    if (protocol !== 'https:') return socket.setNoDelay(true);
    return new Promise((resolve, reject) => {
      secure({ ...target, httpSocket: socket }, (error, tls) => {
        if (error === null) return resolve(tls);
        socket.destroy();
        reject(error);
      });
    });
  };
}

/** A tunnel to the first of these hosts that the proxy can connect to. */
async function tunnelToOne(
  proxy: OutboundProxy,
  hosts: readonly string[],
  port: number,
  { connectMs, ca }: ConnectorOptions,
): Promise<Socket> {
  let failure: unknown = new OutboundError('dns', 'connect', 'empty');
  const until = performance.now() + connectMs;
  for (const host of hosts) {
    const timeoutMs = until - performance.now();
    if (timeoutMs <= 0) break;
    try {
      return await openTunnel(proxy, { host, port }, { timeoutMs, ca });
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** The checked addresses of a host. @throws OutboundError */
async function guardedAddresses(
  guard: NonNullable<AddressGuard>,
  hostname: string,
  { lookup, connectMs }: ConnectorOptions,
): Promise<string[]> {
  if (isRefused(guard, hostname)) throw new OutboundError('blocked', 'connect', 'ip');
  if (isIP(hostname) !== 0) return [hostname];
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new OutboundError('timeout', 'connect', 'lookup')), connectMs);
    guardedLookup(guard, lookup)(hostname, { all: true }, (error, addresses) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve(typeof addresses === 'string' ? [addresses] : addresses.map(({ address }) => address));
    });
  });
}
