export type PresentedKey =
  | { kind: 'key'; key: string }
  | { kind: 'none' }
  /** Two different keys in one request: nobody can say which one is meant. */
  | { kind: 'conflict' };

/** Clients of midjourney-proxy that were pointed at new-api send this word where a key belongs. */
const PLACEHOLDER = 'midjourney-proxy';

/** The API key of a request: `Authorization: Bearer KEY`, `Authorization: KEY` or `mj-api-secret: KEY`. */
export function presentedKey(headers: Readonly<Record<string, string | string[] | undefined>>): PresentedKey {
  const keys = [headers['authorization'] ?? '', headers['mj-api-secret'] ?? '']
    .flat()
    .map((value) => value.trim().replace(/^bearer(?:\s+|$)/i, ''))
    .filter((value) => value !== '' && value !== PLACEHOLDER);
  const [key] = keys;
  if (key === undefined) return { kind: 'none' };
  return keys.every((other) => other === key) ? { kind: 'key', key } : { kind: 'conflict' };
}
