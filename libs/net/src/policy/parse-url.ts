/**
 * A URL, null where there is none. For `URL.canParse`, whose fast path in Node 20 takes letters such as `ü` for broken UTF-8:
 * after some 8,000 calls it refuses URLs that are right.
 */
export function parseUrl(text: string, base?: string | URL): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

/** The same of http and https alone: null for any other scheme. */
export function parseHttpUrl(text: string, base?: string | URL): URL | null {
  const url = parseUrl(text, base);
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : null;
}
