import { OutboundError } from './outbound-error.js';
import { parseUrl } from '../policy/parse-url.js';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Request headers that describe the wanted answer and not the client; only these follow a redirect to another origin. */
const NEUTRAL_HEADERS = new Set(['range', 'if-range', 'if-none-match', 'if-modified-since']);

/** The Location of an answer that is a redirect, else null. */
export function redirectLocation(status: number, location: string | string[] | undefined): string | null {
  return REDIRECTS.has(status) && typeof location === 'string' ? location : null;
}

/**
 * The target of a redirect, as an absolute URL that is still to be checked.
 *
 * @throws OutboundError `redirect` if it leads nowhere, back to a URL already seen, or from https down to http
 */
export function followRedirect(from: URL, location: string, seen: ReadonlySet<string>): string {
  const to = parseUrl(location, from);
  if (to === null) throw new OutboundError('redirect', 'answer', 'parse');
  if (from.protocol === 'https:' && to.protocol === 'http:') throw new OutboundError('redirect', 'answer', 'downgrade');
  to.hash = '';
  if (seen.has(to.href)) throw new OutboundError('redirect', 'answer', 'loop');
  return to.href;
}

/** The headers that may be sent to the next hop. */
export function headersForHop(headers: Record<string, string>, from: URL, to: URL): Record<string, string> {
  if (from.origin === to.origin) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => NEUTRAL_HEADERS.has(name.toLowerCase())));
}
