import { parseHttpUrl } from '#libs/net';

/**
 * The canonical form of an upstream's address: without trailing slash, the path of its kind and default port. Null for a text
 * that is no http(s) address, and for an address with a user name or password, which would be stored in the clear.
 */
export function baseUrlOf(given: string, pathEnd: string): string | null {
  const url = parseHttpUrl(given);
  if (url === null) return null;
  const { username, password, origin, pathname } = url;
  if (username !== '' || password !== '') return null;
  return origin + pathname.replace(new RegExp(`${beginnings(pathEnd)}/*$`, 'i'), '');
}

/** Matches a path and every beginning of it: where the routes are at `/v1/tob`, operators also write `/v1`. */
function beginnings(path: string): string {
  return path.split('/').reduceRight((rest, part) => `(?:/+${part}${rest})?`, '');
}
