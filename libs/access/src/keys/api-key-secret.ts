import { hash, randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 43 base62 characters hold 256 bits. */
const KEY_CHARS = 43;
const PREFIX_CHARS = 11;

/** A new API key: `sk-` and 256 random bits. */
export function newApiKey(): string {
  let key = '';
  while (key.length < KEY_CHARS) {
    // 248 is the largest multiple of 62 in a byte: larger bytes would make some characters likelier than others.
    for (const byte of randomBytes(64)) if (byte < 248 && key.length < KEY_CHARS) key += ALPHABET[byte % 62] ?? '';
  }
  return `sk-${key}`;
}

/**
 * The public beginning of a key, by which people recognise it. An operator may have chosen a short key: at most half of
 * it is shown.
 */
export function prefixOf(key: string): string {
  return key.slice(0, Math.min(PREFIX_CHARS, Math.floor(key.length / 2)));
}

/** The hash under which a key is stored. Keys hold 256 random bits, so a fast hash without salt is enough. */
export function hashOf(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
