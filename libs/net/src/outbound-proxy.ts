import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIPv6, type Socket } from 'node:net';
import { OutboundError } from './outbound-error.js';

/** A proxy that an operator configured; it is trusted, and its address is not judged. */
export interface OutboundProxy {
  protocol: 'http:' | 'https:';
  host: string;
  port: number;
  /** Name and password, as they are; null: it wants none. */
  credentials: { username: string; password: string } | null;
}

/** Where a connection is to lead. */
export interface Destination {
  /** A name, which the proxy then looks up, or an address. */
  host: string;
  port: number;
}

const DEFAULT_PORTS = { 'http:': 80, 'https:': 443 } as const;

/** Reads a proxy's URL: scheme, host, port, name and password, nothing else. Null for anything that is none. */
export function parseProxyUrl(text: string): OutboundProxy | null {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text);
  if (!isProtocol(protocol) || hostname === '' || port === '0') return null;
  if ((pathname !== '' && pathname !== '/') || search !== '' || hash !== '') return null;
  try {
    const credentials = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
    return {
      protocol,
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? DEFAULT_PORTS[protocol] : Number(port),
      credentials: username === '' && password === '' ? null : credentials,
    };
  } catch {
    return null;
  }
}

function isProtocol(protocol: string): protocol is OutboundProxy['protocol'] {
  return protocol in DEFAULT_PORTS;
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
export function openTunnel(proxy: OutboundProxy, to: Destination, { timeoutMs, ca }: TunnelOptions): Promise<Socket> {
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
  // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment does not reach here.
  return protocol === 'https:' ? httpsRequest({ ...options, rejectUnauthorized: true, ca }) : httpRequest(options);
}
