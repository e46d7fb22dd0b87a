import { isIPv6 } from 'node:net';
import { parseUrl } from '../policy/parse-url.js';

/** A proxy that an operator configured; it is trusted, and its address is not checked. */
export interface OutboundProxy {
  /**
   * `socks5h:` gets names, `socks5:` the addresses that they have here; a call under a guard gives either of them
   * addresses.
   */
  protocol: 'http:' | 'https:' | 'socks5:' | 'socks5h:';
  host: string;
  port: number;
  /** Name and password, decoded; null: it wants none. */
  credentials: { username: string; password: string } | null;
}

const DEFAULT_PORTS = { 'http:': 80, 'https:': 443, 'socks5:': 1_080, 'socks5h:': 1_080 } as const;
/** RFC 1929 has one byte for the length of each. */
const SOCKS_CREDENTIAL_BYTES = 255;

/** Reads a proxy's URL: scheme, host, port, name and password, nothing else. Null for anything that is none. */
export function parseProxyUrl(text: string): OutboundProxy | null {
  const url = parseUrl(text);
  if (url === null) return null;
  const { protocol, hostname, port, username, password, pathname, search, hash } = url;
  if (!isProtocol(protocol) || port === '0') return null;
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (!isHost(host)) return null;
  if ((pathname !== '' && pathname !== '/') || search !== '' || hash !== '') return null;
  try {
    const credentials = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
    const hasNone = username === '' && password === '';
    if (!hasNone && isSocks(protocol) && !Object.values(credentials).every(fitsSocks)) return null;
    return {
      protocol,
      host,
      port: port === '' ? DEFAULT_PORTS[protocol] : Number(port),
      credentials: hasNone ? null : credentials,
    };
  } catch {
    return null;
  }
}

/** Whether a proxy speaks SOCKS 5. */
export function isSocks(protocol: OutboundProxy['protocol']): boolean {
  return protocol === 'socks5:' || protocol === 'socks5h:';
}

function isProtocol(protocol: string): protocol is OutboundProxy['protocol'] {
  return protocol in DEFAULT_PORTS;
}

/** Checks a host, because the URL parser leaves hosts of unknown schemes as they are written. */
function isHost(host: string): boolean {
  return isIPv6(host) || /^[\w.-]+$/.test(host);
}

function fitsSocks(text: string): boolean {
  const bytes = Buffer.byteLength(text);
  return bytes > 0 && bytes <= SOCKS_CREDENTIAL_BYTES;
}
