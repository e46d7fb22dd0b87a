import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 1;

/**
 * Everything that hangs off SECRET_KEY: columns encrypted with AES-256-GCM (webhook and upstream secrets) and the keys
 * derived for push tokens, cursors and picture signatures. Sealed form: version, nonce, tag, ciphertext.
 */
export class SecretBox {
  private readonly cipherKey: Buffer;
  private readonly root: Buffer;

  /** @param secretKey 32 bytes */
  constructor(secretKey: Buffer) {
    if (secretKey.length !== 32) throw new Error('SECRET_KEY must be 32 bytes');
    this.root = secretKey;
    this.cipherKey = this.derive('columns');
  }

  seal(plain: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.cipherKey, nonce);
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), body]);
  }

  /** @throws Error when the bytes were sealed under another SECRET_KEY or changed since */
  open(sealed: Buffer): string {
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.cipherKey, nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(tag);
    const body = sealed.subarray(1 + NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  }

  /** A short MAC of `text` for one purpose, base64url. */
  mac(purpose: string, text: string): string {
    return createHmac('sha256', this.derive(purpose)).update(text).digest('base64url').slice(0, 32);
  }

  /** Compares in constant time. */
  verifies(purpose: string, text: string, mac: string): boolean {
    const expected = Buffer.from(this.mac(purpose, text));
    const given = Buffer.from(mac);
    return expected.length === given.length && timingSafeEqual(expected, given);
  }

  private derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.root, Buffer.alloc(0), `journeyman:${purpose}`, 32));
  }
}
