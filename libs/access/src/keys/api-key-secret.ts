import { hash, randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 43 base62 characters carry 256 bits. */
const KEY_CHARS = 43;
const PREFIX_CHARS = 11;

/** A new API key: `sk-` and 256 random bits. */
export function newApiKey(): string {
  let key = '';
  while (key.length < KEY_CHARS) {
    // Bytes of 248 and more would make some characters likelier than others.
    for (const byte of randomBytes(64)) if (byte < 248 && key.length < KEY_CHARS) key += ALPHABET[byte % 62] ?? '';
  }
  return `sk-${key}`;
}

/** The public beginning of a key, by which people know it. Keys chosen by an operator may be short: at most half of one is shown. */
export function prefixOf(key: string): string {
  return key.slice(0, Math.min(PREFIX_CHARS, Math.floor(key.length / 2)));
}

/** A key carries 256 random bits, so a plain fast hash is enough; the key itself is not stored. */
export function hashOf(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
