import { createHmac } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';

export interface UnsignedHook {
  /** `webhook-id`: the same on every try of one event. */
  id: string;
  /** Of this try, seconds since the epoch. */
  timestamp: number;
  /** Exactly what is sent; text in UTF-8. */
  body: string | Buffer;
  /** `whsec_…`, newest first; each signs. */
  secrets: readonly string[];
}

/** The three headers by which a receiver verifies that a hook is ours and fresh (Standard Webhooks 1.0.0, `v1`). */
export function signHook({ id, timestamp, body, secrets }: UnsignedHook): Record<string, string> {
  const before = `${id}.${timestamp}.`;
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', hmacKey(secret)).update(before).update(body).digest('base64')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}

/** The bytes of a secret, of its text `whsec_…`. */
function hmacKey(secret: string): Buffer {
  return Buffer.from(secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret, 'base64');
}

/** The text `whsec_…` of a new secret of 24 to 64 random bytes. */
export function secretText(bytes: Buffer): string {
  return SECRET_PREFIX + bytes.toString('base64');
}
