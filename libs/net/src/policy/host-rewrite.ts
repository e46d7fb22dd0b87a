import { parseUrl } from './parse-url.js';

/** Hosts of links, each with the host from which they are fetched instead (`host` or `host:port`). */
export type HostRewrites = ReadonlyMap<string, string>;

const HOST = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/i;

/**
 * Reads `cdn.acme.io=mirror.acme.io,media.acme.io=10.0.0.5:8080`.
 *
 * @throws Error whose message says what is expected
 */
export function parseHostRewrites(text: string): HostRewrites {
  const rewrites = new Map<string, string>();
  for (const pair of text.split(',').map((part) => part.trim())) {
    if (pair === '') continue;
    const [from = '', to = '', ...rest] = pair.split('=').map((part) => part.trim().toLowerCase());
    if (rest.length > 0 || !HOST.test(from) || !isAuthority(to)) {
      throw new Error(`comma-separated pairs such as cdn.example.com=mirror.example:8443, and "${pair}" is none`);
    }
    if (rewrites.has(from)) throw new Error(`one pair for each host, and ${from} has two`);
    rewrites.set(from, to);
  }
  return rewrites;
}

/** The URL at the host that replaces its own; the port stays unless the new host has one. */
export function rewriteHost(url: URL, rewrites: HostRewrites): URL {
  const to = rewrites.get(url.hostname.replace(/\.$/, ''));
  if (to === undefined) return url;
  const rewritten = new URL(url);
  rewritten.host = to;
  return rewritten;
}

function isAuthority(text: string): boolean {
  const [, host = '', port = '1'] = /^(.*?)(?::(\d{1,5}))?$/.exec(text) ?? [];
  return HOST.test(host) && Number(port) > 0 && Number(port) <= 65_535 && parseUrl(`http://${text}/`) !== null;
}
