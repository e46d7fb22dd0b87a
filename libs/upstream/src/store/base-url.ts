/** Texts of midjourney-proxy servers that answer "failure" when they mean "full". */
export const FULL_TEXTS: readonly string[] = ['队列已满', '并发数已达上限', '队列数已达上限'];

/**
 * The one way an upstream's address is written: no trailing slash, no /mj, default port left out. Null for what is no
 * http(s) address, and for one that carries a name and password, which would stand in the clear.
 */
export function baseUrlOf(given: string): string | null {
  if (!URL.canParse(given)) return null;
  const { protocol, username, password, origin, pathname } = new URL(given);
  if ((protocol !== 'http:' && protocol !== 'https:') || username !== '' || password !== '') return null;
  return origin + pathname.replace(/(?:\/+mj)?\/*$/i, '');
}
