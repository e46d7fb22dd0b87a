import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIPv6, type Socket } from 'node:net';
import type { Destination, TunnelOptions } from './open-tunnel.js';
import { OutboundError } from '../client/outbound-error.js';
import type { OutboundProxy } from './outbound-proxy.js';

/** Opens a tunnel through an HTTP proxy, by CONNECT. @throws OutboundError of phase `connect` */
export function openHttpTunnel(
  proxy: OutboundProxy,
  to: Destination,
  { timeoutMs, ca }: TunnelOptions,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = connectRequest(proxy, to, ca);
    const fail = (kind: 'connect' | 'timeout', detail: string): void => {
      clearTimeout(timer);
      request.destroy();
      reject(new OutboundError(kind, 'connect', detail));
    };
    const timer = setTimeout(() => fail('timeout', 'PROXY'), timeoutMs);
    request.once('connect', ({ statusCode = 0 }, socket: Socket, head: Buffer) => {
      socket.on('error', () => undefined);
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        fail('connect', `PROXY_${statusCode}`);
        return;
      }
      clearTimeout(timer);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.on('error', (error: NodeJS.ErrnoException) => fail('connect', error.code ?? 'PROXY'));
    request.end();
  });
}

function connectRequest(proxy: OutboundProxy, to: Destination, ca?: string): ClientRequest {
  const { protocol, host, port, credentials } = proxy;
  const authority = `${isIPv6(to.host) ? `[${to.host}]` : to.host}:${to.port}`;
  const headers: Record<string, string> = { host: authority };
  if (credentials !== null) {
    const pair = Buffer.from(`${credentials.username}:${credentials.password}`, 'utf8').toString('base64');
    headers['proxy-authorization'] = `Basic ${pair}`;
  }
  const options = { host, port, method: 'CONNECT', path: authority, headers, agent: false };
  // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment has no effect here.
  return protocol === 'https:' ? httpsRequest({ ...options, rejectUnauthorized: true, ca }) : httpRequest(options);
}
