import { isLoopbackHost, parseHttpUrl } from '#libs/net';

/** Whether an upstream can fetch our links: `no_public_url`: there are none · `loopback`: they lead to itself. */
export type LinksReach = 'ok' | 'no_public_url' | 'loopback';

/**
 * Whether an upstream can fetch pictures under PUBLIC_URL, as far as the addresses show it: a loopback one is reached only
 * by an upstream whose own address is loopback too.
 * @param publicUrl an http(s) URL; null, or what is none: links cannot be made
 */
export function linksReachable(publicUrl: string | null, upstreamBaseUrl: string): LinksReach {
  const ours = publicUrl === null ? null : parseHttpUrl(publicUrl);
  if (ours === null) return 'no_public_url';
  const theirs = parseHttpUrl(upstreamBaseUrl);
  return isLoopbackHost(ours.hostname) && !isLoopbackHost(theirs?.hostname ?? '') ? 'loopback' : 'ok';
}
