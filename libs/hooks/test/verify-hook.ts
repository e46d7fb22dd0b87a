import { webcrypto } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const TOLERANCE_S = 300;

/**
 * Checks a hook as a receiver would that knows only Standard Webhooks 1.0.0 and its own secret: over the bytes as they
 * came, with another implementation of HMAC than the one that signed.
 */
export async function isVerified(
  hook: { headers: IncomingHttpHeaders; raw: Buffer },
  secret: string,
  now: Date,
): Promise<boolean> {
  const header = (name: string): string => String(hook.headers[name] ?? '');
  const timestamp = Number(header('webhook-timestamp'));
  if (!(Math.abs(now.getTime() / 1_000 - timestamp) <= TOLERANCE_S)) return false;
  const bytes = Uint8Array.from(Buffer.from(secret.replace(/^whsec_/, ''), 'base64'));
  const key = await webcrypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  const signed = Uint8Array.from(
    Buffer.concat([Buffer.from(`${header('webhook-id')}.${header('webhook-timestamp')}.`), hook.raw]),
  );
  for (const entry of header('webhook-signature').split(' ')) {
    const [version, signature = ''] = entry.split(',');
    const given = Uint8Array.from(Buffer.from(signature, 'base64'));
    if (version === 'v1' && (await webcrypto.subtle.verify('HMAC', key, given, signed))) return true;
  }
  return false;
}
