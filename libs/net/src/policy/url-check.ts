import { isIP } from 'node:net';
import { isBlockedPort } from './blocked-ports.js';
import { type EgressPolicy } from './egress-policy.js';
import { parseUrl } from './parse-url.js';

/** Why a URL is refused before anything is looked up. */
export type UrlRefusal = 'length' | 'char' | 'parse' | 'form' | 'scheme' | 'userinfo' | 'port' | 'ip' | 'host' | 'tld';

export type UrlCheck = { kind: 'ok'; url: URL } | { kind: 'refused'; reason: UrlRefusal };

/** Longest URL unless another limit is given, in UTF-16 units. */
export const MAX_URL_LENGTH = 2_048;

/** Top-level names that never lead to the public Internet (RFC 6761, RFC 6762, RFC 7686, and customary private ones). */
const RESERVED_TLDS = new Set([
  'localhost',
  'local',
  'internal',
  'intranet',
  'lan',
  'home',
  'corp',
  'arpa',
  'onion',
  'test',
  'example',
  'invalid',
]);

/** Letters, digits, hyphens; underscores too, which real host names carry although RFC 952 has none. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Checks a URL as far as that can be done without a look-up. The URL of a client is checked when it is accepted, and again
 * before every call. Never throws.
 *
 * Where the operator opened ranges, a name may resolve into one. Single-label and reserved names, and the port of any name,
 * are then checked at connect, when the address is known.
 */
export function checkUrl(text: string, policy: EgressPolicy, maxLength = MAX_URL_LENGTH): UrlCheck {
  const shape = checkShape(text, maxLength);
  if (shape.kind === 'refused') return shape;
  const reason = checkTarget(shape.url, policy);
  return reason === null ? shape : refused(reason);
}

/** The part of {@link checkUrl} that holds for every target, also for an origin that is exempt from the policy. */
export function checkShape(text: string, maxLength = MAX_URL_LENGTH): UrlCheck {
  if (text.length > maxLength) return refused('length');
  // The parser would strip or translate these silently, and other parsers differ in how.
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f\\]/.test(text)) return refused('char');
  const url = parseUrl(text);
  if (url === null) return refused('parse');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return refused('scheme');
  const authority = /^https?:\/\/([^/?#]+)/i.exec(text)?.[1];
  if (authority === undefined) return refused('form');
  if (authority.includes('@')) return refused('userinfo');
  return { kind: 'ok', url };
}

/** Checks `url.hostname` and not the text: the parser has normalised decimal, octal, hex and full-width forms. */
function checkTarget(url: URL, policy: EgressPolicy): UrlRefusal | null {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port || defaultPort(url));
  if (port === 0) return 'port';
  if (isIP(host) !== 0) {
    if (policy.opens(host)) return null;
    if (isBlockedPort(port)) return 'port';
    return policy.allows(host) ? null : 'ip';
  }
  if (!policy.opensAny && isBlockedPort(port)) return 'port';
  return checkName(host.replace(/\.$/, ''), policy);
}

function checkName(name: string, policy: EgressPolicy): UrlRefusal | null {
  const labels = name.split('.');
  if (name.length > 253 || !labels.every((label) => LABEL.test(label))) return 'host';
  if (policy.opensAny) return null;
  if (labels.length < 2) return 'host';
  return RESERVED_TLDS.has(labels[labels.length - 1]) ? 'tld' : null;
}

function defaultPort(url: URL): number {
  return url.protocol === 'https:' ? 443 : 80;
}

function refused(reason: UrlRefusal): UrlCheck {
  return { kind: 'refused', reason };
}
