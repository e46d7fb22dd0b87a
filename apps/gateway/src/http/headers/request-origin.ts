import type { FastifyRequest } from 'fastify';
import { TLSSocket } from 'node:tls';
import { AddressRanges } from '#libs/access';
import { readForwarded, type Forwarded } from './forwarded.js';

/** A host, with an optional port; names in private networks have underscores. */
const HOST = /^([A-Za-z0-9._-]{1,253}|\[[0-9a-fA-F:.]{2,45}\])(?::(\d{1,5}))?$/;
const NOBODY = 'localhost';
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };
const MAX_PREFIX_CHARS = 256;
const PREFIX = /^(?:\/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)+$/;
const WAY_BACK = /(?:^|\/)\.{1,2}(?:\/|$)/;

/**
 * The base of the links that a request's client gets, without a trailing slash: PUBLIC_URL, else the scheme and host of the
 * request, which trusted proxies may override. An invalid host counts as localhost, and an invalid port or prefix is left out:
 * the links are shown only to the sender of the request.
 */
export function linkBaseReader(
  publicUrl: string | null,
  trustedProxies: readonly string[],
): (request: FastifyRequest) => string {
  if (publicUrl !== null) return () => publicUrl;
  const trusted = trustedProxies.length > 0 ? new AddressRanges(trustedProxies) : null;
  return ({ raw, ips = [] }) => {
    const own = raw.socket instanceof TLSSocket ? 'https' : 'http';
    const { host } = raw.headers;
    if (trusted?.has(raw.socket.remoteAddress ?? '') !== true) return originOf(own, host ?? '', null);
    // The last trusted address is the client's own, or that of a proxy that names no client.
    const forwarded = readForwarded(raw.headers, Math.max(1, ips.length - 1));
    return forwardedOrigin(own, host ?? '', forwarded);
  };
}

function forwardedOrigin(own: string, host: string, forwarded: Forwarded): string {
  const given = forwarded.proto?.toLowerCase() ?? '';
  const scheme = Object.hasOwn(DEFAULT_PORTS, given) ? given : own;
  const named = forwarded.host !== null && isHost(forwarded.host) ? forwarded.host : null;
  // The port of the forwarded host is the one that the client used; the port of Host may be that between proxy and gateway.
  const port = named !== null && HOST.exec(named)?.[2] !== undefined ? null : portOf(forwarded.port);
  return originOf(scheme, named ?? host, port) + prefixOf(forwarded.prefix);
}

/** @param port in place of the host's; null: the host's */
function originOf(scheme: string, host: string, port: string | null): string {
  const [, name, own] = isHost(host) ? (HOST.exec(host) ?? []) : [];
  if (name === undefined) return `${scheme}://${NOBODY}`;
  const shown = port ?? own ?? '';
  return `${scheme}://${name}${shown === '' || shown === DEFAULT_PORTS[scheme] ? '' : `:${shown}`}`;
}

function isHost(text: string): boolean {
  const found = HOST.exec(text);
  return found !== null && (found[2] === undefined || portOf(found[2]) !== null);
}

function portOf(text: string | null): string | null {
  const port = text !== null && /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port > 0 && port <= 65_535 ? String(port) : null;
}

function prefixOf(text: string | null): string {
  if (text === null || text.length > 2 * MAX_PREFIX_CHARS) return '';
  const prefix = text.replace(/\/+$/, '');
  return prefix.length <= MAX_PREFIX_CHARS && PREFIX.test(prefix) && !WAY_BACK.test(prefix) ? prefix : '';
}
