export type PresentedKey =
  | { kind: 'key'; key: string }
  | { kind: 'none' }
  /** Two different keys in one request: it is refused, as either could be meant. */
  | { kind: 'conflict' };

/** Placeholder that clients of midjourney-proxy send instead of a key when they are set up for new-api. */
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

/** Whether a request carries any header of a key, right or wrong: then no cookie of it is looked at. */
export function carriesKey(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  return headers['authorization'] !== undefined || headers['mj-api-secret'] !== undefined;
}
