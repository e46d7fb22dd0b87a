import type { FastifyRequest } from 'fastify';
import { MAX_AGE_MS } from './session-times.js';

/** The cookie of a session of Studio. */
export const SESSION_COOKIE = 'journeyman_session';
/** The header that every write with the cookie must carry: a page of another origin cannot send it. */
export const STUDIO_HEADER = 'x-journeyman-studio';

/** What the cookies of a request say. */
export type PresentedCookie =
  | { kind: 'none' }
  | { kind: 'token'; token: string }
  /** Two different tokens in one request: either could be meant, and another application may have set one of them. */
  | { kind: 'conflict' };

/**
 * The token in the cookie of a request. Where the browser says that a page of another origin asks, there is none: an address
 * with another port is the same site, and its pages may send the cookie.
 */
export function presentedCookie({ headers }: Pick<FastifyRequest, 'headers'>): PresentedCookie {
  const { cookie } = headers;
  if (cookie === undefined || !cookie.includes(SESSION_COOKIE)) return { kind: 'none' };
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return { kind: 'none' };
  const tokens = cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${SESSION_COOKIE}=`))
    .map((pair) => pair.slice(SESSION_COOKIE.length + 1));
  const [token] = tokens;
  if (token === undefined) return { kind: 'none' };
  return tokens.every((other) => other === token) ? { kind: 'token', token } : { kind: 'conflict' };
}

/** Whether a request carries the header of writes, once. */
export function hasStudioHeader({ raw }: Pick<FastifyRequest, 'raw'>): boolean {
  const values = raw.headersDistinct[STUDIO_HEADER] ?? [];
  return values.length === 1 && values[0] === '1';
}

/** `Set-Cookie` of a new session. */
export function cookieOf(token: string, request: Pick<FastifyRequest, 'headers' | 'linkBase'>): string {
  return `${SESSION_COOKIE}=${token}; ${attributes(request)}; Max-Age=${Math.floor(MAX_AGE_MS / 1_000)}`;
}

/** `Set-Cookie` that takes the cookie away. */
export function noCookie(request: Pick<FastifyRequest, 'headers' | 'linkBase'>): string {
  return `${SESSION_COOKIE}=; ${attributes(request)}; Max-Age=0`;
}

/** Secure where the browser uses https: by PUBLIC_URL, by a proxy that is trusted, or by its own word. */
function attributes({ headers, linkBase }: Pick<FastifyRequest, 'headers' | 'linkBase'>): string {
  const isSecure = linkBase.startsWith('https://') || headers.origin?.startsWith('https://') === true;
  return `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
}
