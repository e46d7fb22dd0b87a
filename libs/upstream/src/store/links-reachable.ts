import { parseHttpUrl } from '#libs/net';

const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Whether an upstream can reach links of this gateway, as far as the two addresses show it: a PUBLIC_URL on loopback leads an
 * upstream elsewhere to itself.
 */
export function linksReachable(publicUrl: string | null, upstreamUrl: string): 'ok' | 'no_public_url' | 'loopback' {
  const own = publicUrl === null ? null : parseHttpUrl(publicUrl);
  if (own === null) return 'no_public_url';
  return isLoopback(own) && !isLoopback(parseHttpUrl(upstreamUrl)) ? 'loopback' : 'ok';
}

function isLoopback(url: URL | null): boolean {
  return url !== null && LOOPBACK.test(url.hostname);
}
