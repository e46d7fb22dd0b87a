import { createHash, randomBytes } from 'node:crypto';

/** A cookie stands for a session, a ticket in a link for one sign-in. The logs know both by their first letters. */
const PREFIX = { session: 'jss_', ticket: 'jst_' } as const;
const BYTES = 32;

export type SessionSecretKind = keyof typeof PREFIX;

/** A new secret of 256 random bits. It is shown once, and stored as its hash only. */
export function newSessionSecret(kind: SessionSecretKind): string {
  return PREFIX[kind] + randomBytes(BYTES).toString('base64url');
}

/** Whether a text can be such a secret: anything else is refused without a look-up. */
export function isSessionSecret(kind: SessionSecretKind, text: string): boolean {
  return text.startsWith(PREFIX[kind]) && /^[\w-]{43}$/.test(text.slice(PREFIX[kind].length));
}

/** What is stored of a secret: SHA-256. */
export function hashOfSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}
